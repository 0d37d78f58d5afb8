"""Usage: what a plan cannot know (traffic, requests, stored data), from a documented profile or the stack's own file."""

import re
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from provisioner.cost.model import Quantity
from provisioner.errors import InputError, Place, Problems, nearest

if TYPE_CHECKING:
    from provisioner.package.nodes import Node

SOME = Quantity(low=Decimal(10), typical=Decimal(100), high=Decimal(1000))
"""The documented default for what a small service sends, stores and balances: a tenth of it, and ten times it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Monthly use of one deployment. GB and GiB are each cloud's own billing unit, as its price table names it."""

    egress_gb: Quantity = SOME
    """Data sent to the internet, in GB, all hosts and balancers together."""
    nat_gb: Quantity = Quantity(low=Decimal(5), typical=Decimal(50), high=Decimal(500))  # noqa: RUF009  frozen
    """Data through NAT, in GB."""
    balancer_gb: Quantity = SOME
    """Data through each balancer, in GB."""
    bucket_gib: Quantity = SOME
    """Data stored in each bucket, in GiB, on the month's average."""


DEFAULT: Final = Usage()

KEYS: Final = tuple(field.name.replace("_", "-") for field in fields(Usage))
AMOUNT: Final = re.compile(r"\d{1,15}(\.\d{1,9})?")


def load(path: Path) -> Usage:
    """A stack's usage file: YAML with any of `egress-gb`, `nat-gb`, `balancer-gb`, `bucket-gib`.

    Each is one number (low, typical and high alike) or a mapping of all three, in rising order; what the file does not
    name keeps the documented default. Raises `InputError` with every mistake and its place.
    """
    from provisioner.package.reader import read

    problems = Problems()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.error("usage", Place(file=str(path)), f"expected a readable YAML file, found: {error}")
        raise InputError(problems) from None
    documents = read(text, str(path), problems)
    if len(documents) > 1:
        problems.error("usage", documents[1].place(), f"expected one YAML document, found {len(documents)}")
    usage = _usage(documents[0], problems) if documents else DEFAULT
    problems.raise_errors()
    return usage


def _usage(root: "Node", problems: Problems) -> Usage:
    if not isinstance(root.value, dict):
        problems.error("usage", root.place(), f"expected a mapping such as `egress-gb: 250`, found {root.shape}")
        return DEFAULT
    given = dict[str, Quantity]()
    for key, node in root.entries.items():
        field = key.replace("-", "_")
        if key not in KEYS:
            close = nearest(key, KEYS)
            hint = f"did you mean {close}?" if close else f"known are {', '.join(KEYS)}"
            problems.error("unknown-key", node.key_place(key), f'unknown key "{key}" in a usage file', hint=hint)
        elif (quantity := _quantity(node, key, problems)) is not None:
            given[field] = quantity
    return replace(DEFAULT, **given)


def _quantity(node: "Node", key: str, problems: Problems) -> Quantity | None:
    if not isinstance(node.value, dict):
        amount = _amount(node, key, problems)
        return None if amount is None else Quantity.fixed(amount)
    if node.entries.keys() != {"low", "typical", "high"}:
        found = ", ".join(node.entries) or "nothing"
        problems.error("usage", node.place(key), f"{key}: expected low, typical and high, found {found}")
        return None
    low, typical, high = (_amount(node.entries[name], f"{key}/{name}", problems) for name in ("low", "typical", "high"))
    if low is None or typical is None or high is None:
        return None
    if not low <= typical <= high:
        problems.error("usage", node.place(key), f"{key}: expected low ≤ typical ≤ high, found {low}, {typical}, {high}")
        return None
    return Quantity(low=low, typical=typical, high=high)


def _amount(node: "Node", key: str, problems: Problems) -> Decimal | None:
    text = node.text
    if node.style == "" and AMOUNT.fullmatch(text):
        return Decimal(text)
    problems.error("usage", node.place(key), f"{key}: expected a number of at least 0, found {node.shape}")
    return None
