"""An account's file: `prices` of its own and `discounts` on the list, each with where it is written down."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from provisioner.cost.account import LIST, Account, Commitment, Discount, Key
from provisioner.cost.usage_file import AMOUNT, read_document
from provisioner.errors import Problems, nearest
from provisioner.prices.options import COMMITMENTS, COMMITMENTS_IN_WORDS, HOURS_PER_YEAR
from provisioner.prices.tariff import AmbiguousPrice, MissingPrice, Tariff, Tier, check_tiers
from provisioner.units import Money

if TYPE_CHECKING:
    from provisioner.package.nodes import Node

Value = TypeVar("Value")

SECTIONS: Final = ("prices", "discounts", "commitments")
PRICE: Final = ("cloud", "region", "kind", "item", "unit", "usd", "upfront", "years", "from", "to", "source", "date")
COMMITMENT: Final = ("option", "cloud", "region", "item")
DISCOUNT: Final = ("percent", "cloud", "region", "kind", "item", "source")


def load(path: Path) -> Account:
    """Raises `InputError` with every mistake and its place. The shape is in `docs/reference/cost.md`."""
    problems = Problems()
    root = read_document(path, "account", problems)
    account = _account(root, problems) if root else LIST
    problems.raise_errors()
    return account


def _account(root: "Node", problems: Problems) -> Account:
    if not isinstance(root.value, dict):
        problems.error("account", root.place(), f"expected `prices` and `discounts`, found {root.shape}")
        return LIST
    _known(root, SECTIONS, problems)
    tiers = dict[Key, list[tuple[Record, Tier]]]()
    for record in _records(root, "prices", PRICE, problems):
        key = (record.text("cloud"), record.text("region"), record.text("kind"), record.text("item"))
        tier = Tier(start=record.whole("from") or 0, end=record.whole("to"), price=_hourly(record))
        for text in ("unit", "source"):
            record.text(text)
        record.date("date")
        if record.good:
            tiers.setdefault(key, []).append((record, tier))
    discounts = [
        Discount(
            percent=record.percent("percent"),
            source=record.text("source"),
            **{name: record.text(name) for name in ("cloud", "region", "kind", "item") if name in record.node.entries},
        )
        for record in _records(root, "discounts", DISCOUNT, problems)
    ]
    commitments = [
        Commitment(
            option=record.one_of("option", COMMITMENTS, COMMITMENTS_IN_WORDS),
            **{name: record.text(name) for name in ("cloud", "region", "item") if name in record.node.entries},
        )
        for record in _records(root, "commitments", COMMITMENT, problems)
    ]
    prices = {key: _tariff(key, found, problems) for key, found in tiers.items()}
    return Account(prices=prices, discounts=tuple(discounts), commitments=tuple(commitments))


def _tariff(key: Key, found: "list[tuple[Record, Tier]]", problems: Problems) -> Tariff:
    found.sort(key=lambda pair: pair[1].start)
    record = found[0][0]
    tariff = Tariff(
        cloud=key[0],
        region=key[1],
        kind=key[2],
        item=key[3],
        unit=record.text("unit"),
        tiers=tuple(tier for _, tier in found),
        source=record.text("source"),
        date=record.text("date"),
    )
    try:
        return check_tiers(tariff)
    except (AmbiguousPrice, MissingPrice) as error:
        problems.error("account", record.node.place("prices"), str(error))
        return tariff


def _hourly(record: "Record") -> Money:
    """The price of a unit; an amount paid up front for a term is spread over the hours of its years."""
    price = record.money("usd")
    if "upfront" not in record.node.entries and "years" not in record.node.entries:
        return price
    upfront, years = record.money("upfront"), record.whole("years")
    if not years:
        record.refuse("years", "the years for which `upfront` is paid, such as 1 or 3")
        return price
    return price + upfront.times(Decimal(1) / (HOURS_PER_YEAR * years))


class Record:
    """One entry of a list, read field by field; every mistake is reported with its place."""

    def __init__(self, node: "Node", path: str, problems: Problems) -> None:
        self.node = node
        self.good = True
        self._path = path
        self._problems = problems

    def text(self, name: str) -> str:
        return self._read(name, "text", lambda text: text or None, "")

    def one_of(self, name: str, known: tuple[str, ...], words: str) -> str:
        return self._read(name, words, lambda text: text if text in known else None, "")

    def money(self, name: str) -> Money:
        return self._read(name, "an amount of USD", lambda text: Money.parse(text) if AMOUNT.fullmatch(text) else None, Money())

    def percent(self, name: str) -> Decimal:
        def percent(text: str) -> Decimal | None:
            return Decimal(text) if AMOUNT.fullmatch(text) and Decimal(text) <= 100 else None

        return self._read(name, "a number from 0 to 100", percent, Decimal(0))

    def date(self, name: str) -> str:
        return self._read(name, "a date such as 2026-11-22", _date, "")

    def whole(self, name: str) -> int | None:
        if name not in self.node.entries:
            return None
        return self._read(name, "a whole number", lambda text: int(text) if text.isascii() and text.isdigit() else None, 0)

    def _read(self, name: str, expected: str, parse: Callable[[str], Value | None], default: Value) -> Value:
        node = self.node.entries.get(name)
        value = parse(node.text) if node is not None else None
        if value is not None:
            return value
        self.refuse(name, expected)
        return default

    def refuse(self, name: str, expected: str) -> None:
        self.good = False
        node = self.node.entries.get(name)
        place = (node or self.node).place(f"{self._path}/{name}")
        found = node.shape if node is not None else "nothing"
        self._problems.error("account", place, f"{name}: expected {expected}, found {found}")


def _records(root: "Node", section: str, keys: tuple[str, ...], problems: Problems) -> Iterator[Record]:
    node = root.entries.get(section)
    if node is None or node.is_empty:
        return
    if not isinstance(node.value, tuple):
        problems.error("account", node.place(section), f"{section}: expected a list, found {node.shape}")
    for number, element in enumerate(node.elements, start=1):
        path = f"{section}/{number}"
        if not isinstance(element.value, dict):
            problems.error("account", element.place(path), f"expected a mapping with {', '.join(keys)}, found {element.shape}")
            continue
        _known(element, keys, problems)
        yield Record(element, path, problems)


def _known(node: "Node", keys: tuple[str, ...], problems: Problems) -> None:
    for key, entry in node.entries.items():
        if key not in keys:
            close = nearest(key, keys)
            hint = f"did you mean {close}?" if close else f"known are {', '.join(keys)}"
            problems.error("unknown-key", entry.key_place(key), f'unknown key "{key}" in an account file', hint=hint)


def _date(text: str) -> str | None:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return None
