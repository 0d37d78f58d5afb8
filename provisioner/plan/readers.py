"""Readers of scalars: each takes an evaluated value and returns it typed, or raises `UnreadableError` with what was expected.

Where the expectation has limits, a function makes the reader:
`section.read("zones", integer("a number of zones", 1, 8), default=1)`.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import TypeVar

from provisioner.errors import nearest
from provisioner.package.scalars import to_bool
from provisioner.units import Money, parse_cpu, parse_duration, parse_gib, parse_mib, parse_percent

Choice = TypeVar("Choice", bound=str)


class UnreadableError(ValueError):
    """A value that is not what was expected. `code` and `hint` go into the problem."""

    def __init__(self, message: str, *, code: str = "wrong-type", hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


def found(value: object) -> str:
    """A value as messages show it: `"http"`, `3`, `true`, `nothing`, `a list`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return f'"{value}"'


def text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnreadableError(f"expected text, found {found(value)}")
    return value.strip()


def boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise UnreadableError(f"expected true or false, found {found(value)}")
    try:
        return to_bool(value)
    except ValueError as error:
        raise UnreadableError(str(error)) from None


def integer(what: str, least: int, most: int) -> Callable[[object], int]:
    """A reader of whole numbers from `least` to `most`; `what` names them in messages ("a port number")."""

    def read(value: object) -> int:
        expected = f"expected {what} from {least} to {most}, found {found(value)}"
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise UnreadableError(expected)
        whole = value.is_integer() if isinstance(value, float) else re.fullmatch(r"\s*-?[0-9]{1,18}\s*", str(value))
        if not whole:
            raise UnreadableError(expected)
        number = int(value)
        if not least <= number <= most:
            raise UnreadableError(expected, code="out-of-range")
        return number

    return read


def choice(choices: tuple[Choice, ...]) -> Callable[[object], Choice]:
    """A reader of one of `choices`, upper and lower case alike."""

    def read(value: object) -> Choice:
        for option in choices:
            if isinstance(value, str) and value.strip().lower() == option.lower():
                return option
        close = nearest(value.lower(), choices) if isinstance(value, str) else ""
        hint = f"did you mean {close}?" if close else ""
        raise UnreadableError(f"expected {_one_of(choices)}, found {found(value)}", code="unknown-choice", hint=hint)

    return read


def cpu(value: object) -> int:
    """Thousandths of a vCPU from `2`, `0.5`, `500m`."""
    return _positive(_quantity(parse_cpu, value, "a number of CPUs such as 2, 0.5 or 500m"), value, "CPUs")


def memory_mib(value: object) -> int:
    """MiB from `4GiB`, `512Mi`."""
    return _positive(_quantity(parse_mib, value, "an amount of memory such as 4GiB or 512MiB"), value, "memory")


def size_gib(least: int, most: int) -> Callable[[object], int]:
    """A reader of disk sizes in GiB: `30GiB`, `1TiB`, or a bare number of GiB."""

    def read(value: object) -> int:
        size = _quantity(parse_gib, value, "a disk size such as 30GiB")
        if not least <= size <= most:
            message = f"expected a disk size from {least} GiB to {most} GiB, found {found(value)}"
            raise UnreadableError(message, code="out-of-range")
        return size

    return read


def percent(most: int) -> Callable[[object], int]:
    """A reader of whole shares from 0 % to `most`: `30%` or 30."""

    def read(value: object) -> int:
        share = _quantity(parse_percent, value, "a whole share such as 30%")
        if share > most:
            raise UnreadableError(f"expected a share from 0% to {most}%, found {found(value)}", code="out-of-range")
        return share

    return read


def whole_seconds(least: int, most: int) -> Callable[[object], int]:
    """A reader of durations: `30s`, `5m`, or a bare number of seconds."""

    def read(value: object) -> int:
        duration = _quantity(parse_duration, value, "a duration such as 30s or 5m")
        if duration != int(duration) or not least <= duration <= most:
            message = f"expected whole seconds from {least} to {most}, found {found(value)}"
            raise UnreadableError(message, code="out-of-range")
        return int(duration)

    return read


def money(value: object) -> Money:
    """From `400 USD`, `$12.50`, 400."""
    amount = _quantity(Money.parse, value, 'an amount such as "400 USD"')
    if amount.nano <= 0:
        raise UnreadableError(f"expected an amount above zero, found {found(value)}", code="out-of-range")
    return amount


def cidr(value: object) -> str:
    """An IPv4 address range in its canonical form, `10.20.0.0/16`. Bits after the prefix are refused."""
    if not isinstance(value, str) or "/" not in value:
        raise UnreadableError(f"expected an IPv4 address range such as 10.20.0.0/16, found {found(value)}")
    try:
        return str(ipaddress.IPv4Network(value.strip()))
    except ValueError:
        hint = _canonical_range(value)
        message = f"expected an IPv4 address range such as 10.20.0.0/16, found {found(value)}"
        raise UnreadableError(message, hint=f"did you mean {hint}?" if hint else "") from None


def absolute_path(value: object) -> str:
    """A path on the host below `/`, without `..` and without a trailing slash."""
    path = text(value)
    parts = path.rstrip("/").split("/")
    if not path.startswith("/") or len(parts) < 2 or ".." in parts or not re.fullmatch(r"[A-Za-z0-9_./+-]+", path):
        raise UnreadableError(f"expected an absolute path on the host, found {found(value)}")
    return "/" + "/".join(part for part in parts if part not in ("", "."))


Quantity = TypeVar("Quantity")


def _quantity(parse: Callable[[str | int | float], Quantity], value: object, expected: str) -> Quantity:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise UnreadableError(f"expected {expected}, found {found(value)}")
    try:
        return parse(value)
    except ValueError:
        raise UnreadableError(f"expected {expected}, found {found(value)}") from None


def _positive(amount: int, value: object, what: str) -> int:
    if amount <= 0:
        raise UnreadableError(f"expected an amount of {what} above zero, found {found(value)}", code="out-of-range")
    return amount


def _one_of(choices: tuple[str, ...]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def _canonical_range(value: str) -> str:
    try:
        return str(ipaddress.IPv4Network(value.strip(), strict=False))
    except ValueError:
        return ""
