"""A placed plan becomes bundles: one per host, everything it runs, as data."""

from collections.abc import Iterable
from dataclasses import replace

from provisioner.errors import Problems
from provisioner.host.addresses import NONE, Addresses, allocate
from provisioner.host.container import Built, container_unit
from provisioner.host.document import digest_of
from provisioner.host.firewall import firewall
from provisioner.host.ingress import ingress
from provisioner.host.later import settled
from provisioner.host.live_checks import live_checks
from provisioner.host.model import Bundle, DiskMount, SecretSlot, Unit
from provisioner.host.network import network_unit
from provisioner.host.overlay import overlay
from provisioner.host.resolver import resolver
from provisioner.host.scene import Scene, Subject
from provisioner.host.slot_start import slot_start
from provisioner.host.stop import stop_script
from provisioner.host.traffic import traffic
from provisioner.placement.model import Placement
from provisioner.plan.model import Plan


def bundle(plan: Plan, placement: Placement, host: str) -> Bundle:
    """What `host` (`app-1`) runs. Raises `InputError` with everything that a host cannot run."""
    return next(made for made in bundles(plan, placement) if made.host == host)


def bundles(plan: Plan, placement: Placement, *, last: Addresses = NONE) -> tuple[Bundle, ...]:
    """One per placed host, in their order. Raises `InputError` with the problems of all of them.

    `last` are the addresses of the last deployment: what had one keeps it.
    """
    problems = Problems()
    addresses = allocate(plan, placement, last, problems)
    problems.raise_errors()
    shared = Scene(
        plan=plan, placement=placement, addresses=addresses, traffic=traffic(plan, placement), host="", problems=problems
    )
    made = tuple(_bundle(replace(shared, host=host.name)) for host in placement.hosts)
    problems.raise_errors()
    return made


def _bundle(scene: Scene) -> Bundle:
    built = [
        container_unit(settled(Subject(scene=scene, workload=workload, container=container)))
        for workload in scene.workloads
        for container in workload.containers
    ]
    candidates = (firewall(scene), overlay(scene), resolver(scene), ingress(scene), slot_start(scene))
    parts = [part for part in candidates if part is not None]
    units = {unit.name: unit for unit in (*(part.unit for part in parts), network_unit(scene), *_volumes_first(built))}
    made = Bundle(
        host=scene.host,
        units=tuple(units.values()),
        files=(
            *(file for part in parts for file in part.files),
            *([stop_script()] if built else []),
            *(file for one in built for file in one.files),
        ),
        secrets=_slots(built),
        disks=tuple(DiskMount(volume=volume.name, path=volume.path) for volume in scene.volumes),
        services=tuple(part.service for part in parts),
        gates=tuple(one.gate for one in built),
        checks=tuple(live_checks(scene)),
    )
    return replace(made, digest=digest_of(made))


def _volumes_first(built: Iterable[Built]) -> Iterable[Unit]:
    units = [unit for one in built for unit in one.units]
    return sorted(units, key=lambda unit: not unit.name.endswith(".volume"))


def _slots(built: Iterable[Built]) -> tuple[SecretSlot, ...]:
    slots = {slot.name: slot for one in built for slot in one.secrets}
    return tuple(slots[name] for name in sorted(slots))
