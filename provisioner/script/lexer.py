"""ArrowScript source to tokens."""

import re
from typing import Final

from provisioner.script.tokens import Kind, Token
from provisioner.script.values import BigInt, Value

_NAME: Final = r"[^\W\d_][\w-]*"
_TOKEN: Final = re.compile(
    rf"""(?P<space>\s+)
    |(?P<template>`(?:[^`\\]|\\.)*`)
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<number>[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)n?(?![\w]))
    |(?P<variable>\$(?:{_NAME}|\{{{_NAME}\}}))
    |(?P<function><-\{{)
    |(?P<word>{_NAME}\??)
    |(?P<mark>[()\[\]{{}},:])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "/": "/",
    "\\": "\\",
    '"': '"',
    "'": "'",
    "`": "`",
    "$": "$",
}
_MARKS: Final[dict[str, Kind]] = {"(": "(", ")": ")", "[": "[", "]": "]", "{": "{", "}": "}", ",": ",", ":": ":"}
_WORDS: Final[dict[str, Value]] = {"true": True, "false": False, "nil": None}
_MAXIMUM_DIGITS: Final = 1000


class ScriptSyntaxError(ValueError):
    """The source is not ArrowScript; `offset` says where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def tokens(source: str, shift: int = 0) -> list[Token]:
    """The tokens of `source`, `end` last; `shift` is added to every offset. Raises `ScriptSyntaxError`."""
    found: list[Token] = []
    at, length = 0, len(source)
    while at < length:
        match = _TOKEN.match(source, at)
        if match is None:
            raise ScriptSyntaxError(_unexpected(source, at), at + shift)
        start, at = at, match.end()
        if match.lastgroup != "space":
            found.append(_token(match.lastgroup, match[0], start + shift, at + shift))
    found.append(Token("end", "", at + shift))
    return found


def unescape(text: str) -> str:
    """JSON's escapes, and those of the quotes; any other backslash stays, as regular expressions in packages need."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, match[0])


def _token(kind: str | None, text: str, offset: int, end: int) -> Token:  # noqa: PLR0911 - one line per kind of token
    if kind == "string":
        return Token("literal", text, offset, unescape(text[1:-1]), end)
    if kind == "template":
        return Token("template", text[1:-1], offset, None, end)
    if kind == "number":
        return Token("literal", text, offset, _number(text, offset), end)
    if kind == "variable":
        return Token("variable", text.strip("${}"), offset, None, end)
    if kind == "function":
        return Token("<-{", text, offset, None, end)
    if kind == "word":
        return Token("literal", text, offset, _WORDS[text], end) if text in _WORDS else Token("word", text, offset, None, end)
    return Token(_MARKS[text], text, offset, None, end)


def _number(text: str, offset: int) -> int | float:
    if len(text) > _MAXIMUM_DIGITS:
        raise ScriptSyntaxError(f"expected a number of at most {_MAXIMUM_DIGITS} digits", offset)
    big = text.endswith("n")
    digits = text.removesuffix("n")
    sign = -1 if digits[0] == "-" else 1
    plain = digits.lstrip("+-").lower()
    if plain[:2] in ("0x", "0b"):
        number = sign * int(plain, 0)
    elif plain.isdigit():
        number = sign * int(plain, 8 if len(plain) > 1 and plain[0] == "0" and set(plain) <= set("01234567") else 10)
    else:
        return sign * float(plain)
    return BigInt(number) if big else number


def _unexpected(source: str, at: int) -> str:
    character = source[at]
    if character in "\"'`":
        return f"expected a closing {character}, found the end"
    if character == "$":
        return "expected a variable's name after $"
    return f'expected a value, a variable or an operator, found "{character}"'
