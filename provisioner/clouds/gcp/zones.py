"""Cloud DNS zones: those the plan creates, and those that exist and are found by their domain name."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import dns

from provisioner.clouds.components import Family
from provisioner.errors import ProvisionerError


def zones(family: Family, labels: Mapping[str, str]) -> Mapping[str, pulumi.Output[str]]:
    """The resource name of every zone that something of the plan is in, by its domain name."""
    plan = family.deployment.plan
    created = {zone.name: _created(family, zone.name, labels) for zone in plan.zones if zone.create}
    wanted = [name for name in plan.zone_names if name not in created]
    existing = dns.get_managed_zones_output(opts=family.asking()).managed_zones if wanted else None
    found = {name: existing.apply(lambda zones, name=name: public_zone(zones, name)) for name in wanted} if existing else {}
    return {**created, **found}


def public_zone(zones: Sequence[dns.outputs.GetManagedZonesManagedZoneResult], name: str) -> str:
    """The one public zone of the project for a domain. Raises `ProvisionerError` where there is none, or more than one."""
    public = [zone.name or "" for zone in zones if zone.dns_name == f"{name}." and zone.visibility != "private"]
    if len(public) != 1:
        listed = ", ".join(sorted(zone.dns_name.rstrip(".") for zone in zones)) or "none"
        problem = f"found {len(public)}: {', '.join(public)}" if public else f"its zones are {listed}"
        hint = f"zones: {{{name}: {{create: true}}}} makes it"
        raise ProvisionerError(f"zone {name}: expected one public zone in the Google Cloud project, {problem}; {hint}")
    return public[0]


def _created(family: Family, name: str, labels: Mapping[str, str]) -> pulumi.Output[str]:
    zone = dns.ManagedZone(
        family.child("zone", name.replace(".", "-")),
        dns_name=f"{name}.",
        description=f"{name}, of {family.deployment.plan.name}",
        visibility="public",
        dnssec_config={"state": "on"},
        force_destroy=False,
        labels=labels,
        opts=family.under(),
    )
    return zone.name
