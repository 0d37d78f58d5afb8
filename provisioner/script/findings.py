"""What is wrong with an expression without running it: unknown operators, too many arguments, bare words, undocumented forms."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from provisioner.errors import Place, Problem
from provisioner.script.evaluate import bare_word, unknown_operator
from provisioner.script.operators import REGISTRY
from provisioner.script.parser import parse
from provisioner.script.tree import Call, Script, Template, Variable, walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`offset` counts characters from the start of the source."""

    severity: Literal["error", "warning", "note"]
    code: str
    message: str
    offset: int
    hint: str = ""

    def problem(self, place: Place, *, is_spared: bool = False) -> Problem:
        """As a problem. `is_spared`: nothing but this piece of code depends on it, so that an error is a warning."""
        severity = "warning" if is_spared and self.severity == "error" else self.severity
        return Problem(severity=severity, code=self.code, message=self.message, place=place, hint=self.hint)


@lru_cache(maxsize=4096)
def examine(source: str) -> tuple[Script, tuple[Finding, ...]]:
    """The tree of `source`, and everything that is certainly wrong with it. Raises `ScriptSyntaxError`."""
    script = parse(source)
    return script, tuple(findings(script))


def findings(script: Script) -> Iterator[Finding]:
    """Everything that is certainly wrong, wherever in the expression it stands."""
    words: set[int] = set()
    for item in walk(script):
        if isinstance(item, Template):
            yield from _template(item)
        if not isinstance(item, Call):
            continue
        for argument in item.arguments or ():
            word = bare_word(argument)
            if word:
                words.add(word.offset)
                message = f'"{word.name}" is no operator; it is taken as text'
                yield Finding(
                    severity="warning", code="bare-word", message=message, offset=word.offset, hint=f'write "{word.name}"'
                )
        if item.offset not in words:
            yield from _call(item)


def _template(template: Template) -> Iterator[Finding]:
    """The language documents a variable's name between `${` and `}`, and nothing else."""
    for piece in template.pieces:
        only = piece.items[0] if isinstance(piece, Script) and len(piece.items) == 1 else None
        if isinstance(piece, Script) and not (isinstance(only, Variable) and only.member is None):
            message = f"${{{piece}}}: only a variable's name is documented there; more works here, and perhaps nowhere else"
            yield Finding(severity="note", code="template-expression", message=message, offset=piece.items[0].offset)


def _call(call: Call) -> Iterator[Finding]:
    operator = REGISTRY.by_name.get(call.name)
    if operator is None:
        problem = unknown_operator(call)
        yield Finding(severity="error", code=problem.code, message=str(problem), offset=call.offset, hint=problem.hint)
        return
    most, given = operator.most(), len(call.arguments or ())
    if most is not None and given > most:
        message = f"{call.name} takes at most {most} values ({operator.signature}), found {given}"
        yield Finding(severity="error", code="wrong-arguments", message=message, offset=call.offset)
