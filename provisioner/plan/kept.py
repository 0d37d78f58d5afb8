"""The parts of a plan that keep something: disks, buckets, secrets. Frozen data, as all of it: see `plan.model`."""

from dataclasses import dataclass
from typing import Literal

from provisioner.errors import NOWHERE, Place

VolumeKind = Literal["SSD", "HDD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A block disk that outlives its host. It is attached to `host` (`data-1`) and mounted at `path` there."""

    name: str
    kind: VolumeKind
    size_gib: int
    host: str
    zone: str
    path: str
    backup_days: int = 0
    """How long daily snapshots are kept; 0: no snapshots."""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    name: str
    versioned: bool = False
    expire_days: int = 0
    readers: tuple[str, ...] = ()
    """Host groups whose identity reads its objects; that of no other does."""
    writers: tuple[str, ...] = ()
    """Host groups whose identity also writes and deletes them."""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret the workloads use. `length` > 0: generated once and kept; 0: the stack's configuration gives it."""

    name: str
    length: int = 0
    stored: bool = False
    """Whether the cloud's own store holds it, too, for programs beside the workloads."""
    readers: tuple[str, ...] = ()
    """Host groups whose identity reads it there; that of no other does."""
    place: Place = NOWHERE
