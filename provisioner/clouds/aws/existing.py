"""A VPC that exists already, and its subnets: looked up, so that a wrong id fails before anything is made in it."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import ec2

from provisioner.clouds.components import Existing, Family
from provisioner.errors import ProvisionerError
from provisioner.plan.model import Subnet


def vpc(family: Family) -> Existing:
    found = ec2.get_vpc_output(id=family.deployment.plan.network.existing, opts=family.asking())
    return Existing(id=found.id)


def subnets(family: Family) -> Mapping[str, Existing]:
    """By the plan's names. A disk follows its host's zone, so each must be in the zone that the plan has for it."""
    return {subnet.name: _subnet(family, subnet) for subnet in family.deployment.plan.network.subnets}


def _subnet(family: Family, subnet: Subnet) -> Existing:
    found = ec2.get_subnet_output(id=subnet.id, opts=family.asking())
    network = family.deployment.plan.network.existing
    checked = pulumi.Output.all(found.id, found.vpc_id, found.availability_zone).apply(
        lambda values: check(subnet, network, id=values[0], vpc_id=values[1], zone=values[2])
    )
    return Existing(id=checked)


def check(subnet: Subnet, network: str, *, id: str, vpc_id: str, zone: str) -> str:
    """The id of a subnet that is where the plan expects it. Raises `ProvisionerError`."""
    if vpc_id != network:
        raise ProvisionerError(f"network/existing: expected a subnet of {network}, found {id}, which is in {vpc_id}")
    if zone != subnet.zone:
        hint = "put them in the order of the target's zones"
        raise ProvisionerError(f"network/existing: expected a subnet in {subnet.zone}, found {id}, which is in {zone}; {hint}")
    return id
