"""A program's resources as billing sees them, whatever wrote the program: type, inputs, region, and what uses what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from provisioner.cost.model import Charge, Quantity
from provisioner.cost.usage import Usage
from provisioner.units import HOURS_PER_MONTH

UNKNOWN: Final = frozenset({"04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[secret]"})
"""How a preview writes a value that exists only after the deploy, and one that it hides."""


class Unpriced(Exception):  # noqa: N818  a reason, not a failure
    """Why a resource of a known type cannot be priced: what its inputs do not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One custom resource. `region` is "" where neither the resource nor its provider states one."""

    urn: str
    type: str
    """Pulumi's token without an API version: `aws:ec2/instance:Instance`."""
    name: str
    inputs: Mapping[str, Any]
    region: str = ""
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Per input the URNs of the resources whose outputs it takes."""

    @property
    def label(self) -> str:
        """Its name on the estimate's lines: `Instance web-1`."""
        return f"{self.type.rpartition(':')[2]} {self.name}"

    def get(self, path: str) -> Any:
        """The input at `a/b/0/c`; None where there is none. Raises `Unpriced` where it is not known yet."""
        found: Any = self.inputs
        for word in path.split("/"):
            if isinstance(found, list):
                rows = cast("list[Any]", found)
                found = rows[int(word)] if word.isdigit() and int(word) < len(rows) else None
            elif isinstance(found, Mapping):
                found = cast("Mapping[str, Any]", found).get(word)
            else:
                return None
            if isinstance(found, str) and found in UNKNOWN:
                raise Unpriced(f"{path} is not known before the deploy")
        return found

    def text(self, path: str, default: str = "") -> str:
        found = self.get(path)
        return default if found is None else str(found)

    def needed(self, path: str) -> str:
        """The text of an input without which there is no price."""
        found = self.text(path)
        if not found:
            raise Unpriced(f"{path} is not stated, and what the cloud takes instead is not known here")
        return found

    def number(self, path: str, default: Decimal | int | None = None) -> Decimal:
        """Previews write numbers as numbers or as text. Without a default the input must be there."""
        found = self.get(path)
        if found is None:
            if default is None:
                raise Unpriced(f"{path} is not stated, and what the cloud takes instead is not known here")
            return Decimal(default)
        try:
            number = Decimal(str(found))
        except InvalidOperation:
            raise Unpriced(f'{path}: expected a number, found "{found}"') from None
        if not number.is_finite() or number < 0:
            raise Unpriced(f"{path}: expected a number of at least 0, found {found}")
        return number

    def flag(self, path: str) -> bool:
        return str(self.get(path)).lower() == "true"

    def rows(self, path: str) -> tuple["Resource", ...]:
        """The elements of a list of mappings (or one mapping), each read like the resource itself."""
        found = self.get(path)
        elements = cast("list[Any]", found) if isinstance(found, list) else [] if found is None else [found]
        return tuple(self.part(one) for one in elements)

    def part(self, inputs: object) -> "Resource":
        mapping = cast("Mapping[str, Any]", inputs if isinstance(inputs, Mapping) else {})
        return Resource(urn=self.urn, type=self.type, name=self.name, inputs=mapping, region=self.region, depends=self.depends)

    def bill(self, kind: str, item: str, amount: Quantity | Decimal | int, *, region: str = "", name: str = "") -> Charge:
        quantity = amount if isinstance(amount, Quantity) else Quantity.fixed(amount)
        return Charge(name=name or self.label, kind=kind, item=item, region=region or self.region, quantity=quantity)

    def hourly(self, kind: str, item: str, count: Decimal | int = 1) -> Charge:
        """`count` of them, all hours of a month."""
        return self.bill(kind, item, Decimal(count) * HOURS_PER_MONTH)

    def shared(self, kind: str, item: str, amount: Quantity) -> Charge:
        """What a deployment is billed once in a region, however many resources cause it."""
        return self.bill(kind, item, amount, name=NETWORK)


NETWORK: Final = "network"
"""The name on the lines of what the whole deployment shares: data through NAT, data to the internet."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All resources at one time, with what uses what, and the usage that the inputs cannot tell."""

    resources: tuple[Resource, ...]
    usage: Usage
    _by_urn: dict[str, Resource] = field(default_factory=dict[str, Resource], init=False)
    _users: dict[str, list[tuple[Resource, str]]] = field(default_factory=dict[str, list[tuple[Resource, str]]], init=False)
    _numbers: dict[str, int] = field(default_factory=dict[str, int], init=False)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int], init=False)

    def __post_init__(self) -> None:
        for resource in self.resources:
            place = (resource.type, resource.region)
            self._by_urn[resource.urn] = resource
            self._numbers[resource.urn] = self._counts[place] = self._counts.get(place, 0) + 1
            for path, urns in resource.depends.items():
                for urn in urns:
                    self._users.setdefault(urn, []).append((resource, path))

    def behind(self, resource: Resource, path: str, kind: str = "") -> Resource | None:
        """The resource (of type `kind`, where stated) whose output the input `path` takes."""
        found = (self._by_urn.get(urn) for urn in resource.depends.get(path, ()))
        return next((one for one in found if one is not None and one.type.startswith(kind)), None)

    def users(self, resource: Resource) -> Iterable[tuple[Resource, str]]:
        """The resources that take an output of this one, each with the input that does."""
        return self._users.get(resource.urn, ())

    def number(self, resource: Resource) -> int:
        """Which one of its type in its region it is, from 1: some clouds bill the first ones together."""
        return self._numbers[resource.urn]

    def count(self, kind: str, region: str) -> int:
        return self._counts.get((kind, region), 0)

    def of(self, resource: Resource) -> Usage:
        return self.usage.of(resource.label)


Row = Callable[[Resource, Scene], Iterable[Charge]]
"""What a type bills."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is known of a provider's types: how the billed ones are billed, and which ones no cloud bills."""

    cloud: str
    rows: Mapping[str, Row]
    free: frozenset[str]
    """Types without a charge of their own, `aws:ec2/vpc:Vpc`, or all of a module, `aws:iam/`."""
    region: Callable[[Mapping[str, Any], Mapping[str, str]], str]
    """The region of a resource from its inputs and its provider's configuration (keys without the package); "" unknown."""
    inherits: tuple[str, str] | None = None
    """An input that states the region, and the input with the resource whose region stands in before the provider's."""

    def is_free(self, kind: str) -> bool:
        return kind in self.free or f"{kind.rpartition('/')[0] or kind.rpartition(':')[0]}/" in self.free


def placed(resource: Resource, table: Table, scene: Scene) -> Resource:
    """The resource in the region of what it belongs to, where it states none itself."""
    if table.inherits is None or table.inherits[0] in resource.inputs:
        return resource
    owner = scene.behind(resource, table.inherits[1])
    return replace(resource, region=owner.region) if owner is not None and owner.region else resource


def running(usage: Usage, count: Quantity | Decimal | int = 1) -> Quantity:
    """The machine-hours of a month for so many machines; a range where their number is one."""
    number = count if isinstance(count, Quantity) else Quantity.fixed(count)
    hours = usage.host_hours
    return Quantity(low=hours.low * number.low, typical=hours.typical * number.typical, high=hours.high * number.high)
