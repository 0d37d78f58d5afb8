"""A placed plan becomes bundles: one per host, everything it runs, as data."""

from collections.abc import Iterable
from dataclasses import replace

from provisioner.errors import Problems
from provisioner.host.container import Built, container_unit
from provisioner.host.document import digest_of
from provisioner.host.model import Bundle, DiskMount, SecretSlot, Unit
from provisioner.host.names import NETWORK
from provisioner.host.quadlet import Section, unit_text
from provisioner.host.scene import Scene, Subject
from provisioner.placement.model import Placement
from provisioner.plan.model import Plan


def bundle(plan: Plan, placement: Placement, host: str) -> Bundle:
    """What `host` (`app-1`) runs. Raises `InputError` with everything that a host cannot run."""
    problems = Problems()
    made = _bundle(Scene(plan=plan, placement=placement, host=host, problems=problems))
    problems.raise_errors()
    return made


def bundles(plan: Plan, placement: Placement) -> tuple[Bundle, ...]:
    """One per placed host, in their order. Raises `InputError` with the problems of all of them."""
    problems = Problems()
    made = tuple(_bundle(Scene(plan=plan, placement=placement, host=host.name, problems=problems)) for host in placement.hosts)
    problems.raise_errors()
    return made


def _bundle(scene: Scene) -> Bundle:
    built = [
        container_unit(Subject(scene=scene, workload=workload, container=container))
        for workload in scene.workloads
        for container in workload.containers
    ]
    units = {unit.name: unit for unit in (_network_unit(scene), *_volumes_first(built))}
    made = Bundle(
        host=scene.host,
        units=tuple(units.values()),
        files=tuple(file for one in built for file in one.files),
        secrets=_slots(built),
        disks=tuple(DiskMount(volume=volume.name, path=volume.path) for volume in scene.volumes),
        gates=tuple(one.gate for one in built),
    )
    return replace(made, digest=digest_of(made))


def _network_unit(scene: Scene) -> Unit:
    lines = [("NetworkName", NETWORK), ("Label", f"provisioner.deployment={scene.plan.slug}")]
    sections = [Section(name="Unit", lines=[("Description", "Network of the containers")]), Section(name="Network", lines=lines)]
    return Unit(name=f"{NETWORK}.network", text=unit_text(sections))


def _volumes_first(built: Iterable[Built]) -> Iterable[Unit]:
    units = [unit for one in built for unit in one.units]
    return sorted(units, key=lambda unit: not unit.name.endswith(".volume"))


def _slots(built: Iterable[Built]) -> tuple[SecretSlot, ...]:
    slots = {slot.name: slot for one in built for slot in one.secrets}
    return tuple(slots[name] for name in sorted(slots))
