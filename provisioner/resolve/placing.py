"""What a definition says of where it runs: affinity, replicas and how far they are apart."""

from typing import Final

from provisioner.package import scalars, validate
from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.kinds import GROUPS
from provisioner.resolve.model import Affinity, Scale, Spread
from provisioner.resolve.pairs import elements
from provisioner.resolve.session import Session

MOST_REPLICAS: Final = 1000


def affinity(session: Session, name: str) -> Affinity:
    """Of the definition `name`."""
    node = session.node(name).entries.get("affinity")
    if node is None:
        return Affinity()
    where = session.scope(name).evaluation(f"{name}/affinity")
    return Affinity(
        name=where.at("name").known_text(node.entries.get("name")) or "",
        tag=where.at("tag").known_text(node.entries.get("tag")) or "",
        resident=_flag(where, node, "resident", absent=False),
        ignore_pressure=_flag(where, node, "ignore-pressure", absent=False),
        together=_together(session, name, node),
        spot=_flag(where, node, "spot", absent=True),
    )


def replicas(session: Session, name: str, scale: Scale | None) -> int:
    """What `replicas` says, else the least of `scale`; 1 where none are stated, or after a problem."""
    node = session.node(name)
    if "replicas" not in node.entries:
        return scale.least if scale else 1
    if scale:
        message = "`scale` is left out: `replicas` says how many copies run"
        session.problems.warning("not-planned", scale.place, message)
    return session.scope(name).evaluation(f"{name}/replicas").parse(node.entries["replicas"], _count) or 1


def scale(session: Session, name: str) -> Scale | None:
    """A number of copies, or `{min, max}`; None where none is stated, or after a problem."""
    node = session.node(name).entries.get("scale")
    if node is None or node.is_empty:
        return None
    where = session.scope(name).evaluation(f"{name}/scale")
    place = node.key_place(where.path)
    if not node.entries:
        count = where.parse(node, _count)
        return None if count is None else Scale(least=count, most=count, place=place)
    least = where.parsed_at(node, "min", _count) or 1
    most = where.parsed_at(node, "max", _count) or least
    if most < least:
        session.problems.error("out-of-range", place, f"expected min to be at most max, found min {least} and max {most}")
        return None
    return Scale(least=least, most=most, place=place)


def spread(session: Session, name: str) -> Spread:
    node = session.node(name).entries.get("spread")
    if node is None:
        return Spread()
    where = session.scope(name).evaluation(f"{name}/spread")
    return Spread(
        max_per_host=where.at("max-per-host").parse(node.entries.get("max-per-host"), _count),
        zones=_flag(where, node, "zones", absent=True),
    )


def survive(session: Session, name: str) -> bool:
    """Whether it must run after a loss."""
    node = session.node(name)
    return "survive" not in node.entries or _flag(session.scope(name).evaluation(name), node, "survive", absent=True)


def _together(session: Session, name: str, node: Node) -> tuple[str, ...]:
    """Full names; what is no runnable is reported."""
    found: dict[str, None] = {}
    path = f"{name}/affinity/with"
    for element in elements(node.entries.get("with"), session.scope(name).evaluation(path)):
        other = session.reference(element, name, path)
        if other and session.kind(other) in GROUPS:
            message = f"expected a runnable, found the group {other}"
            session.problems.error("wrong-type", element.place(path), message, hint="name the runnables that share the host")
        elif other and other != name:
            found.setdefault(other)
    return tuple(found)


def _count(text: str) -> int:
    """From 1 to 1000. The table of keys reports what is written wrongly; what an expression gives is reported by the caller."""
    number = validate.natural(text)
    if not 1 <= number <= MOST_REPLICAS:
        raise ValueError(f'expected a number from 1 to {MOST_REPLICAS}, found "{text}"')
    return number


def _flag(where: Evaluation, node: Node, key: str, *, absent: bool) -> bool:
    stated = where.at(key).parse(node.entries.get(key), scalars.to_bool)
    return absent if stated is None else stated
