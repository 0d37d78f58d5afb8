"""Who runs in which group: groups in groups, down to what runs."""

from provisioner.package.nodes import Node
from provisioner.resolve.kinds import BASE, GROUPS, INSTANCE, RUNNABLES, is_outside
from provisioner.resolve.session import Session


def gather(session: Session, root: str) -> tuple[str, ...]:
    """Everything that `root` runs, in order, each once; fills the session's `groups` and `members`."""
    if root not in session.gathered:
        found: dict[str, None] = {}
        _gather(session, root, (), found)
        session.gathered[root] = tuple(found)
    return session.gathered[root]


def flattened(session: Session, group: str) -> tuple[str, ...]:
    """The runnables of a group and of the groups in it."""
    found: dict[str, None] = {}
    waiting, seen = [group], {group}
    while waiting:
        for name in direct(session, waiting.pop(0)):
            kind = session.kind(name)
            if kind in GROUPS and name not in seen:
                seen.add(name)
                waiting.append(name)
            elif kind in RUNNABLES and not is_outside(session.node(name), kind):
                found.setdefault(name)
    return tuple(found)


def _gather(session: Session, name: str, trail: tuple[str, ...], found: dict[str, None]) -> None:
    if name in session.members:
        return
    members = direct(session, name)
    session.members[name] = members
    for member in members:
        groups = session.groups.setdefault(member, [])
        if name not in groups:
            groups.append(name)
        _member(session, member, name, (*trail, name), found)


def _member(session: Session, member: str, holder: str, trail: tuple[str, ...], found: dict[str, None]) -> None:
    kind = session.kind(member)
    place = session.catalog.definitions[member].place
    if kind in GROUPS or kind == "blueprint":
        if member in trail:
            circle = " → ".join((*trail[trail.index(member) :], member))
            session.problems.error("group-cycle", place, f"groups run each other in a circle: {circle}")
            session.groups[member].remove(holder)
        elif kind == "blueprint":
            session.problems.error(
                "wrong-member", place, f"{holder} runs {member}, which is a blueprint; expected runnables and groups"
            )
        else:
            _gather(session, member, trail, found)
    elif kind in RUNNABLES:
        if not is_outside(session.node(member), kind):
            found.setdefault(member)
    elif kind == INSTANCE:
        session.entities.setdefault(member)
    else:
        what = "has no `defines`" if kind == BASE else "is nothing that runs"
        session.problems.error("wrong-member", place, f"{holder} runs {member}, which {what}; expected runnables and groups")


def direct(session: Session, name: str) -> tuple[str, ...]:
    """What a group or blueprint names as its members, by full names."""
    if name in session.members:
        return session.members[name]
    node = session.node(name)
    keys = ("runs",) if session.kind(name) == "blueprint" else ("members", "runnable-list")
    found: dict[str, None] = {}
    for key in keys:
        for element in _written(session, node.entries.get(key), f"{name}/{key}"):
            member = session.reference(element, name, f"{name}/{key}")
            if member:
                found.setdefault(member)
    return tuple(found)


def _written(session: Session, node: Node | None, path: str) -> tuple[Node, ...]:
    """A list's elements, without empty ones and expressions: who runs in which group is known before any value is."""
    written = (node,) if node is not None and node.is_arrow else node.elements if node else ()
    for element in written:
        if element.is_arrow:
            message = "expected the name of a definition, found an expression: what a group runs is written out"
            session.problems.error("wrong-type", element.place(path), message)
    return tuple(element for element in written if not element.is_arrow and not element.is_empty)
