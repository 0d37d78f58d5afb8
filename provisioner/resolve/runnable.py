"""A merged definition to a `Runnable`."""

from collections.abc import Mapping
from typing import Final

from provisioner.package.nodes import Node
from provisioner.resolve import checks, placing
from provisioner.resolve.actions import actions
from provisioner.resolve.balancers import balancers
from provisioner.resolve.connect import connections
from provisioner.resolve.containers import containers
from provisioner.resolve.depends import depends
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import BROKEN, Evaluation
from provisioner.resolve.files import files
from provisioner.resolve.hooks import hooks
from provisioner.resolve.model import Runnable, RunnableVolume, Text
from provisioner.resolve.recovery import logs, recovery
from provisioner.resolve.routes import routes
from provisioner.resolve.scope import VOLUMES, Scope
from provisioner.resolve.sections import fields, whole
from provisioner.resolve.services import opened, services
from provisioner.resolve.session import Session
from provisioner.script.values import Value, to_text
from provisioner.units import parse_gib

_EMPTY: Final = Node({})
_STEPS: Final = 200
"""What a runnable costs at least."""


def runnable(session: Session, name: str) -> Runnable:
    """The workload `name`, every value worked out. What is wrong goes to the session's problems."""
    scope = session.scope(name)
    session.spend(_STEPS + len(scope.declarations))
    node = scope.node
    known = dict(named(node.entries.get("containers")))
    if not known and not session.is_incomplete(name):
        place = session.catalog.definitions[name].place
        session.problems.error("missing-key", place, "expected `containers` with at least one container, found none")
    values = {variable: scope.value(variable) for variable in (*scope.declarations, *scope.overrides)}
    _required(scope, values)
    own_services = services(node.entries.get("services"), known, scope.evaluation(f"{name}/services"))
    own_actions = actions(node.entries.get("actions"), scope.evaluation(f"{name}/actions"))
    written = node.entries.get("checks", _EMPTY).entries
    where = scope.evaluation(f"{name}/checks")
    readiness = checks.check(written.get("readiness", node.entries.get("readiness")), where.at("readiness"))
    decided = checks.decide(readiness, tuple(known), own_services, own_actions, where.at("readiness"))
    own_recovery = recovery(node.entries.get("recovery"), scope.evaluation(f"{name}/recovery"))
    own_scale = placing.scale(session, name)
    return Runnable(
        name=name,
        containers=containers(
            node.entries.get("containers", _EMPTY),
            scope.evaluation(f"{name}/containers"),
            environment=_environment(scope, values),
            files=files(node.entries.get("files"), known, scope.evaluation(f"{name}/files")),
            health=decided.health,
            opened=opened(own_services),
            recovery=own_recovery,
        ),
        variables={variable: value for variable, value in values.items() if value is not BROKEN},
        services=own_services,
        connections=connections(scope),
        depends=depends(session, name),
        readiness=decided.check,
        liveness=checks.check(written.get("liveness"), where.at("liveness")),
        affinity=placing.affinity(session, name),
        replicas=placing.replicas(session, name, own_scale),
        spread=placing.spread(session, name),
        survive=placing.survive(session, name),
        volumes=_volumes(node.entries.get("volumes", _EMPTY), scope.evaluation(f"{name}/volumes")),
        metadata=_metadata(node.entries.get("metadata", _EMPTY)),
        permitted_secrets=frozenset(_permitted(scope)),
        actions=own_actions,
        hooks=hooks(node.entries.get("containers"), own_actions, own_services, scope.evaluation(f"{name}/containers")),
        routes=routes(node.entries.get("services"), own_services, scope.evaluation(f"{name}/services")),
        balancers=balancers(node.entries.get("balancers"), scope.evaluation(f"{name}/balancers"), own=name),
        nodes=fields(node.entries.get("nodes"), scope.evaluation(f"{name}/nodes")),
        logs=logs(node.entries.get("containers"), scope.evaluation(f"{name}/containers")),
        recovery=own_recovery,
        scale=own_scale,
        place=session.catalog.definitions[name].place,
    )


def _required(scope: Scope, values: Mapping[str, Value]) -> None:
    for variable, declaration in scope.declarations.items():
        if declaration.required and values.get(variable) is None:
            place = scope.node.entries["variables"].entries[variable].key_place(f"{scope.name}/variables/{variable}")
            hint = f"set it in an inheritor, in the stack's variables, or with --set {variable}=…"
            scope.session.problems.error(
                "required-variable", place, f'the variable "{variable}" must have a value; it has none', hint=hint
            )


def _environment(scope: Scope, values: Mapping[str, Value]) -> dict[str, Text]:
    """Environment of every container: variables with `env`, of the groups too, the nearer over the outer ones, its own over all.

    A group's variable counts as if it were declared here, unless one of that name is, or is in a nearer group.
    """
    bound: dict[str, Text] = {}
    for index in reversed(range(len(scope.around))):
        group = scope.around[index]
        nearer = (scope, *scope.around[:index])
        for variable in group.bound:
            if not any(each.owns(variable) for each in nearer):
                bound |= _bound(group, variable, group.value(variable))
    own: dict[str, Text] = {}
    for variable in scope.bound:
        for name, text in _bound(scope, variable, values[variable]).items():
            if name in own:
                place = scope.bound[variable].place(f"{scope.name}/variables/{variable}/env")
                message = f'"{name}" is bound by two variables; the last one counts'
                scope.session.problems.warning("environment-twice", place, message)
            own[name] = text
    return {**bound, **own}


def _bound(scope: Scope, variable: str, value: Value) -> dict[str, Text]:
    """The environment variable that receives a variable's value. nil is not passed on; the name `_` means none."""
    if value is None or value is BROKEN:
        return {}
    written = scope.bound[variable]
    here = scope.evaluation(f"{scope.name}/variables/{variable}/env")
    name = here.known_text(written) or "_"
    if "=" in name or not name.isprintable():
        message = f"expected the name of an environment variable, found {name!r}"
        scope.session.problems.error("wrong-type", written.place(here.path), message)
        return {}
    return {} if name == "_" else {name: to_text(value)}


def _volumes(node: Node, evaluation: Evaluation) -> dict[str, RunnableVolume]:
    found: dict[str, RunnableVolume] = {}
    for name, entry in named(node):
        here = evaluation.at(name)
        kind = here.at("kind").known_text(entry.entries.get("kind", entry.entries.get("type"))) or "SSD"
        size = None if kind == "local" else here.needed_at(entry, "size", "the size of the disk in GiB", parse_gib)
        path = here.text_at(entry, "path") or f"{VOLUMES}/{name}"
        if size is None and kind != "local":
            if "size" not in entry.entries:
                here.problems.error(
                    "missing-key", entry.key_place(here.path), "expected the `size` of the disk in GiB, found none"
                )
            continue
        if "name" in entry.entries:
            message = "`name` is left out: the plan calls the disk by its runnable and its own key"
            here.problems.warning("not-planned", entry.entries["name"].key_place(f"{here.path}/name"), message)
        backup = whole(entry.entries.get("backup"), here.at("backup"))
        place = entry.key_place(here.path)
        found[name] = RunnableVolume(name=name, kind=kind, size_gib=size or 0, path=path, backup=backup, place=place)
    return found


def _metadata(node: Node) -> dict[str, object]:
    return {key: value.text for key, value in node.entries.items() if isinstance(value.value, str)}


def _permitted(scope: Scope) -> set[str]:
    sections = ((each, each.node.entries.get("permitted-secrets", _EMPTY)) for each in (scope, *scope.around))
    return {name for each, section in sections for name in section.entries if each.states(name)}
