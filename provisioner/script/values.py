"""What an expression can be worth.

`None` is nil. `int`, `float`, `bool`, `str`, lists and mappings are themselves; `BigInt` is an integer of any size.
`SecretRef`, `Later` and `Parts` stand for what the plan does not know: their text is put together on the host.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from provisioner.script.tree import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRef:
    """Stands where a secret's value will be; printed as `«secret NAME»`."""

    name: str

    def __str__(self) -> str:
        return f"«secret {self.name}»"


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A value known only after the deploy: which operator asked for it, and with what (`ip-address-public`)."""

    operator: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"«{self.operator} after deploy»"


@dataclass(frozen=True, slots=True)
class Parts:
    """Text in pieces, concatenated on the host."""

    pieces: tuple[str | SecretRef | Later, ...]

    def __str__(self) -> str:
        return "".join(str(piece) for piece in self.pieces)


class BigInt(int):
    """An integer written `123n`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a value: what `error?` finds and `if-error` replaces."""

    message: str

    def __str__(self) -> str:
        return f"error: {self.message}"


@dataclass(frozen=True, slots=True)
class Mark:
    """What `mark` leaves on the stack: operators that take everything stop there."""


@dataclass(frozen=True, slots=True)
class Function:
    """A code block, `<-{ … }`, as a value."""

    body: "Script"

    def __str__(self) -> str:
        return f"<-{{ {self.body} }}"


Value = Union[
    None, bool, int, float, str, SecretRef, Later, Parts, Failure, Mark, Function, "Sequence[Value]", "Mapping[str, Value]"
]


def is_unknown(value: Value) -> bool:
    """Does the plan not know this value, or a part of it?"""
    if value is None or isinstance(value, str | int | float):
        return False
    if isinstance(value, SecretRef | Later | Parts):
        return True
    if isinstance(value, Mapping):
        return any(map(is_unknown, value.values()))
    return isinstance(value, Sequence) and not isinstance(value, str) and any(map(is_unknown, value))


def to_text(value: Value) -> "str | Parts":
    """The value as a container receives it. nil is empty; `true`, `1.5`; lists and mappings are JSON."""
    if isinstance(value, (str, Parts)):
        return value
    if isinstance(value, SecretRef | Later):
        return Parts((value,))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | Sequence):
        return to_json(value)
    return str(value)


def join(values: Iterable[Value]) -> "str | Parts":
    """All texts in a row; plain text where nothing in it is unknown."""
    pieces: list[str | SecretRef | Later] = []
    for value in values:
        text = to_text(value)
        for piece in text.pieces if isinstance(text, Parts) else (text,):
            if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += piece
            elif piece != "":
                pieces.append(piece)
    if not pieces:
        return ""
    return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], str) else Parts(tuple(pieces))


def to_json(value: Value) -> str:
    """JSON, keys in the order written; what the plan does not know stands as its printed name."""
    return json.dumps(value, ensure_ascii=False, default=str)


def type_name(value: Value) -> str:
    """The language's name for the value's type, for messages."""
    names: tuple[tuple[type, str], ...] = (
        (type(None), "nil"),
        (bool, "a bool"),
        (BigInt, "a bigint"),
        (int, "an int"),
        (float, "a float"),
        (str, "a string"),
        (SecretRef, "a secret"),
        (Failure, "an error"),
        (Function, "a function"),
    )
    for type_, name in names:
        if isinstance(value, type_):
            return name
    if isinstance(value, Later | Parts):
        return "a value known after the deploy"
    return "an object" if isinstance(value, Mapping) else "an array"
