"""Usage: what a plan cannot know (traffic, requests, stored data), from a documented profile or the stack's own file."""

from dataclasses import dataclass
from decimal import Decimal

from provisioner.cost.model import Quantity

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


DEFAULT = Usage()
