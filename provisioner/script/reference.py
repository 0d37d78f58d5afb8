"""The reference page of ArrowScript: how an expression is written, its limits, and every operator from the registry.

python -m provisioner.script.reference          writes `docs/reference/arrowscript.md`
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Final

from provisioner.script.evaluate import MAXIMUM_DEPTH, MAXIMUM_SIZE, MAXIMUM_STEPS
from provisioner.script.operators import (
    FAMILIES,
    collections,
    internals,
    json,
    live,
    logic,
    numbers,
    random,
    secrets,
    text,
    topology,
    types,
)
from provisioner.script.operators.registry import Operator
from provisioner.script.parser import MAXIMUM_DEPTH as MAXIMUM_NESTING
from provisioner.script.parser import MAXIMUM_LENGTH

TITLES: Final[Mapping[ModuleType, str]] = {
    text: "Text",
    logic: "Conditions",
    numbers: "Numbers",
    types: "Types",
    collections: "Arrays and objects",
    json: "JSON",
    internals: "The stack",
    topology: "Other definitions",
    secrets: "Secrets",
    random: "Random values",
    live: "What runs",
}

_KNOWN: Final = ", ".join(f"`{name}`" for name in sorted(live.KNOWN_TO_HOSTS))

_HEAD: Final = f"""\
# ArrowScript

Written from the registry of operators (`provisioner/script/operators`) by `python -m provisioner.script.reference`; a test
compares. `provisioner eval EXPR --in NAME` prints the value of an expression.

A value that starts with `<- ` is an expression. It is read from left to right: literals and variables are put on a stack, an
operator takes what it needs from there and puts its result back. The value is what stands on top at the end.

| form | meaning |
| --- | --- |
| `$name` | A variable of the definition, of the groups and blueprint that run it, or a built-in one |
| `$name[key]` | An entry of a variable that is an object, `$args["user"]` in actions |
| `"text"`, `'text'` | Text as it stands; JSON's escapes. `"${{name}}"` is not replaced |
| `` `text ${{name}}` `` | Text with variables in it |
| `8080`, `0x1F`, `0b11`, `0644`, `1.5`, `12n` | Whole, hexadecimal, binary, octal, floating-point, of any size |
| `true`, `false`, `nil` | |
| `[a, b]`, `{{"key": a}}` | An array, an object |
| `operator`, `operator(a, b)` | Pipe form and call form: `1 2 add`, `1 add(2)` and `add(1, 2)` are the same |
| `<-{{ … }}` | A function, for `map`, `filter` and `callf` |

In a signature, what stands before the bar comes from the stack, what stands after it from the parentheses or, where these are
left out, from the stack too; `name?` may be left out, `name...` takes any number.

A secret stays its name, and what only running machines know stays a value *known after the deploy*: a plan never needs either.
Text that such a value is joined with is put together on the host; any other operator on it gives a value known after the deploy.
A deployment gives containers what hosts know: {_KNOWN}. What else a container's
texts need is a warning of `check` and `plan`, and refused when it is deployed; checks and actions ask all of it live.

## Limits

| of | at most |
| --- | --- |
| steps of one run | {MAXIMUM_STEPS:,} |
| functions that call each other | {MAXIMUM_DEPTH} |
| a text, an array, the stack | {MAXIMUM_SIZE:,} characters or elements |
| brackets in brackets | {MAXIMUM_NESTING} |
| an expression's text | {MAXIMUM_LENGTH:,} characters |
"""


def page() -> str:
    """Markdown."""
    return _HEAD + "".join(line for family in FAMILIES for line in _family(family))


def _family(family: ModuleType) -> Iterator[str]:
    yield f"\n## {TITLES[family]}\n\n{(family.__doc__ or '').strip()}\n\n"
    yield "| operator | signature | does | example |\n| --- | --- | --- | --- |\n"
    for operator in sorted(family.OPERATORS, key=lambda one: one.name):
        yield _row(operator)


def _row(operator: Operator) -> str:
    names = ", ".join(f"`{name}`" for name in (operator.name, *operator.aliases))
    examples = "<br>".join(f"{_code(source)} → {_code(result)}" for source, result in operator.examples)
    return f"| {names} | {_code(operator.signature)} | {operator.doc} | {examples} |\n"


def _code(source: str) -> str:
    """Code in a table's cell: a bar in it would end the cell."""
    return f"`{source}`".replace("|", "\\|")


if __name__ == "__main__":
    (Path(__file__).parents[2] / "docs" / "reference" / "arrowscript.md").write_text(page(), "utf-8")
