"""What must be ready before a definition starts, and the order that follows."""

import graphlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from provisioner.errors import Problems
from provisioner.package.nodes import Node
from provisioner.resolve.kinds import GROUPS, INSTANCE, is_outside
from provisioner.resolve.members import flattened
from provisioner.resolve.model import Depends, Runnable
from provisioner.resolve.pairs import elements
from provisioner.resolve.session import Session
from provisioner.units import parse_duration

TIMEOUT: Final = 300.0
"""Seconds that `wait-for` waits where it names no timeout."""

_EMPTY: Final = Node({})


def depends(session: Session, name: str) -> Depends:
    """The definition's own `depends`, then those of its groups, as full names of what runs; groups stand for their members."""
    found: dict[str, None] = {}
    timeout = 0.0
    for holder in (name, *session.groups.get(name, ())):
        for path, wait in _waits(session, holder):
            for node in elements(wait.entries.get("runnables"), session.scope(holder).evaluation(f"{path}/runnables")):
                found |= dict.fromkeys(runs for runs in _targets(session, node, holder, f"{path}/runnables") if runs != name)
            own = session.scope(holder).evaluation(f"{path}/timeout").parse(wait.entries.get("timeout"), parse_duration)
            timeout = max(timeout, TIMEOUT if own is None else own)
    return Depends(runnables=tuple(found), timeout=timeout or TIMEOUT)


def _waits(session: Session, holder: str) -> Iterator[tuple[str, Node]]:
    """Every `wait-for` with its path: of the mapping, or of each mapping of a list. The table of keys reports what is neither."""
    depends, path = session.node(holder).entries.get("depends", _EMPTY), f"{holder}/depends"
    parts = [(f"{path}/{index}", node) for index, node in enumerate(depends.elements)] or [(path, depends)]
    for place, part in parts:
        wait = part.entries.get("wait-for")
        if wait is not None:
            yield f"{place}/wait-for", wait


def ordered(runnables: Sequence[Runnable], problems: Problems) -> tuple[Runnable, ...]:
    """The runnables so that each comes after what it depends on; otherwise in the order given. A circle is a problem."""
    by_name = {runnable.name: runnable for runnable in runnables}
    graph = {runnable.name: [name for name in runnable.depends.runnables if name in by_name] for runnable in runnables}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        circle: list[str] = error.args[1]
        place = by_name[circle[0]].place
        problems.error("depends-cycle", place, f"`depends` goes round in a circle: {' → '.join(reversed(circle))}")
        return tuple(runnables)
    return tuple(by_name[name] for name in _stable(graph))


def _stable(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """Depth first, so that what nothing orders stays in the order given."""
    done: dict[str, None] = {}
    for start in graph:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            before = next((needed for needed in graph[name] if needed not in done), None)
            if before is None:
                done.setdefault(waiting.pop())
            else:
                waiting.append(before)
    return list(done)


def _targets(session: Session, node: Node, holder: str, path: str) -> tuple[str, ...]:
    target = session.reference(node, holder, path)
    if not target:
        return ()
    kind = session.kind(target)
    if kind in GROUPS:
        return flattened(session, target)
    return () if kind == INSTANCE or is_outside(session.node(target), kind) else (target,)
