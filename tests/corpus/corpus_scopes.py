"""The value of every expression in every definition that uses it, in the groups that run it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from provisioner.errors import Problems
from provisioner.package import Catalog
from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import BROKEN, Evaluation
from provisioner.resolve.inherit import Inheritance
from provisioner.resolve.kinds import BASE, GROUPS, INSTANCE, RUNNABLES
from provisioner.resolve.members import gather
from provisioner.resolve.session import Session
from provisioner.script.values import is_unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    node: Node
    outcome: str
    words: str


def roots(session: Session, names: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is run by itself, and everything that it runs: blueprints and groups, then what is in none of them."""
    covered: set[str] = set()
    for level in (("blueprint",), GROUPS, (*RUNNABLES, INSTANCE), (BASE,)):
        for name in names:
            if session.kind(name) not in level or name in covered:
                continue
            own = Session(session.catalog, {}, Problems(), inheritance=session.inheritance)
            members = (name,) if level[0] not in ("blueprint", *GROUPS) else (name, *gather(own, name), *own.members)
            covered.update(members)
            yield name, tuple(dict.fromkeys(members))


def used(catalog: Catalog, names: Sequence[str]) -> Iterator[Used]:
    """Every expression of the definitions named, evaluated where it is used."""
    listing = Session(catalog, {}, Problems(), inheritance=Inheritance(catalog, Problems()))
    for root, members in roots(listing, names):
        problems = Problems()
        session = Session(catalog, {}, problems, inheritance=listing.inheritance)
        if session.kind(root) in ("blueprint", *GROUPS):
            gather(session, root)
        for name in members:
            yield from _of(session, name)


def _of(session: Session, name: str) -> Iterator[Used]:
    scope = session.scope(name)
    is_base = session.kind(name) == BASE
    for path, node in _arrows(scope.node, ()):
        variable = path[1] if path[0] == "variables" and len(path) > 1 and path[-1] != "env" else ""
        outcome, words = _outcome(Evaluation(scope, "/".join((name, *path)), evaluating=variable), node)
        if outcome == "failing" and is_base:
            outcome = "needs an inheritor"
        if outcome == "failing" and session.is_incomplete(name):
            outcome = "follows from a missing reference"
        yield Used(node=node, outcome=outcome, words=words)


def _outcome(evaluation: Evaluation, node: Node) -> tuple[str, str]:
    found = Problems()
    session = evaluation.scope.session
    session.problems, kept = found, session.problems
    try:
        value = evaluation.expression(node)
    finally:
        session.problems = kept
    if value is BROKEN or found.errors:
        words = "; ".join(str(problem) for problem in found.errors)
        is_known = all(problem.code in ("missing-reference", "unknown-service") for problem in found.errors)
        return ("follows from a missing reference" if is_known else "failing"), words or "reported where it is declared"
    return ("after deploy" if is_unknown(value) else "value"), str(value)


def _arrows(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    if isinstance(node.value, str):
        is_code = len(path) > 1 and path[-1] == "code" and ("actions" in path or "checks" in path or "readiness" in path)
        if node.is_arrow or is_code:
            yield path, node
        return
    for key, below in node.entries.items():
        yield from _arrows(below, (*path, key))
    for index, below in enumerate(node.elements):
        yield from _arrows(below, (*path, str(index)))
