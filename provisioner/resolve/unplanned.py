"""What definitions say and no later stage carries out yet: each is said aloud, with its place."""

from collections.abc import Iterator

from provisioner.errors import Place, Problems
from provisioner.resolve.model import Resolved, Runnable


def unplanned(resolved: Resolved, problems: Problems) -> None:
    """A warning for each of them."""
    for runnable in resolved.runnables:
        for what, place in _runnable(runnable):
            problems.warning("not-planned", place, f"{what} is read but not carried out yet")
    for entity in resolved.entities:
        message = f"{entity.name} is an entity of type {entity.type}: it is checked, and nothing is created for it yet"
        problems.warning("not-planned", entity.place, message)


def _runnable(runnable: Runnable) -> Iterator[tuple[str, Place]]:
    for what, field in (("`recovery`", runnable.recovery), ("`scale`", runnable.scale)):
        if field is not None:
            yield what, field.place
    if runnable.liveness is not None:
        yield "the liveness check", runnable.liveness.place
    for hook in runnable.hooks:
        yield f"the hook {hook.event}", hook.place
    for route in runnable.routes:
        yield f"the ingress route {route.name}", route.place
    for container, logs in runnable.logs.items():
        yield f"`logs` of the container {container}", logs.place
