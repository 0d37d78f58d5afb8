"""DNS records on Google Cloud: the plan's own, and the address of each balancer whose domain has a zone."""

from pulumi_gcp import dns

from provisioner.clouds.components import TTL, RecordFamily, strings
from provisioner.clouds.gcp.balancers import Balancers
from provisioner.clouds.gcp.network import Network
from provisioner.plan.model import Balancer, Record


class Records(RecordFamily[Network, Balancers]):
    """Values change in place; another name, zone or type replaces."""

    def record(self, record: Record) -> None:
        dns.RecordSet(
            self.child("record", record.key),
            managed_zone=self.network.zones[record.zone],
            name=f"{record.domain}.",
            type=record.type,
            ttl=record.ttl,
            rrdatas=[data(record.type, value) for value in record.values],
            # A name has one record of a type, and one that is a CNAME nothing else.
            opts=self.under(delete_before_replace=True),
        )

    def address(self, balancer: Balancer) -> None:
        dns.RecordSet(
            self.child("domain", balancer.name),
            managed_zone=self.network.zones[balancer.zone],
            name=f"{balancer.domain}.",
            type="A",
            ttl=TTL,
            rrdatas=[self.balancers.endpoints[balancer.name]],
            opts=self.under(delete_before_replace=True),
        )


def data(kind: str, value: str) -> str:
    """A value as Cloud DNS takes it: names end with a dot, texts are quoted strings."""
    if kind in ("CNAME", "MX"):
        return f"{value.rstrip('.')}."
    if kind == "TXT":
        return " ".join(f'"{part}"' for part in strings(value))
    return value
