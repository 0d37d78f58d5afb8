"""Host groups: how many machines, and what they must hold or are called."""

from collections.abc import Mapping, Sequence
from typing import Final, cast, get_args

from provisioner.plan import default, names
from provisioner.plan.fields import Section
from provisioner.plan.model import HostGroup, Site, Target, VolumeKind
from provisioner.plan.readers import boolean, choice, cpu, found, integer, memory_mib, percent, size_gib, text
from provisioner.resolve.model import Needs

MOST: Final = 2000
"""Hosts of one group at most: a mistyped count is refused before it is priced."""
_WIDE: Final = 100

ARCHITECTURES: Final = {"amd64": "amd64", "arm64": "arm64", "x86_64": "amd64", "aarch64": "arm64"}
"""What may be written, and the name that container images use for it."""
DISK_KINDS: Final[tuple[VolumeKind, ...]] = get_args(VolumeKind)


def build(section: Section, target: Target, also: Sequence[Site] = ()) -> tuple[HostGroup, ...]:
    there = {site.target.cloud: site.target for site in also}
    return tuple(_group(name, group, target, there) for name, group in section.sections())


def host_name(group: str, number: int) -> str:
    """`app-1`: numbers count from 1."""
    return f"{group}-{number}"


def host_names(group: HostGroup) -> tuple[str, ...]:
    """Every host that the group may have."""
    return tuple(host_name(group.name, number) for number in range(1, group.maximum + 1))


def has_host(group: HostGroup, name: str) -> bool:
    """Whether `name` is one of `host_names`, without making them all."""
    number = name.removeprefix(f"{group.name}-")
    return number.isdecimal() and int(number) <= group.maximum and name == host_name(group.name, int(number)) and number != "0"


def host_zone(number: int, zones: tuple[str, ...]) -> str:
    """The zone of a group's host number `number`: a host added later never moves another."""
    return zones[(number - 1) % len(zones)]


def is_spot(group: HostGroup, number: int) -> bool:
    """Whether the cloud may take host number `number` back: never those with which a share on demand is kept at every count."""
    share = group.on_demand_percent
    return group.spot and -(-number * share // 100) == -(-(number - 1) * share // 100)


def zone_of(group: HostGroup, number: int, zones: tuple[str, ...]) -> str:
    """The zone of host number `number`, in its own cloud; `zones` are those of the plan's target."""
    return host_zone(number, group.zones or zones)


def _group(name: str, group: Section, home: Target, there: Mapping[str, Target]) -> HostGroup:
    group.only("count", "needs", "machine", "disk", "disk-kind", "spot", "on-demand", "headroom", "tag", "cloud")
    names.check(name, group.place, group.problems)
    cloud = _cloud(group, home, there)
    target = there.get(cloud, home)
    minimum, maximum = _count(group, len(target.zones))
    machine = _machine(group, target)
    needs = _needs(group, machine)
    if not machine and not needs.stated:
        message = "neither needs nor a machine is stated: the cheapest machine that holds what runs here is chosen"
        group.problems.note("default-machine", group.place, message)
    if needs.gpu:
        message = "the image of hosts has no driver for GPUs: containers that ask for one start once it is installed"
        group.problems.warning("gpu-driver", group.place, message, hint="docs/how-to/gpu.md")
    return HostGroup(
        name=name,
        minimum=minimum,
        maximum=maximum,
        needs=needs,
        machine=machine,
        cloud=cloud if cloud in there else "",
        zones=target.zones if cloud in there else (),
        disk_gib=group.read("disk", size_gib(10, 16384), default=default.DISK_GIB),
        disk_kind=group.read("disk-kind", choice(DISK_KINDS), default=default.DISK_KIND),
        spot=group.read("spot", boolean, default=False),
        on_demand_percent=_on_demand(group),
        headroom_percent=group.read("headroom", percent(90), default=0),
        tags=tuple(dict.fromkeys(group.read_list("tag", text))),
        place=group.place,
    )


def _cloud(group: Section, home: Target, there: Mapping[str, Target]) -> str:
    cloud = group.read("cloud", text, default=home.cloud)
    if cloud != home.cloud and cloud not in there:
        known = [home.cloud, *(other.cloud for other in home.others)]
        message = f"expected a cloud that sells machines beside {home.cloud}, found {found(cloud)}"
        group.problems.error("capability", group.place_of("cloud"), message, hint=f"one of {', '.join(known)}")
    return cloud


def _on_demand(group: Section) -> int:
    share = group.read("on-demand", percent(100), default=0)
    if share and not group.read("spot", boolean, default=False):
        message = "on-demand is a share of a spot group, and this group is all on demand"
        group.problems.error("conflict", group.place_of("on-demand"), message, hint="add spot: true, or leave on-demand out")
    return share


def _count(group: Section, zones: int) -> tuple[int, int]:
    """Least and most, one host where nothing is stated; after a problem a wide range, so that little else follows from it."""
    number = integer("a number of hosts", 0, MOST)
    if "count" not in group:
        return 1, 1
    if not isinstance(group.fields["count"].value, dict):
        count = group.read("count", number, default=-1)
        return (count, count) if count >= 0 else (1, _WIDE)
    limits = group.section("count")
    limits.only("min", "max", "min-per-zone")
    limits.require(*(("max",) if "min-per-zone" in limits else ("min", "max")))
    minimum, maximum = limits.read("min", number, default=0), limits.read("max", number, default=_WIDE)
    per_zone = limits.read("min-per-zone", integer("a number of hosts in each zone", 0, 100), default=0)
    if minimum <= maximum < per_zone * zones:
        message = f"expected max to be at least {per_zone * zones}, {per_zone} in each of {zones} zones, found {maximum}"
        limits.problems.error("out-of-range", limits.place, message)
    if minimum > maximum:
        message = f"expected min to be at most max, found min {minimum} and max {maximum}"
        limits.problems.error("out-of-range", limits.place, message)
    minimum = max(minimum, per_zone * zones)  # hosts go round the zones by number
    return minimum, max(minimum, maximum)


def _machine(group: Section, target: Target) -> str:
    """The machine type of the target's cloud; "" where none is named."""
    if "machine" not in group:
        return ""
    if not isinstance(group.fields["machine"].value, dict):
        return group.read("machine", text, default="")
    machines = group.section("machine")
    if target.cloud not in machines and "needs" not in group:
        others = ", ".join(cast("dict[str, object]", machines.fields))
        message = f"no machine for {target.cloud} is named (only for {others})"
        machines.problems.error("missing-key", machines.place, message, hint=f"add {target.cloud}: TYPE, or state needs")
    return machines.read(target.cloud, text, default="")


def _needs(group: Section, machine: str) -> Needs:
    """What each machine must have at least. What is not stated is not asked for, but for the architecture."""
    needs = group.section("needs")
    needs.only("cpu", "memory", "gpu", "arch")
    architecture = needs.read("arch", choice(tuple(ARCHITECTURES)), default=default.ARCHITECTURE)
    return Needs(
        millicpu=needs.read("cpu", cpu, default=0),
        memory_mib=needs.read("memory", memory_mib, default=0),
        gpu=needs.read("gpu", integer("a number of GPUs", 0, 64), default=0),
        arch="" if machine and "arch" not in needs else ARCHITECTURES[architecture],
        stated=any(key in needs for key in ("cpu", "memory", "gpu")),
    )
