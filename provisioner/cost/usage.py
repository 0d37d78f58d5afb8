"""Usage: what a plan or a preview cannot know (traffic, requests, stored data), as documented months: low, typical, high."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from provisioner.cost.model import Quantity
from provisioner.units import HOURS_PER_MONTH


def tenfold(typical: str) -> Quantity:
    """A tenth of the typical month, the month, and ten times it: what a small service may turn out to be."""
    amount = Decimal(typical)
    return Quantity(low=amount / 10, typical=amount, high=amount * 10)


_NONE: Final = Quantity.fixed(0)
_MONTH: Final = Quantity.fixed(HOURS_PER_MONTH)
_TEN: Final = tenfold("10")
_HUNDRED: Final = tenfold("100")
_MILLION: Final = tenfold("1000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Monthly use of one deployment. GB and GiB are each cloud's own billing unit, as its price table names it."""

    host_hours: Quantity = _MONTH
    """Hours for which machines run. Their disks and addresses are billed for the whole month all the same."""
    egress_gb: Quantity = _HUNDRED
    """Data sent to the internet, in GB, all hosts and balancers together."""
    nat_gb: Quantity = tenfold("50")
    """Data through NAT, in GB."""
    zone_gb: Quantity = _NONE
    """Data between zones, in GB, counted once: clouds that bill sender and receiver bill it twice."""
    balancer_gb: Quantity = _HUNDRED
    """Data through each balancer, in GB."""
    bucket_gib: Quantity = _HUNDRED
    """Data stored in each bucket, in GiB, on the month's average."""
    bucket_writes: Quantity = _NONE
    """Requests that write to or list each bucket."""
    bucket_reads: Quantity = _NONE
    """Requests that read from each bucket."""
    snapshot_percent: Quantity = Quantity(low=Decimal(1), typical=Decimal(3), high=Decimal(10))
    """How much of a volume changes in a day, in percent: what each daily snapshot after the first adds."""
    log_gb: Quantity = _TEN
    """Data written to each log group or workspace, in GB."""
    dns_queries: Quantity = _MILLION
    """Queries to each DNS zone."""
    function_requests: Quantity = _MILLION
    """Calls of each function."""
    function_seconds: Quantity = tenfold("200000")
    """Seconds for which each function runs, all calls together."""
    queue_requests: Quantity = _MILLION
    """Requests to each queue or topic."""
    topic_gib: Quantity = _TEN
    """Data published to each topic, in GiB."""
    table_requests: Quantity = _MILLION
    """Reads, and as many writes, of each table that bills by request."""
    table_gib: Quantity = _TEN
    """Data stored in each table, file system, image registry or backup, in GiB."""
    key_requests: Quantity = tenfold("10000")
    """Uses of each key and reads of each secret."""
    resources: Mapping[str, Mapping[str, Quantity]] = field(default_factory=dict[str, Mapping[str, Quantity]])
    """What single things use, by the name on their line of the estimate: `bucket assets`."""

    def of(self, name: str) -> "Usage":
        """The usage of one thing: its own figures over the deployment's."""
        own = self.resources.get(name)
        return replace(self, **own) if own else self  # pyright: ignore[reportArgumentType]  field names to quantities

    def share(self, part: Decimal) -> "Usage":
        """The usage of one of several clouds, which has `part` of the deployment's hosts: what is one figure for all of it."""
        whole = ("egress_gb", "nat_gb", "zone_gb")
        return replace(self, **{name: _part(getattr(self, name), part) for name in whole})


def _part(quantity: Quantity, part: Decimal) -> Quantity:
    return Quantity(low=quantity.low * part, typical=quantity.typical * part, high=quantity.high * part)


DEFAULT: Final = Usage()

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {one.name.replace("_", "-"): one.name for one in fields(Usage) if one.name != "resources"}
)
"""The keys of a usage file, and the fields they set."""

KEYS: Final = tuple(FIELDS)
