"""Route 53 zones: those the plan creates, and those that exist and are found by their name."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import route53

from provisioner.clouds.aws import defaults
from provisioner.clouds.components import Family


def zones(family: Family) -> Mapping[str, pulumi.Output[str]]:
    """The id of every zone that something of the plan is in, by its domain name."""
    plan = family.deployment.plan
    created = {zone.name: _created(family, zone.name) for zone in plan.zones if zone.create}
    return {name: created[name] if name in created else _found(family, name) for name in plan.zone_names}


def _created(family: Family, name: str) -> pulumi.Output[str]:
    zone = route53.Zone(
        family.child("zone", name),
        name=name,
        comment=f"{name}, of {family.deployment.plan.name}",
        force_destroy=False,
        tags=defaults.tags(family.deployment.plan, "network", family.child("zone", name)),
        opts=family.under(),
    )
    return zone.zone_id


def _found(family: Family, name: str) -> pulumi.Output[str]:
    return route53.get_zone_output(name=name, private_zone=False, opts=family.asking()).zone_id
