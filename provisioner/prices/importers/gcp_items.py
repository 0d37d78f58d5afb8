"""What a SKU of Google Cloud is in our tables: a part of machines, something that our estimates ask for, or neither.

SKUs are told apart by their description; it ends with the place: `N2 Instance Core running in Americas`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PRICED: Final = ("machine", "spot", "sustained", "committed-1y", "committed-3y", "disk", "address", "nat", "balancer")

COMPUTE: Final = "Compute Engine"

FAMILIES: Final[Mapping[str, str]] = {
    "": "n1",  # commitments to N1 name no family
    "N1 Predefined": "n1",
    "Compute optimized": "c2",
    **{name: name.lower() for name in ("E2", "N2", "N4", "C3", "C4", "G2", "A2", "A3", "H3", "Z3", "M3")},
    **{f"{name} AMD": name.lower() for name in ("N2D", "C2D", "T2D", "C3D", "C4D", "N4D")},
    **{name: name.lower() for name in ("N2D", "C2D", "T2D", "C3D", "C4D", "N4D", "T2A", "C4A", "N4A")},
    **{f"{name} Arm": name.lower() for name in ("T2A", "C4A", "N4A")},
    "Memory-optimized": "m1",
    "M3 Memory-optimized": "m3",
    "Compute Optimized": "c2",
}
"""The family's words in a description, to the begin of its machine types."""

GPUS: Final[Mapping[str, str]] = {
    "L4": "g2",
    "Tesla A100": "a2",
    "A100": "a2",
    "H100 80GB": "a3",
}
"""GPUs that belong to a machine family: their price is a part of the machine's."""

_PART: Final = re.compile(
    r"(?P<use>Spot Preemptible |Preemptible |Commitment v1: |)(?P<family>[A-Za-z0-9 -]*?) ?"
    r"(?:Instance )?(?P<part>Core|Cpu|Ram)(?: running)? in .+"
)
_GPU: Final = re.compile(
    r"(?P<use>Commitment v1: |)Nvidia (?P<model>.+?) GPU (?P<spot>attached to Spot Preemptible VMs )?running in .+"
)
_TERM: Final = re.compile(r"for (1|3) [Yy]ear")

_STARTS: Final = (
    (COMPUTE, "Balanced PD Capacity", ("disk", "pd-balanced")),
    (COMPUTE, "Storage PD Capacity", ("disk", "pd-standard")),
    (COMPUTE, "SSD backed PD Capacity", ("disk", "pd-ssd")),
    (COMPUTE, "Extreme PD Capacity", ("disk", "pd-extreme")),
    (COMPUTE, "Regional Balanced PD Capacity", ("disk", "pd-balanced-regional")),
    (COMPUTE, "Regional Storage PD Capacity", ("disk", "pd-standard-regional")),
    (COMPUTE, "Regional SSD backed PD Capacity", ("disk", "pd-ssd-regional")),
    (COMPUTE, "Storage PD Snapshot", ("snapshot", "pd-snapshot")),
    (COMPUTE, "Static Ip Charge", ("address", "idle")),
    (COMPUTE, "External IP Charge on a Standard VM", ("address", "in-use")),
    ("Networking", "Networking Cloud Nat Gateway Uptime", ("nat", "vm")),
    ("Networking", "Networking Cloud Nat Data Processing", ("nat", "data")),
    (COMPUTE, "Network Load Balancing: Forwarding Rule Minimum Service Charge", ("balancer", "rules-first-five")),
    (COMPUTE, "Network Load Balancing: Forwarding Rule Additional Service Charge", ("balancer", "rule-additional")),
    ("Networking", "Network Load Balancing: Forwarding Rule Minimum Service Charge", ("balancer", "rules-first-five")),
    ("Networking", "Network Load Balancing: Forwarding Rule Additional Service Charge", ("balancer", "rule-additional")),
    ("Cloud Storage", "Standard Storage ", ("bucket", "standard")),
    ("Kubernetes Engine", "Regional Kubernetes Clusters", ("kubernetes", "gke")),
    ("Kubernetes Engine", "Zonal Kubernetes Clusters", ("kubernetes", "gke")),
)

_UNITS: Final[Mapping[str, str]] = {
    "h": "hour",
    "GiBy": "GiB",
    "GiBy.mo": "GiB-month",
    "GiBy.h": "GiB-hour",
    "TiBy": "TiB",
    "mo": "month",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A core, a GiB of memory or a GPU of a machine family, bought in one of four ways."""

    family: str
    part: str
    """`core`, `ram` or `gpu`."""
    use: str
    """The kind of the machines made of it: `machine`, `spot`, `committed-1y`, `committed-3y`."""


def part(description: str) -> Part | None:
    """The part of machines that a Compute Engine SKU prices. Custom, sole-tenant and extended ones are no such part."""
    term = _TERM.search(description)
    if found := _PART.fullmatch(description):
        family = FAMILIES.get(found["family"].strip())
        promised = found["use"].startswith("Commitment")
        if family is None or (not found["family"] and not promised):
            return None
        use = _use(promised=promised, spot=bool(found["use"]) and not promised, years=term[1] if term else "")
        return Part(family=family, part="ram" if found["part"] == "Ram" else "core", use=use) if use else None
    if found := _GPU.fullmatch(description):
        family = GPUS.get(found["model"])
        use = _use(promised=bool(found["use"]), spot=bool(found["spot"]), years=term[1] if term else "")
        return Part(family=family, part="gpu", use=use) if family and use else None
    return None


def classify(service: str, description: str) -> tuple[str, str] | None:
    """Kind and item of what our estimates ask for, beside machines."""
    return next((item for of, start, item in _STARTS if of == service and description.startswith(start)), None)


def unit(usage: str) -> str:
    return _UNITS.get(usage, usage or "each")


def _use(*, promised: bool, spot: bool, years: str) -> str:
    if promised:
        return f"committed-{years}y" if years else ""
    return "spot" if spot else "machine"
