"""DNS records on AWS: the plan's own, and the address of each balancer whose domain has a zone."""

from pulumi_aws import route53

from provisioner.clouds.aws.balancers import Balancers
from provisioner.clouds.aws.network import Network
from provisioner.clouds.components import RecordFamily, strings
from provisioner.plan.model import Balancer, Record


class Records(RecordFamily[Network, Balancers]):
    """Records change in place; one is replaced only when its name or its zone is another."""

    def record(self, record: Record) -> None:
        texts = record.type == "TXT"
        route53.Record(
            self.child("record", record.key),
            zone_id=self.network.zones[record.zone],
            name=record.domain,
            type=record.type,
            ttl=record.ttl,
            records=[joined(value) if texts else value for value in record.values],
            opts=self.under(),
        )

    def address(self, balancer: Balancer) -> None:
        """An alias follows the balancer's addresses and its health, costs no query, and may stand for the zone itself."""
        created = self.balancers.created[balancer.name]
        route53.Record(
            self.child("domain", balancer.name),
            zone_id=self.network.zones[balancer.zone],
            name=balancer.domain,
            type="A",
            aliases=[route53.RecordAliasArgs(name=created.dns_name, zone_id=created.zone_id, evaluate_target_health=True)],
            opts=self.under(),
        )


def joined(text: str) -> str:
    """A text as the provider takes it: it adds the outer quotes itself, so that only those between strings are written."""
    return '""'.join(strings(text))
