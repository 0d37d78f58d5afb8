"""What MonkScript's own definitions say of machines and balancers, in the words of a blueprint.

`nodes` of runnables become groups of one host, `balancers` of groups and runnables become balancers, so that every later check
is the same. What the plan cannot express is a warning with its place. What the blueprint says itself stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

from provisioner.errors import Problems
from provisioner.plan.hosts import host_name
from provisioner.plan.model import HostGroup, Target
from provisioner.plan.names import slug
from provisioner.resolve.model import Balancer, Field, Resolved, Runnable

_PLANNED: Final = ("http", "https", "tcp", "udp")
_TLS: Final = ("tls-certificate", "tls-key", "tls-chain")


def sections(resolved: Resolved, root: Field, target: Target, problems: Problems) -> Field:
    """The blueprint's sections with what groups and runnables add to `hosts` and `balancers`."""
    fields = _entries(root)
    hosts = _hosts(resolved.runnables, fields, target, problems)
    balancers = dict(_balancers(resolved, problems))
    if hosts:
        fields["hosts"] = Field(value=hosts, place=root.place)
    if balancers:
        own = _entries(fields.get("balancers", Field(value=None)))
        fields["balancers"] = Field(value={**balancers, **own}, place=fields.get("balancers", root).place)
    return replace(root, value=fields)


def at_home(runnables: Sequence[Runnable], groups: Sequence[HostGroup]) -> tuple[Runnable, ...]:
    """Runnables whose affinity names a node: as the plan calls its only host, `my-node-1`."""
    names = {node for runnable in runnables for node in runnable.nodes} & {group.name for group in groups}
    return tuple(_at_home(runnable, names) for runnable in runnables)


def _at_home(runnable: Runnable, names: set[str]) -> Runnable:
    name = slug(runnable.affinity.name)
    return replace(runnable, affinity=replace(runnable.affinity, name=host_name(name, 1))) if name in names else runnable


def _hosts(runnables: Sequence[Runnable], fields: Mapping[str, Field], target: Target, problems: Problems) -> dict[str, Field]:
    nodes = {slug(name): node for runnable in runnables for name, node in runnable.nodes.items()}
    if nodes and "hosts" in fields:
        for name, node in nodes.items():
            problems.warning("not-planned", node.place, f"the node {name} is left out: the blueprint's `hosts` stand")
        return {}
    return {name: _host(node, target, problems) for name, node in nodes.items()}


def _host(node: Field, target: Target, problems: Problems) -> Field:
    """`provider`, `instance-type`, `region`, `disk-size` and `tag` as a group of one host."""
    stated = _entries(node)
    group = {"count": Field(value=1, place=node.place)}
    provider = stated.get("provider")
    is_here = provider is None or provider.value == target.cloud
    if provider is not None and not is_here:
        message = (
            f"the node is written for {provider.value}, the target is {target.cloud}: the cheapest machine that fits is taken"
        )
        problems.warning("not-planned", provider.place, message, hint="a blueprint's `machine` names one type for each cloud")
    for key, wanted, found in (("region", "region", target.region), ("zone", "zones", ", ".join(target.zones))):
        if key in stated and is_here and str(stated[key].value) not in found:
            message = f"the node's {key} is {stated[key].value}, the target's {wanted} {found}, which stands"
            problems.warning("not-planned", stated[key].place, message)
    if "instance-type" in stated and is_here:
        group["machine"] = stated["instance-type"]
    for key, name in (("disk-size", "disk"), ("tag", "tag")):
        if key in stated:
            group[name] = stated[key]
    return Field(value=group, place=node.place)


def _balancers(resolved: Resolved, problems: Problems) -> Iterator[tuple[str, Field]]:
    runnables = {runnable.name: runnable for runnable in resolved.runnables}
    for definition in (*resolved.groups.values(), *resolved.runnables):
        for name, balancer in definition.balancers.items():
            reason = _unplanned(balancer, runnables)
            if reason:
                hint = "a blueprint's `balancers` lead to `namespace/runnable/service`"
                problems.warning("not-planned", balancer.place, f"the balancer {name} is left out: {reason}", hint=hint)
            else:
                yield slug(name), _balancer(balancer, runnables[balancer.instances[0]], problems)


def _unplanned(balancer: Balancer, runnables: Mapping[str, Runnable]) -> str:
    """Why the plan has no such balancer; "" where it has."""
    settings = _entries(balancer.settings)
    if balancer.type not in _PLANNED:
        return f'the plan has no balancers of type "{balancer.type}"'
    if len(balancer.instances) != 1:
        return f"it leads to {len(balancer.instances)} runnables, a balancer of the plan to the hosts of one"
    if balancer.instances[0] not in runnables:
        return f"it leads to {balancer.instances[0]}, which does not run here"
    if any(key in settings for key in _TLS):
        return "it brings its own certificate; a balancer of the plan gets one for its domain"
    if not _service(balancer, runnables[balancer.instances[0]]):
        return f"{balancer.instances[0]} has no service on port {balancer.port or 'that it names'}"
    return ""


def _service(balancer: Balancer, runnable: Runnable) -> str:
    """The service on the balancer's port: on the host, else in the container; the only one where no port is stated."""
    services = runnable.services.values()
    if balancer.port is None:
        return next(iter(runnable.services)) if len(services) == 1 else ""
    on_host = (service.name for service in services if service.host_port == balancer.port)
    inside = (service.name for service in services if service.port == balancer.port)
    return next(on_host, "") or next(inside, "")


def _balancer(balancer: Balancer, runnable: Runnable, problems: Problems) -> Field:
    settings = _entries(balancer.settings)
    place = balancer.place
    made = {
        "type": Field(value=balancer.type, place=place),
        "service": Field(value=f"{runnable.name}/{_service(balancer, runnable)}", place=place),
    }
    if balancer.frontend_port is not None:
        made["port"] = Field(value=balancer.frontend_port, place=settings["frontend-port"].place)
    elif balancer.type in ("tcp", "udp") and balancer.port is not None:
        made["port"] = Field(value=balancer.port, place=settings["port"].place)
    if "domain" in settings:
        made["domain"] = settings["domain"]
    if "health-check" in settings:
        made["health-check"] = _health(settings["health-check"], problems)
    return Field(value=made, place=place)


def _health(field: Field, problems: Problems) -> Field:
    stated = _entries(field)
    for key in ("request", "response"):
        if key in stated and stated[key].value:
            problems.warning("not-planned", stated[key].place, f"`{key}` of a health check is read but not carried out yet")
    made = {key: stated[key] for key in ("kind", "url", "interval") if key in stated}
    if "kind" in made:
        made["kind"] = _lower(made["kind"])
    return replace(field, value=made)


def _lower(field: Field) -> Field:
    return replace(field, value=field.value.lower() if isinstance(field.value, str) else field.value)


def _entries(field: Field) -> dict[str, Field]:
    value = field.value
    return dict(cast("Mapping[str, Field]", value)) if isinstance(value, dict) else {}


def has_a_home(runnable: Runnable, groups: Sequence[HostGroup]) -> bool:
    """Does its affinity name one of these hosts or tags?"""
    tags = {tag for group in groups for tag in group.tags}
    names = {host_name(group.name, 1) for group in groups}
    return runnable.affinity.name in names if runnable.affinity.name else runnable.affinity.tag in tags
