"""Every expression as it is written: does it lex, does it parse, has it a value where it is used?"""

from collections.abc import Iterator, Sequence

from corpus_scopes import Used, used
from corpus_table import Table

from provisioner.package import Catalog
from provisioner.package.nodes import Node
from provisioner.script.lexer import ScriptSyntaxError, tokens
from provisioner.script.parser import parse

Spot = tuple[str, int, int]
BEST = ("value", "after deploy", "needs an inheritor", "follows from a missing reference", "failing")


def expressions(catalog: Catalog, names: Sequence[str], table: Table) -> None:
    """An expression that several definitions inherit counts once, with its best outcome. Entities' scripts do not count."""
    spots: dict[Spot, str] = {}
    for name in names:
        if catalog.definitions[name].defines not in ("entity", "module"):
            spots.update(_written(catalog.definitions[name].node, ()))
    outcomes: dict[Spot, list[Used]] = {}
    for one in used(catalog, names):
        outcomes.setdefault(_spot(one.node), []).append(one)
    for spot, text in spots.items():
        where = f"{spot[0]}:{spot[1]}: {' '.join(text.split())}"
        lexes, parses = _lexes(text), _parses(text)
        table.count("expressions lexed", "yes" if lexes else "no", where)
        table.count("expressions parsed", "yes" if parses else "no", where)
        if not parses:
            table.count("expressions evaluated", "not parsed", where)
            continue
        found = sorted(outcomes.get(spot, []), key=lambda one: BEST.index(one.outcome))
        if not found:
            table.count("expressions evaluated", "in no definition that can be run", where)
            continue
        table.count("expressions evaluated", found[0].outcome, f"{where} → {found[0].words}")


def _written(node: Node, path: tuple[str, ...]) -> Iterator[tuple[Spot, str]]:
    if isinstance(node.value, str):
        if node.is_arrow or is_code(path):
            yield _spot(node), node.value
        return
    for key, below in node.entries.items():
        yield from _written(below, (*path, key))
    for index, below in enumerate(node.elements):
        yield from _written(below, (*path, str(index)))


def is_code(path: Sequence[str]) -> bool:
    """Is the scalar at this path ArrowScript without an arrow?"""
    return len(path) > 1 and path[-1] == "code" and ("actions" in path or "checks" in path or "readiness" in path)


def _spot(node: Node) -> Spot:
    return node.file, node.line, node.column


def _lexes(text: str) -> bool:
    try:
        return bool(tokens(text.removeprefix("<-")))
    except ScriptSyntaxError:
        return False


def _parses(text: str) -> bool:
    try:
        parse(text)
    except ScriptSyntaxError:
        return False
    return True
