"""DNS records on AWS: the plan's own, and the address of each balancer whose domain has a zone."""

import pulumi
from pulumi_aws import route53

from provisioner.clouds.aws.balancers import Balancers
from provisioner.clouds.aws.network import Network
from provisioner.clouds.components import Deployment, Family
from provisioner.plan.model import Balancer, Record

LONGEST_STRING = 255
"""Bytes of one string of a text record (RFC 1035); a longer text is several strings."""


class Records(Family):
    """Records change in place; one is replaced only when its name or its zone is another."""

    def __init__(
        self, deployment: Deployment, network: Network, balancers: Balancers, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Records", deployment, opts)
        self.zones = network.zones
        for record in deployment.plan.records:
            self._record(record)
        for balancer in deployment.plan.balancers:
            if balancer.zone:
                self._alias(balancer, balancers)
        self.register_outputs({})

    def _record(self, record: Record) -> None:
        texts = record.type == "TXT"
        route53.Record(
            self.child("record", record.key),
            zone_id=self.zones[record.zone],
            name=record.domain,
            type=record.type,
            ttl=record.ttl,
            records=[strings(value) if texts else value for value in record.values],
            opts=self.under(),
        )

    def _alias(self, balancer: Balancer, balancers: Balancers) -> None:
        """An alias follows the balancer's addresses and its health, costs no query, and may stand for the zone itself."""
        created = balancers.created[balancer.name]
        route53.Record(
            self.child("domain", balancer.name),
            zone_id=self.zones[balancer.zone],
            name=balancer.domain,
            type="A",
            aliases=[route53.RecordAliasArgs(name=created.dns_name, zone_id=created.zone_id, evaluate_target_health=True)],
            opts=self.under(),
        )


def strings(text: str) -> str:
    """A text as the provider takes it: it adds the outer quotes itself, so that only those between strings are written."""
    return '""'.join(text[start : start + LONGEST_STRING] for start in range(0, len(text), LONGEST_STRING))
