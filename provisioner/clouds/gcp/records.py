"""DNS records on Google Cloud: the plan's own, and the address of each balancer whose domain has a zone."""

import pulumi
from pulumi_gcp import dns

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp.balancers import Balancers
from provisioner.clouds.gcp.network import Network
from provisioner.plan.model import Balancer, Record

LONGEST_STRING = 255
"""Bytes of one string of a text record (RFC 1035); a longer text is several strings."""
TTL = 300
"""Of a balancer's address, in seconds."""


class Records(Family):
    """Values change in place; another name, zone or type replaces."""

    def __init__(
        self, deployment: Deployment, network: Network, balancers: Balancers, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Records", deployment, opts)
        self.zones = network.zones
        for record in deployment.plan.records:
            self._record(record)
        for balancer in deployment.plan.balancers:
            if balancer.zone:
                self._address(balancer, balancers.endpoints[balancer.name])
        self.register_outputs({})

    def _record(self, record: Record) -> None:
        dns.RecordSet(
            self.child("record", record.key),
            managed_zone=self.zones[record.zone],
            name=f"{record.domain}.",
            type=record.type,
            ttl=record.ttl,
            rrdatas=[data(record.type, value) for value in record.values],
            # A name has one record of a type, and one that is a CNAME nothing else.
            opts=self.under(delete_before_replace=True),
        )

    def _address(self, balancer: Balancer, address: pulumi.Output[str]) -> None:
        dns.RecordSet(
            self.child("domain", balancer.name),
            managed_zone=self.zones[balancer.zone],
            name=f"{balancer.domain}.",
            type="A",
            ttl=TTL,
            rrdatas=[address],
            opts=self.under(delete_before_replace=True),
        )


def data(kind: str, value: str) -> str:
    """A value as Cloud DNS takes it: names end with a dot, texts are quoted strings."""
    if kind in ("CNAME", "MX"):
        return f"{value.rstrip('.')}."
    if kind == "TXT":
        return " ".join(f'"{value[start : start + LONGEST_STRING]}"' for start in range(0, len(value), LONGEST_STRING))
    return value
