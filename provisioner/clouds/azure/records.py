"""DNS records on Azure: the plan's own, and the address of each balancer whose domain has a zone."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from pulumi_azure_native import dns

from provisioner.clouds.azure.balancers import Balancers
from provisioner.clouds.azure.network import Network
from provisioner.clouds.components import TTL, RecordFamily, strings
from provisioner.plan.model import Balancer, Record


class Records(RecordFamily[Network, Balancers]):
    """Values change in place; another name, zone or type replaces."""

    def record(self, record: Record) -> None:
        zone = self.network.zones[record.zone]
        dns.RecordSet(
            self.child("record", record.key),
            resource_group_name=zone.group,
            zone_name=zone.name,
            relative_record_set_name=relative(record.domain, record.zone),
            record_type=record.type,
            ttl=record.ttl,
            **_FORMS[record.type](record.values),
            # A name has one record set of a type.
            opts=self.under(delete_before_replace=True),
        )

    def address(self, balancer: Balancer) -> None:
        zone = self.network.zones[balancer.zone]
        dns.RecordSet(
            self.child("domain", balancer.name),
            resource_group_name=zone.group,
            zone_name=zone.name,
            relative_record_set_name=relative(balancer.domain, balancer.zone),
            record_type="A",
            ttl=TTL,
            a_records=[dns.ARecordArgs(ipv4_address=self.balancers.endpoints[balancer.name])],
            opts=self.under(delete_before_replace=True),
        )


def relative(domain: str, zone: str) -> str:
    """A domain within its zone: `www`, or `@` for the zone itself."""
    return "@" if domain == zone else domain.removesuffix(f".{zone}")


class _Values(TypedDict, total=False):
    """The properties of a record set that hold values, one for each type."""

    a_records: Sequence[dns.ARecordArgs]
    aaaa_records: Sequence[dns.AaaaRecordArgs]
    cname_record: dns.CnameRecordArgs
    mx_records: Sequence[dns.MxRecordArgs]
    txt_records: Sequence[dns.TxtRecordArgs]


def _text(value: str) -> dns.TxtRecordArgs:
    return dns.TxtRecordArgs(value=list(strings(value)))


def _mail_exchange(value: str) -> dns.MxRecordArgs:
    preference, _, exchange = value.partition(" ")
    return dns.MxRecordArgs(preference=int(preference), exchange=exchange)


_FORMS: Mapping[str, Callable[[Sequence[str]], _Values]] = {
    "A": lambda values: {"a_records": [dns.ARecordArgs(ipv4_address=value) for value in values]},
    "AAAA": lambda values: {"aaaa_records": [dns.AaaaRecordArgs(ipv6_address=value) for value in values]},
    "CNAME": lambda values: {"cname_record": dns.CnameRecordArgs(cname=values[0])},
    "MX": lambda values: {"mx_records": [_mail_exchange(value) for value in values]},
    "TXT": lambda values: {"txt_records": [_text(value) for value in values]},
}
"""The plan's record type to the property that holds its values."""
