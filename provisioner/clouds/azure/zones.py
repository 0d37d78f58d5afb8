"""Azure DNS zones: those the plan creates, and those that exist in a resource group that the plan names."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import dns

from provisioner.clouds.components import Family
from provisioner.plan.model import Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundZone:
    """What a record needs to say where it is."""

    name: pulumi.Output[str]
    group: pulumi.Input[str]


def zones(family: Family, group: pulumi.Output[str], tags: Mapping[str, str]) -> Mapping[str, FoundZone]:
    """Every zone that something of the plan is in, by its domain name. `limits` refuses those that nothing finds."""
    return {zone.name: _zone(family, zone, group, tags) for zone in family.deployment.plan.zones if zone.create or zone.group}


def _zone(family: Family, zone: Zone, group: pulumi.Output[str], tags: Mapping[str, str]) -> FoundZone:
    if not zone.create:
        found = dns.get_zone_output(resource_group_name=zone.group, zone_name=zone.name, opts=family.asking())
        return FoundZone(name=found.name, group=zone.group)
    created = dns.Zone(
        family.child("zone", zone.name),
        resource_group_name=group,
        zone_name=zone.name,
        location="global",
        zone_type=dns.ZoneType.PUBLIC,
        tags=tags,
        opts=family.under(),
    )
    return FoundZone(name=created.name, group=group)
