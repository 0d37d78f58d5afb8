"""What definitions say and no later stage carries out yet: each is said aloud, with its place."""

from collections.abc import Iterator

from provisioner.errors import Place, Problems
from provisioner.resolve.model import Resolved, Runnable
from provisioner.resolve.mounts import BLOBS
from provisioner.resolve.recovery import left_out


def unplanned(resolved: Resolved, problems: Problems) -> None:
    """A warning for each of them."""
    for runnable in resolved.runnables:
        for what, place in _runnable(runnable):
            problems.warning("not-planned", place, f"{what} is read but not carried out yet")
    for entity in resolved.entities:
        message = f"{entity.name} is an entity of type {entity.type}: it is checked, and nothing is created for it yet"
        problems.warning("not-planned", entity.place, message)


def _runnable(runnable: Runnable) -> Iterator[tuple[str, Place]]:
    yield from left_out(runnable)
    for container in runnable.containers:
        yield from ((f"the mount of {mount.host}", container.place) for mount in container.mounts if mount.host.startswith(BLOBS))
    if runnable.liveness is not None:
        yield "the liveness check", runnable.liveness.place
