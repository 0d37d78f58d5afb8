"""Quantities that people write with units: memory, disk, CPU, time, money. Parse, compare, print.

Every parser raises `ValueError` with a message that says what was expected; callers add the place.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

HOURS_PER_MONTH: Final = 730
"""Hours in a billing month, as all three clouds' own calculators count (8,760 / 12)."""

NANO: Final = 1_000_000_000

_MEMORY: Final = {
    "": 1,
    "b": 1,
    "k": 10**3,
    "kb": 10**3,
    "m": 10**6,
    "mb": 10**6,
    "g": 10**9,
    "gb": 10**9,
    "t": 10**12,
    "tb": 10**12,
    "ki": 2**10,
    "kib": 2**10,
    "mi": 2**20,
    "mib": 2**20,
    "gi": 2**30,
    "gib": 2**30,
    "ti": 2**40,
    "tib": 2**40,
}
_SECONDS: Final = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_MAXIMUM_LENGTH: Final = 60
_QUANTITY: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")


def parse_bytes(text: str | float) -> int:
    """Bytes from `4GiB`, `512Mi`, `2g`, `1048576`. Decimal prefixes are powers of ten, binary ones of two."""
    number, unit = _split(str(text), "an amount of memory such as 4GiB or 512MiB")
    if unit.lower() not in _MEMORY:
        raise ValueError(f'expected an amount of memory such as 4GiB or 512MiB, found "{text}"')
    return int(number * _MEMORY[unit.lower()])


def parse_mib(text: str | float) -> int:
    """Whole MiB, rounded up. A bare number means MiB already."""
    if re.fullmatch(r"\s*\d+\s*", str(text)):
        return int(text)
    return -(-parse_bytes(text) // 2**20)


def parse_gib(text: str | float) -> int:
    """Whole GiB, rounded up: the unit in which clouds sell disks. A bare number means GiB already."""
    if re.fullmatch(r"\s*\d+\s*", str(text)):
        return int(text)
    return -(-parse_bytes(text) // 2**30)


def parse_cpu(text: str | float) -> int:
    """Thousandths of a vCPU from `2`, `0.5` or `500m`."""
    number, unit = _split(str(text), "a number of CPUs such as 2, 0.5 or 500m")
    if unit not in ("", "m"):
        raise ValueError(f'expected a number of CPUs such as 2, 0.5 or 500m, found "{text}"')
    return int(number) if unit == "m" else int(number * 1000)


def parse_duration(text: str | float) -> float:
    """Seconds from `30`, `90s`, `5m`, `500ms`, `1h`, `7d`."""
    number, unit = _split(str(text), "a duration such as 30s or 5m")
    if unit not in _SECONDS:
        raise ValueError(f'expected a duration such as 30s or 5m, found "{text}"')
    return float(number) * _SECONDS[unit]


def parse_percent(text: str | float) -> int:
    """A whole share in percent, 0 to 100, from `30%` or `30`."""
    match = re.fullmatch(r"\s*(\d{1,3})\s*%?\s*", str(text))
    if not match or int(match[1]) > 100:
        raise ValueError(f'expected a whole share from 0% to 100%, found "{text}"')
    return int(match[1])


@lru_cache(maxsize=512)
def _split(text: str, expected: str) -> tuple[Decimal, str]:
    match = _QUANTITY.fullmatch(text) if len(text) <= _MAXIMUM_LENGTH else None
    if not match:
        raise ValueError(f'expected {expected}, found "{text}"')
    return Decimal(match[1]), match[2]


def print_mib(mib: int) -> str:
    """`512 MiB`, `4 GiB`, `1.5 GiB`."""
    return f"{mib} MiB" if mib < 1024 else f"{mib / 1024:g} GiB"


def print_cpu(millicpu: int) -> str:
    return f"{millicpu / 1000:g}"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount in nano-units (10⁻⁹) of US dollars, so that sums and comparisons never drift."""

    nano: int = 0

    @classmethod
    def parse(cls, text: str | float) -> "Money":
        """From `400 USD`, `$12.50`, `0.0416`. At most nine decimals; other currencies are refused."""
        cleaned = str(text).strip().removeprefix("$").removesuffix("USD").strip().replace(",", "")
        try:
            nano = Decimal(cleaned if len(cleaned) <= _MAXIMUM_LENGTH else "") * NANO
        except ArithmeticError:
            raise ValueError(f'expected an amount such as "400 USD", found "{text}"') from None
        if not nano.is_finite() or nano.adjusted() > _MAXIMUM_LENGTH or nano != nano.to_integral_value():
            raise ValueError(f'expected an amount with at most nine decimals, found "{text}"')
        return cls(int(nano))

    def times(self, quantity: int | Decimal) -> "Money":
        """The price of `quantity` units, rounded half up to one nano-dollar."""
        return Money(int((Decimal(self.nano) * quantity).to_integral_value(ROUND_HALF_UP)))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.nano + other.nano)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.nano - other.nano)

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.nano) / NANO

    @property
    def dollars(self) -> float:
        """For JSON: rounded to a millionth of a dollar."""
        return float(round(self.decimal, 6))

    @property
    def cents(self) -> str:
        """`1,234.57`: rounded half up to the cent, as every total is shown; what rounds to nothing has no sign."""
        rounded = self.decimal.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{rounded or abs(rounded):,}"

    @property
    def signed(self) -> str:
        """`+12.00 USD`, `-3.50 USD`: a change; `+0.00 USD` for what rounds to nothing."""
        return str(self) if self.cents.startswith("-") else f"+{self}"

    def __str__(self) -> str:
        return f"{self.cents} USD"


ZERO: Final = Money(0)
