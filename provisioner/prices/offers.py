"""An offer: a machine type in a region, with what it holds and what it costs."""

from dataclasses import dataclass

from provisioner.units import Money


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
