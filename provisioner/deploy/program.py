"""The Pulumi program: a stack's configuration becomes a plan, and the plan component resources.

It runs as `pulumi.run(main)`, because it awaits the last placement, which is an output of its own stack.
"""

import functools
import gc
import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pulumi

from provisioner.clouds.components import Deployment, Family, Host
from provisioner.clouds.contract import Cloud
from provisioner.deploy import across, configuration, outputs, settings, workloads
from provisioner.deploy.prepare import Prepared, Request, prepare
from provisioner.deploy.settings import Settings
from provisioner.deploy.standing import Standing, check_roots, moved, plugged
from provisioner.errors import InputError, Place, Problems, ProvisionerError, nearest
from provisioner.host.cloud_init import cloud_init
from provisioner.plan.model import Plan
from provisioner.plan.sites import split

SHOWN = 32
"""The exit status by which a program tells the engine that the user has seen what is wrong."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "network": (),
    "addresses": ("network",),
    "volumes": ("network",),
    "hosts": ("network", "volumes"),
    "buckets": ("network", "hosts"),
    "secrets": ("network", "hosts"),
    "balancers": ("network", "addresses", "hosts"),
    "records": ("network", "balancers"),
}
"""Each family, in the order in which they are created, with those that its constructor takes: see `clouds.components`."""

FAMILIES = tuple(NEEDS)

_NEVER = 1_000_000
"""What is old in this program stays until its end; searching all of it again and again takes a quarter of the time."""

Families = Mapping[str, Family]
"""The created components by family, with the cloud's own resources as attributes."""


def main(
    *,
    transforms: Mapping[str, pulumi.ResourceTransform] | None = None,
    beside: Callable[[Families], None] | None = None,
) -> None:
    """Register the deployment of the stack's package with the running Pulumi program.

    `transforms`, by family, may change the inputs and options of each native resource of that family before the engine
    sees it. `beside` runs once all families exist and may register further resources that refer to theirs: those of the
    stack's own cloud, where host groups name others, too.
    """
    if threading.current_thread() is threading.main_thread():  # elsewhere, signals and memory are the host program's
        signal.signal(signal.SIGINT, _end)
        gc.set_threshold(*gc.get_threshold()[:2], _NEVER)
    pulumi.run(functools.partial(_deploy, transforms or {}, beside))


def _end(_number: int, _frame: object) -> None:
    """The engine interrupts the program once something has failed. It has told what: a traceback would bury it."""
    sys.stdout.flush()
    os._exit(SHOWN)


async def _deploy(
    transforms: Mapping[str, pulumi.ResourceTransform], beside: Callable[[Families], None] | None
) -> Mapping[str, Any]:
    try:
        check_transforms(transforms)
        return await _deploy_stack(transforms, beside)
    except InputError as error:
        for problem in error.problems:
            pulumi.log.error(str(problem))
        count = len(error.problems)
        pulumi.log.error(f"nothing was changed: {count} problem{'s' * (count != 1)} to solve first")
    except ProvisionerError as error:
        pulumi.log.error(str(error))
    raise SystemExit(SHOWN)


async def _deploy_stack(
    transforms: Mapping[str, pulumi.ResourceTransform], beside: Callable[[Families], None] | None
) -> Mapping[str, Any]:
    chosen = configuration.read()
    last = await outputs.last()
    root = settings.project_folder(Path.cwd())
    request = settings.request(chosen, root, configuration.stack_file())
    prepared = prepare(request, standing=last.standing, enforce_budget=True)
    for part in split(prepared.plan):
        cloud = prepared.clouds[part.target.cloud]
        configuration.check_provider_region(cloud, part.target.region).raise_errors()
        check_ready(cloud).raise_errors()
    secrets = configuration.secret_values()
    archives = {image: str(root / path) for image, path in chosen.archives.items()}
    access = workloads.Access(ssh=chosen.ssh, is_authorised=bool(chosen.ssh_key), archives=archives)
    workloads.check(prepared.plan, secrets, access).raise_errors()
    outputs.announce(prepared, last)
    _check_renewed(chosen.renew, prepared).raise_errors()
    for part in split(prepared.plan):
        cloud = prepared.clouds[part.target.cloud]
        check_roots(part, prepared.placement.hosts, cloud, last.standing, chosen.renew).raise_errors()
    values = workloads.values(prepared.plan, secrets)
    run = _Run(prepared=prepared, request=request, chosen=chosen, standing=last.standing, values=values, transforms=transforms)
    parts, built = split(prepared.plan), dict[str, Families]()
    for part in across.in_order(parts, prepared.clouds):
        elsewhere = across.ranges(part, built, prepared.clouds)
        built[part.target.cloud] = _create(run, part, elsewhere)
    across.let_in(parts, built, prepared.clouds)
    created = [cast("Mapping[str, Any]", built[part.target.cloud]) for part in parts]
    hosts: Mapping[str, Host] = {name: host for each in created for name, host in each["hosts"].hosts.items()}
    endpoints: Mapping[str, pulumi.Output[str]] = {
        name: endpoint for each in created for name, endpoint in each["balancers"].endpoints.items()
    }
    workloads.deliver(prepared, hosts, values, access)
    if beside is not None:
        beside(built[parts[0].target.cloud])
    return outputs.export(prepared, last, hosts, outputs.Names(endpoints=endpoints, **_kept(created[0])))


def _kept(home: Mapping[str, Any]) -> Mapping[str, Mapping[str, pulumi.Output[str]]]:
    """The cloud's own names of what programs read there: buckets, and secrets where the plan stores any."""
    return {name: home[name].names for name in ("buckets", "secrets") if name in home}


def check_ready(cloud: Cloud) -> Problems:
    """Refuse, before anything is made, machines that cannot be had from here."""
    problems = Problems()
    place = Place(file=configuration.stack_file(), path="provisioner:target")
    if not cloud.sells and "PROVISIONER_SANDBOX" in os.environ:
        hint = "provisioner engine run -- pulumi up"
        problems.error("not-ready", place, f"the sandbox has nothing in place of {cloud.label}: run without it", hint=hint)
    elif why := cloud.ready():
        problems.error("not-ready", place, f"{cloud.label} cannot run hosts: {why}")
    return problems


def families(cloud: str, names: Iterable[str] = FAMILIES) -> Mapping[str, ModuleType]:
    """The modules of a cloud's component families. They import that cloud's SDK, and no other."""
    try:
        return {name: importlib.import_module(f"provisioner.clouds.{cloud}.{name}") for name in names}
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("pulumi_"):
            raise
        how = f"`uv sync --inexact --extra {cloud}` in a checkout, else `pip install 'provisioner[{cloud}]'`"
        raise ProvisionerError(f"the Pulumi SDK of {cloud} is not installed: {how}") from None


def used(plan: Plan) -> tuple[str, ...]:
    """The families of a plan: all, but records and secrets only where there are some, so that their part of the SDK stays out."""
    asked = {
        "records": bool(plan.records) or any(balancer.zone for balancer in plan.balancers),
        "secrets": bool(plan.stored_secrets),
    }
    return tuple(name for name in FAMILIES if asked.get(name, True))


def check_transforms(transforms: Mapping[str, pulumi.ResourceTransform]) -> None:
    """Raises `ProvisionerError` for a family that does not exist: its transform would never be called."""
    for name in transforms:
        if name not in FAMILIES:
            close = nearest(name, FAMILIES)
            hint = f'; did you mean "{close}"?' if close else ""
            raise ProvisionerError(f'main(transforms=…): unknown family "{name}", expected one of {", ".join(FAMILIES)}{hint}')


def _check_renewed(names: Iterable[str], prepared: Prepared) -> Problems:
    problems = Problems()
    hosts = {host.name: host.offer for host in prepared.placement.hosts}
    place = Place(file=configuration.stack_file(), path="provisioner:renew")
    for name in names:
        if name not in hosts:
            close = nearest(name, hosts)
            hint = f"did you mean {close}?" if close else f"hosts are {', '.join(hosts)}"
            problems.error("missing-reference", place, f'no host "{name}"', hint=hint)
        elif hosts[name].own:
            problems.error("conflict", place, f"{name} is on a machine that is there already, which nothing here makes anew")
    return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What is the same for every cloud of a deployment."""

    prepared: Prepared
    request: Request
    chosen: Settings
    standing: Standing
    values: workloads.Texts
    transforms: Mapping[str, pulumi.ResourceTransform]


def _create(run: _Run, part: Plan, elsewhere: across.Ranges) -> Families:
    """Every family of one cloud of the plan, in the order in which they need each other."""
    user_data = cloud_init(run.chosen.ssh_key)
    groups = {group.name for group in part.groups}
    placed = [host for host in run.prepared.placement.hosts if host.group in groups]
    deployment = Deployment(
        plan=part,
        hosts=placed,
        user_data={host.name: user_data for host in placed},
        ssh_public_key=run.chosen.ssh_key,
        renew=frozenset(run.chosen.renew),
        came_from=moved(part, run.standing),
        inventory=run.request.inventory,
        elsewhere=elsewhere,
        slots=plugged(part, run.standing),
        secret_values={secret.name: run.values[secret.name] for secret in part.stored_secrets},
    )
    return build(deployment, families(part.target.cloud, used(part)), run.transforms)


def build(
    deployment: Deployment, modules: Mapping[str, ModuleType], transforms: Mapping[str, pulumi.ResourceTransform]
) -> Families:
    """The components of a deployment by family, each with its transform."""
    created: dict[str, Family] = {}
    for name in modules:
        options = pulumi.ResourceOptions(transforms=[transforms[name]]) if name in transforms else None
        family = getattr(modules[name], name.capitalize())
        created[name] = family(deployment, *(created[need] for need in NEEDS[name]), opts=options)
    return created
