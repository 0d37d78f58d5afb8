"""A stack's own usage file: what it states, over the documented months."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from provisioner.cost.model import Charge, Quantity
from provisioner.cost.usage import DEFAULT, FIELDS, KEYS, Usage
from provisioner.errors import NOWHERE, InputError, Place, Problems, nearest
from provisioner.units import HOURS_PER_MONTH

if TYPE_CHECKING:
    from provisioner.package.nodes import Node

AMOUNT: Final = re.compile(r"\d{1,15}(\.\d{1,9})?")
LIMITS: Final = {"host-hours": HOURS_PER_MONTH}
"""The most that a month can hold."""
MONTHS: Final = ("low", "typical", "high")
SHARED: Final = ("egress-gb", "nat-gb", "zone-gb")
"""The whole deployment's: no single thing has them."""
BILLED_BY: Final[Mapping[str, frozenset[str]]] = {
    "host-hours": frozenset({"machine", "spot", "database", "cache", "service", "gpu", "license", "container"}),
    "balancer-gb": frozenset({"balancer", "endpoint"}),
    **dict.fromkeys(("bucket-gib", "bucket-writes", "bucket-reads"), frozenset({"bucket"})),
    "snapshot-percent": frozenset({"snapshot"}),
    "log-gb": frozenset({"log"}),
    "dns-queries": frozenset({"dns"}),
    **dict.fromkeys(("function-requests", "function-seconds"), frozenset({"function", "container"})),
    **dict.fromkeys(("queue-requests", "topic-gib"), frozenset({"queue"})),
    "table-requests": frozenset({"table"}),
    "table-gib": frozenset({"table", "file", "registry", "snapshot", "database"}),
    "key-requests": frozenset({"key", "secret"}),
}
"""The families whose lines follow a key of a single thing."""


def load(path: Path) -> Usage:
    """YAML with any of the keys of `docs/reference/usage.md`, and `resources: {NAME: {key: …}}` for single things.

    Each is one number (low, typical and high alike), the word `low`, `typical` or `high` (that documented month in all
    three), or a mapping of all three in rising order; what the file does not name keeps the documented default.
    Raises `InputError` with every mistake and its place.
    """
    problems = Problems()
    root = read_document(path, "usage", problems)
    usage = _usage(root, problems) if root else DEFAULT
    problems.raise_errors()
    return usage


def unmatched(usage: Usage, charges: Iterable[Charge]) -> Problems:
    """A warning for each name under `resources` that no line has, and for each key that its lines are not billed by."""
    problems = Problems()
    kinds = dict[str, set[str]]()
    for charge in charges:
        kinds.setdefault(charge.name, set()).add(charge.kind)
    for name, own in usage.resources.items():
        if name not in kinds:
            close = nearest(name, kinds)
            hint = f'did you mean "{close}"?' if close else "names are those of the estimate's lines"
            problems.warning("usage-resource", NOWHERE, f'the usage file names "{name}", which the estimate does not', hint=hint)
            continue
        for key in (key for key, one in FIELDS.items() if one in own and not kinds[name] & BILLED_BY[key]):
            message = f'the usage file states {key} of "{name}", which is not billed by it'
            problems.warning("usage-resource", NOWHERE, message, hint=f"it is billed as {', '.join(sorted(kinds[name]))}")
    return problems


def read_document(path: Path, code: str, problems: Problems) -> "Node | None":
    """The one YAML document of a file; None for an empty file. Raises `InputError` for a file that cannot be read."""
    from provisioner.package.reader import read

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.error(code, Place(file=str(path)), f"expected a readable YAML file, found: {error}")
        raise InputError(problems) from None
    documents = read(text, str(path), problems)
    if len(documents) > 1:
        problems.error(code, documents[1].place(), f"expected one YAML document, found {len(documents)}")
    return documents[0] if documents else None


def _usage(root: "Node", problems: Problems) -> Usage:
    if not isinstance(root.value, dict):
        problems.error("usage", root.place(), f"expected a mapping such as `egress-gb: 250`, found {root.shape}")
        return DEFAULT
    resources = dict[str, Mapping[str, Quantity]]()
    named = root.entries.get("resources")
    if named is not None and not isinstance(named.value, dict):
        problems.error("usage", named.place("resources"), f"resources: expected names with their usage, found {named.shape}")
    for name, node in named.entries.items() if named is not None else ():
        if isinstance(node.value, dict):
            single = {key: one for key, one in node.entries.items() if key not in SHARED}
            resources[name] = _quantities(single, f"resources/{name}/", problems)
            for key in (key for key in SHARED if key in node.entries):
                place = node.entries[key].key_place(f"resources/{name}/{key}")
                problems.error("usage", place, f"{key}: expected at the top of the file, since it is the whole deployment's")
        else:
            problems.error("usage", node.place(f"resources/{name}"), f"{name}: expected a mapping of usage, found {node.shape}")
    deployment = _quantities({key: node for key, node in root.entries.items() if key != "resources"}, "", problems)
    return replace(DEFAULT, **deployment, resources=resources)  # pyright: ignore[reportArgumentType]  field names to quantities


def _quantities(entries: "Mapping[str, Node]", path: str, problems: Problems) -> dict[str, Quantity]:
    given = dict[str, Quantity]()
    for key, node in entries.items():
        if key not in FIELDS:
            close = nearest(key, KEYS)
            hint = f"did you mean {close}?" if close else f"known are {', '.join(KEYS)}"
            problems.error("unknown-key", node.key_place(path + key), f'unknown key "{key}" in a usage file', hint=hint)
        elif (quantity := _quantity(node, key, path, problems)) is not None:
            given[FIELDS[key]] = quantity
    return given


def _quantity(node: "Node", key: str, path: str, problems: Problems) -> Quantity | None:
    if node.style == "" and node.text in MONTHS:
        documented: Quantity = getattr(DEFAULT, FIELDS[key])
        return Quantity.fixed(getattr(documented, node.text))
    if not isinstance(node.value, dict):
        amount = _amount(node, path + key, problems)
        return None if amount is None else Quantity.fixed(amount)
    if node.entries.keys() != set(MONTHS):
        found = ", ".join(node.entries) or "nothing"
        problems.error("usage", node.place(path + key), f"{key}: expected low, typical and high, found {found}")
        return None
    low, typical, high = (_amount(node.entries[name], f"{path}{key}/{name}", problems) for name in MONTHS)
    if low is None or typical is None or high is None:
        return None
    if not low <= typical <= high:
        found = f"{low}, {typical}, {high}"
        problems.error("usage", node.place(path + key), f"{key}: expected low ≤ typical ≤ high, found {found}")
        return None
    return Quantity(low=low, typical=typical, high=high)


def _amount(node: "Node", key: str, problems: Problems) -> Decimal | None:
    text = node.text
    limit = next((most for name, most in LIMITS.items() if name in key.split("/")), None)
    if node.style == "" and AMOUNT.fullmatch(text) and (limit is None or Decimal(text) <= limit):
        return Decimal(text)
    expected = "a number of at least 0" if limit is None else f"a number from 0 to {limit}"
    problems.error("usage", node.place(key), f"{key}: expected {expected}, found {node.shape}")
    return None
