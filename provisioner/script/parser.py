"""ArrowScript tokens to a tree, in bounded depth and length."""

import re
from functools import lru_cache
from typing import Final

from provisioner.script.lexer import ScriptSyntaxError, tokens, unescape
from provisioner.script.tokens import Kind, Token
from provisioner.script.tree import Array, Block, Call, Item, Literal, Object, Script, Template, Variable

MAXIMUM_DEPTH: Final = 40
MAXIMUM_LENGTH: Final = 100_000

_CLOSING: Final = frozenset({")", "]", "}", ",", ":", "end"})
_NAME_HOLE: Final = re.compile(r"\$\{\s*\$?([^\W\d_][\w-]*)\s*\}")
_MEMBER: Final = re.compile(r"\s*(?=[^\W\d_][\w-]*\s*\[)")
_TEXT: Final = re.compile(r"(?:[^\\$]|\\.|\$(?!\{))+", re.DOTALL)
_HOLE: Final = re.compile(r"""[^{}"']+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|.""", re.DOTALL)


@lru_cache(maxsize=4096)
def parse(source: str) -> Script:
    """The tree of `source`, which may start with the arrow `<-`. Raises `ScriptSyntaxError`."""
    if len(source) > MAXIMUM_LENGTH:
        raise ScriptSyntaxError(f"expected at most {MAXIMUM_LENGTH} characters, found {len(source)}", 0)
    start = _arrow_end(source)
    return _parse(source[start:], start, 0)


def _arrow_end(source: str) -> int:
    """Where the expression starts: after the arrow, unless the arrow opens a function."""
    match = re.match(r"\s*<-(?!\{)", source)
    return match.end() if match else 0


def _parse(source: str, shift: int, depth: int) -> Script:
    parser = _Parser(tokens(source, shift), depth)
    script = parser.items()
    parser.expect("end")
    return script


class _Parser:
    def __init__(self, tokens: list[Token], depth: int) -> None:
        self.tokens = tokens
        self.depth = depth
        self.at = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def is_next(self, *kinds: Kind) -> bool:
        return self.tokens[self.at].kind in kinds

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, kind: Kind) -> Token:
        token = self.tokens[self.at]
        if token.kind != kind:
            wanted = "the end" if kind == "end" else f'"{kind}"'
            found = "the end" if token.kind == "end" else f'"{token.text}"'
            raise ScriptSyntaxError(f"expected {wanted}, found {found}", token.offset)
        return self.take()

    def items(self) -> Script:
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise ScriptSyntaxError(f"nested deeper than {MAXIMUM_DEPTH} levels", self.next.offset)
        items: list[Item] = []
        while self.tokens[self.at].kind not in _CLOSING:
            items.append(self.item())
        self.depth -= 1
        return Script(items=tuple(items))

    def item(self) -> Item:  # noqa: PLR0911 - one line per kind of item
        token = self.take()
        offset = token.offset
        if token.kind == "literal":
            return Literal(value=token.value, offset=offset)
        if token.kind == "variable":
            return self.variable(token, offset)
        if token.kind == "word":
            return Call(name=token.text, arguments=self.arguments(token), offset=offset)
        if token.kind == "template":
            return Template(pieces=self.pieces(token), offset=offset)
        if token.kind == "[":
            return Array(elements=self.listed("]"), offset=offset)
        if token.kind == "{":
            return self.object(offset)
        if token.kind == "<-{":
            body = self.items()
            self.expect("}")
            return Block(body=body, offset=offset)
        raise ScriptSyntaxError(f'expected a value, found "{token.text}"', token.offset)

    def variable(self, token: Token, offset: int) -> Variable:
        if not self.is_next("[") or self.next.offset != token.end:
            return Variable(name=token.text, offset=offset)
        self.take()
        member = self.items()
        self.expect("]")
        return Variable(name=token.text, member=member, offset=offset)

    def arguments(self, word: Token) -> tuple[Script, ...] | None:
        following = self.tokens[self.at]
        if following.kind != "(" or following.offset != word.end:
            return None
        self.take()
        return self.listed(")")

    def listed(self, closing: Kind) -> tuple[Script, ...]:
        """Expressions between commas, up to and with `closing`."""
        found: list[Script] = []
        while not self.is_next(closing):
            found.append(self.filled())
            if not self.is_next(closing):
                self.expect(",")
        self.take()
        return tuple(found)

    def object(self, offset: int) -> Object:
        pairs: list[tuple[Script, Script]] = []
        while not self.is_next("}"):
            key = self.key()
            self.expect(":")
            pairs.append((key, self.filled()))
            if not self.is_next("}"):
                self.expect(",")
        self.take()
        return Object(pairs=tuple(pairs), offset=offset)

    def key(self) -> Script:
        """A bare word is its own text; anything else an expression."""
        if self.is_next("word") and self.tokens[self.at + 1].kind == ":":
            word = self.take()
            return Script(items=(Literal(value=word.text, offset=word.offset),))
        return self.filled()

    def filled(self) -> Script:
        script = self.items()
        if not script.items:
            token = self.next
            found = "the end" if token.kind == "end" else f'"{token.text}"'
            raise ScriptSyntaxError(f"expected a value, found {found}", token.offset)
        return script

    def pieces(self, token: Token) -> tuple[str | Script, ...]:
        """A template's text and `${…}` holes. A hole is a variable's name, `name[key]`, or any expression."""
        raw, at, pieces = token.text, 0, list[str | Script]()
        while at < len(raw):
            text = _TEXT.match(raw, at)
            if text:
                pieces.append(unescape(text[0]))
                at = text.end()
                continue
            name = _NAME_HOLE.match(raw, at)
            if name:
                pieces.append(Script(items=(Variable(name=name[1], offset=token.offset + at + 3),)))
                at = name.end()
                continue
            end = _hole_end(raw, at + 2)
            if end == len(raw):
                raise ScriptSyntaxError("expected a closing } after ${", token.offset + 1 + at)
            pieces.append(self.hole(raw[at + 2 : end], token.offset + at + 3))
            at = end + 1
        return tuple(pieces)

    def hole(self, source: str, offset: int) -> Script:
        if _MEMBER.match(source):
            return _parse("$" + source.lstrip(), offset, self.depth)
        script = _parse(source, offset, self.depth)
        if not script.items:
            raise ScriptSyntaxError("expected a variable between ${ and }", offset)
        return script


def _hole_end(raw: str, at: int) -> int:
    """Where the hole that starts at `at` closes: quotes and inner braces count; the end of `raw` where it never does."""
    depth = 1
    while at < len(raw):
        match = _HOLE.match(raw, at)
        if match is None:
            break
        depth += (match[0] == "{") - (match[0] == "}")
        if not depth:
            return at
        at = match.end()
    return len(raw)
