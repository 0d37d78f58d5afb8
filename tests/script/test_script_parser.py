"""Parsing and printing are each other's inverse, and no text breaks the parser."""

from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.script.context import Nowhere
from provisioner.script.evaluate import EvaluationError, evaluate
from provisioner.script.lexer import ScriptSyntaxError
from provisioner.script.parser import parse
from provisioner.script.tree import Array, Block, Call, Item, Literal, Object, Script, Template, Variable
from provisioner.script.values import BigInt

NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True).filter(lambda name: name not in ("true", "false", "nil"))
LITERALS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.integers(0, 10**30).map(BigInt),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
).map(lambda value: Literal(value=value))
VARIABLES = NAMES.map(lambda name: Variable(name=name))


def scripts(items: st.SearchStrategy[Item], least: int = 0) -> st.SearchStrategy[Script]:
    return st.lists(items, min_size=least, max_size=3).map(lambda found: Script(items=tuple(found)))


def call(name: str, given: "list[Script] | None") -> Item:
    return Call(name=name, arguments=None if given is None else tuple(given))


def member(name: str, key: Script) -> Item:
    return Variable(name=name, member=key)


def pair(key: str, value: Script) -> tuple[Script, Script]:
    return Script(items=(Literal(value=key),)), value


def hole(text: str, name: str) -> tuple[str | Script, ...]:
    return text, Script(items=(Variable(name=name),))


def deeper(items: st.SearchStrategy[Item]) -> st.SearchStrategy[Item]:
    filled = scripts(items, 1)
    some = st.lists(filled, max_size=2)
    texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=6)
    pairs = st.lists(st.builds(pair, st.text(max_size=4), filled), max_size=2)
    holes = st.lists(st.builds(hole, texts, NAMES), max_size=2)
    return st.one_of(
        st.builds(call, NAMES, st.none() | some),
        some.map(lambda found: Array(elements=tuple(found))),
        pairs.map(lambda found: Object(pairs=tuple(found))),
        filled.map(lambda body: Block(body=body)),
        st.builds(member, NAMES, filled),
        holes.map(lambda found: Template(pieces=tuple(piece for one in found for piece in one))),
    )


TREES = scripts(st.recursive(LITERALS | VARIABLES, deeper, max_leaves=8))


@given(TREES)
@settings(max_examples=200, deadline=None)
def test_what_is_printed_parses_to_the_same_tree(tree: Script) -> None:
    assert parse(str(tree)) == tree


@given(st.text(alphabet=st.sampled_from(list("ab$`{}[]()<-,:\"'\\ 01.n?\n")), max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_value_or_a_problem(source: str) -> None:
    try:
        evaluate(parse(source), Nowhere())
    except (ScriptSyntaxError, EvaluationError) as problem:
        assert 0 <= problem.offset <= len(source)  # noqa: PT017 - a problem is one of two right answers
