"""The types that the table of keys gives to scalars: how each reads source text, and what it is called in messages.

Every function raises `ValueError` with what was expected; callers add the place.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from provisioner.errors import nearest
from provisioner.package import scalars
from provisioner.package.row import Key, Type
from provisioner.units import Money, parse_bytes, parse_cpu, parse_duration, parse_gib, parse_percent

NOUNS: Final[Mapping[Type, str]] = {
    "section": "a mapping",
    "names": "a mapping",
    "sections": "a mapping, or a list of mappings",
    "list": "a list",
    "list or names": "a list or a mapping",
    "text or list": "text or a list",
    "text": "text",
    "code": "ArrowScript",
    "int": "a whole number",
    "number": "a number",
    "bool": "true or false",
    "port": "a port number from 1 to 65535",
    "mode": "permission bits such as 0644",
    "cpu": "a number of CPUs such as 2, 0.5 or 500m",
    "memory": "an amount of memory such as 4GiB",
    "disk": "a disk size such as 30GiB",
    "duration": "a duration such as 30s or 5m",
    "percent": "a share such as 30%",
    "money": 'an amount such as "400 USD"',
    "cidr": "an IPv4 address range such as 10.20.0.0/16",
    "time": "a time of day such as 03:30",
}


def check_scalar(key: Key, text: str) -> None:
    """Raise `ValueError` where a scalar's text is not of its key's type."""
    if len(text) <= _SHORT:
        _check_short(key, text)
    else:
        _check(key, text)


def _check(key: Key, text: str) -> None:
    if key.choices and text not in key.choices:
        hint = nearest(text, key.choices)
        raise ValueError(f'expected {_one_of(key.choices)}, found "{text}"' + (f"; did you mean {hint}?" if hint else ""))
    if key.type in _PARSERS:
        number = _PARSERS[key.type](text)
        if key.within and isinstance(number, int) and not key.within[0] <= number <= key.within[1]:
            raise ValueError(f'expected a number from {key.within[0]} to {key.within[1]}, found "{text}"')


_SHORT: Final = 40
_check_short: Final = lru_cache(maxsize=4096)(_check)
"""Packages say the same few values again and again."""


def port(text: str) -> int:
    """A port number; `ValueError` outside 1 to 65535."""
    try:
        number = scalars.to_int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= 65535:
        raise ValueError(f'expected a port number from 1 to 65535, found "{text}"')
    return number


def natural(text: str) -> int:
    """A whole number that is not negative."""
    number = scalars.to_int(text)
    if number < 0:
        raise ValueError(f'expected a whole number, 0 or more, found "{text}"')
    return number


def cidr(text: str) -> str:
    """An IPv4 address range in its canonical form; bits after the prefix are refused, with the range that was meant."""
    import ipaddress

    address = text.strip()
    try:
        if "/" in address:
            return str(ipaddress.IPv4Network(address))
    except ValueError:
        pass
    meant = ""
    try:
        meant = (
            f"; did you mean {ipaddress.IPv4Network(address, strict=False)}?"
            if "/" in address
            else f"; did you mean {address}/32?"
        )
    except ValueError:
        meant = ""
    raise ValueError(f'expected an IPv4 address range such as 10.20.0.0/16, found "{text}"{meant}')


def time_of_day(text: str) -> str:
    """`HH:MM`, as it is written: YAML would make a number of it."""
    if not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError(f'expected a time of day such as 03:30, found "{text}"')
    return text


_PARSERS: Final[Mapping[Type, Callable[[str], object]]] = {
    "int": natural,
    "number": scalars.to_float,
    "bool": scalars.to_bool,
    "port": port,
    "mode": scalars.to_int,
    "cpu": parse_cpu,
    "memory": parse_bytes,
    "disk": parse_gib,
    "duration": parse_duration,
    "percent": parse_percent,
    "money": Money.parse,
    "cidr": cidr,
    "time": time_of_day,
}


def _one_of(words: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
