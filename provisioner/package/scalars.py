"""What a scalar's source text means, once its type is known. YAML's own guesses (`0644`, `yes`, `3.10`, `12:30`) play no part.

Every conversion raises `ValueError` with what was expected; callers add the place.
"""

import re
from typing import Final

_WORDS: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_DECIMAL: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_OTHER_BASE: Final = re.compile(r"([-+]?)0([xX][0-9a-fA-F]+|[bB][01]+|[oO]?[0-7]+)")
_MAXIMUM_DIGITS: Final = 1000


def to_bool(text: str) -> bool:
    """`true`, `yes`, `on` and their opposites, in any case."""
    if text.strip().lower() not in _WORDS:
        raise ValueError(f'expected true or false, found "{text}"')
    return _WORDS[text.strip().lower()]


def to_int(text: str) -> int:
    """Decimal, `0x`, `0b`, and octal as `0755` or `0o755`."""
    cleaned = text.strip()
    if len(cleaned) <= _MAXIMUM_DIGITS:
        if _DECIMAL.fullmatch(cleaned):
            return int(cleaned)
        match = _OTHER_BASE.fullmatch(cleaned)
        if match:
            return int(match[1] + _with_prefix(match[2]), 0)
    raise ValueError(f'expected a whole number, found "{_short(text)}"')


def to_float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f'expected a number, found "{_short(text)}"') from None


def infer(text: str) -> str | int | float | bool:
    """The value of a plain scalar with no declared type. It is converted only where printing gives the same text again."""
    if text in ("true", "false"):
        return text == "true"
    if _DECIMAL.fullmatch(text) and len(text) < 19 and str(int(text)) == text:
        return int(text)
    if text[:1] in "-0123456789" and "." in text:
        try:
            number = float(text)
        except ValueError:
            return text
        return number if repr(number) == text else text
    return text


def _with_prefix(digits: str) -> str:
    return f"0{digits}" if digits[0] in "xXbBoO" else f"0o{digits}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
