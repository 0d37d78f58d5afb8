"""An offer: a machine type in a region, or a machine that is there already, with what it holds and what it costs."""

from dataclasses import dataclass

from provisioner.units import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is particular to a machine that is there already: there is one of it, in its place, with its disks."""

    zone: str
    tags: tuple[str, ...] = ()
    """Host groups that it is for, by name or tag; none: any."""
    disks: tuple[tuple[str, int], ...] = ()
    """The plan's volumes that it has a disk for, each with the disk's size in GiB, 0 where nobody states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`hourly` is the Linux on-demand list price; `spot` is None where the source gives none."""

    cloud: str
    region: str
    machine: str
    millicpu: int
    memory_mib: int
    arch: str
    """`amd64` or `arm64`, as container images name it."""
    gpu: int
    hourly: Money
    spot: Money | None
    source: str
    """Address of the price page or API the figure was read from."""
    date: str
    """ISO date of that reading."""
    own: Own | None = None
    """None for a type of which a cloud sells as many as are asked for."""
