"""What a function of a kind refuses, read from its source: the texts of its `Failure`s and refusals, and where they are from.

A kind's rules are code, so that they can be run; this reads the same code, so that the page cannot say anything else.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import CodeType, FunctionType, ModuleType
from typing import Any

from provisioner.sandbox.kinds import Kind

HOME = "provisioner.sandbox."
HELPERS = ("refusal", "invalid", "_invalid")
"""Functions that put a refusal together from what they are given: their callers say what."""
Scope = Mapping[str, Any]
"""Names that a function sees: its module's, and those that enclose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`words`: each refusal, with `{…}` for what differs. `sources`: the pages named beside the figures that are used."""

    words: tuple[str, ...]
    sources: tuple[str, ...]


def of(kind: Kind) -> Rules:
    """Everything that a kind refuses before a call, when it is called, and when it is deleted."""
    last = (kind.deleted,) if kind.deleted else ()
    return read((kind.check, kind.refuse, kind.identify, kind.outputs, *last), kind.token)


def read(functions: Iterable[Callable[..., Any]], token: str) -> Rules:
    """Everything that these functions, and those that they call, refuse of a type."""
    found = list(_reachable(functions))
    words = [text for function in found for text in _words(function, token)]
    sources = [source for function in found for source in _sources(function)]
    return Rules(words=tuple(sorted(set(words))), sources=tuple(sorted(set(sources))))


def _reachable(functions: Iterable[Callable[..., Any]]) -> Iterator[FunctionType]:
    waiting: list[object] = list(functions)
    seen: set[int] = set()
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, (tuple, list)):
            waiting += found  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(found, dict):
            waiting += found.values()  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        elif isinstance(found, FunctionType) and found.__module__.startswith(HOME) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += _called(found)


def _called(function: FunctionType) -> Iterator[object]:
    scope = _scope(function)
    names = dict.fromkeys(_names(function.__code__))
    for name in names:
        found = scope.get(name)
        if _is_ours(found):
            inner = (getattr(found, each, None) for each in names)
            yield from (each for each in inner if isinstance(each, (FunctionType, tuple)))
        elif found is not None:
            yield found


def _is_ours(found: object) -> bool:
    """A module of the sandbox, or an object of one of its classes: its functions are called by name."""
    home = found.__name__ if isinstance(found, ModuleType) else type(found).__module__
    return home.startswith(HOME)


def _names(code: CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _scope(function: FunctionType) -> Scope:
    return {**function.__globals__, **inspect.getclosurevars(function).nonlocals}


def _words(function: FunctionType, token: str) -> Iterator[str]:
    if function.__name__ not in HELPERS:
        node, scope = _node(function), _scope(function)
        assigned = _assigned(node)
        for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
            yield from _refusal(call, {**scope, **assigned(call.lineno)})
    for table in (function.__globals__.get(name) for name in function.__code__.co_names):
        if isinstance(table, dict) and isinstance(table.get(token), tuple):  # pyright: ignore[reportUnknownMemberType]
            most, words = table[token]  # pyright: ignore[reportUnknownVariableType]
            yield f"{words} (at most {most})"


def _refusal(call: ast.Call, scope: Scope) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = [_text(argument, scope) for argument in call.args]
    keywords = {keyword.arg: _text(keyword.value, scope) for keyword in call.keywords}
    match name:
        case "CloudRefusal" if given and not given[0].startswith("{"):
            yield given[0]
        case "refusal" if len(given) == 2:
            yield f"{given[0]}: {given[1]}"
        case "invalid" if len(given) == 3:
            yield f"invalid `{given[0]}`: {given[2]}"
        case "_invalid" if len(given) == 1 and isinstance(scope.get(name), FunctionType):
            yield from _through(scope[name], given[0])
        case "Failure" if "reason" in keywords and not keywords["reason"].startswith("{"):
            yield f"`{keywords.get('property', '')}`: {keywords['reason']}"
        case _:
            return


def _through(helper: FunctionType, given: str) -> Iterator[str]:
    """What a module's own helper makes of the one text that it is given."""
    node = _node(helper)
    for call in (each for each in ast.walk(node) if isinstance(each, ast.Call)):
        yield from _refusal(call, {**_scope(helper), helper.__code__.co_varnames[0]: given})


def _text(node: ast.expr, scope: Scope) -> str:
    """A text with `{…}` for what is known only in a call; constants of the module stand for themselves."""
    match node:
        case ast.Constant():
            return str(node.value)
        case ast.JoinedStr():
            return "".join(_text(part, scope) for part in node.values)
        case ast.FormattedValue():
            return _text(node.value, scope)
        case ast.BinOp(op=ast.Add()):
            return _text(node.left, scope) + _text(node.right, scope)
        case ast.Name():
            return _name(node.id, scope)
        case _:
            return "{…}"


def _name(name: str, scope: Scope) -> str:
    found = scope.get(name)
    if isinstance(found, ast.expr):
        return _text(found, {**scope, name: None})
    return str(found) if isinstance(found, (str, int)) else f"{{{name}}}"


def _assigned(node: ast.AST) -> Callable[[int], Mapping[str, ast.expr | None]]:
    """What each local name stands for at a line: the text last assigned to it, or None where it is no text."""
    found: list[tuple[int, str, ast.expr | None]] = []
    for each in ast.walk(node):
        if isinstance(each, ast.arg):
            found.append((0, each.arg, None))
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            found.append((each.lineno, each.id, None))
        elif isinstance(each, ast.Assign) and isinstance(each.value, (ast.Constant, ast.JoinedStr, ast.BinOp)):
            found += [(each.lineno + 1, target.id, each.value) for target in each.targets if isinstance(target, ast.Name)]
    found.sort(key=lambda entry: entry[0])
    return lambda line: {name: value for at, name, value in found if at <= line}


def _sources(function: FunctionType) -> Iterator[str]:
    """The notes beside the module's figures that the function uses."""
    notes = _notes(function.__module__)
    yield from (notes[name] for name in _names(function.__code__) if name in notes)


@cache
def _module(name: str) -> ast.Module:
    return ast.parse(inspect.getsource(sys.modules[name]))


@cache
def _notes(module: str) -> Mapping[str, str]:
    """Constant to the text below it, where that text names its page in brackets at the end."""
    body = _module(module).body
    found: dict[str, str] = {}
    for statement, note in pairwise(body):
        if isinstance(note, ast.Expr) and isinstance(note.value, ast.Constant):
            text = " ".join(str(note.value.value).split())
            for name in _targets(statement):
                if text.endswith((").", ")")):
                    found[name] = text.rstrip(".")
    return found


def _targets(statement: ast.stmt) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _node(function: FunctionType) -> ast.AST:
    line, name = function.__code__.co_firstlineno, function.__name__
    nodes = [node for node in ast.walk(_module(function.__module__)) if isinstance(node, (ast.FunctionDef, ast.Lambda))]
    named = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == name]
    wanted = named if name != "<lambda>" else [node for node in nodes if isinstance(node, ast.Lambda)]
    return min(wanted, key=lambda node: abs(node.lineno - line))
