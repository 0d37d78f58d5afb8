"""A parsed expression. Every node prints back to source that parses to the same tree; offsets play no part in equality."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from provisioner.script.values import BigInt, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    value: Value
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        if isinstance(self.value, BigInt):
            return f"{int(self.value)}n"
        return "nil" if self.value is None else json.dumps(self.value, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """`$name`, or with `member` `$name[expression]`."""

    name: str
    member: "Script | None" = None
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"${self.name}" if self.member is None else f"${self.name}[{self.member}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An operator: in pipe form (`arguments` None) or in call form."""

    name: str
    arguments: "tuple[Script, ...] | None" = None
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return self.name if self.arguments is None else f"{self.name}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Text with expressions in it, between backticks."""

    pieces: "tuple[str | Script, ...]"
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return "`" + "".join(_escaped(piece) if isinstance(piece, str) else f"${{{piece}}}" for piece in self.pieces) + "`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    elements: "tuple[Script, ...]"
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.elements))}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """Keys are expressions too; whatever they give becomes text."""

    pairs: "tuple[tuple[Script, Script], ...]"
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return "{" + ", ".join(f"{key}: {value}" for key, value in self.pairs) + "}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A function, `<-{ … }`."""

    body: "Script"
    offset: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"<-{{ {self.body} }}"


Item = Literal | Variable | Call | Template | Array | Object | Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Items in the order in which they act on the stack."""

    items: tuple[Item, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.items))


def walk(script: Script) -> Iterator[Item]:
    """Every item, outer before inner."""
    waiting = list(script.items)
    while waiting:
        item = waiting.pop()
        yield item
        for below in _below(item):
            waiting.extend(below.items)


def _below(item: Item) -> tuple[Script, ...]:
    if isinstance(item, Call):
        return item.arguments or ()
    if isinstance(item, Variable):
        return (item.member,) if item.member else ()
    if isinstance(item, Template):
        return tuple(piece for piece in item.pieces if isinstance(piece, Script))
    if isinstance(item, Array):
        return item.elements
    if isinstance(item, Object):
        return tuple(script for pair in item.pairs for script in pair)
    return (item.body,) if isinstance(item, Block) else ()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
