"""What every resource on AWS gets, written out because the provider's own default is open, older or costs more.

The rules are those of AWS Foundational Security Best Practices, named by their control (`EC2.8`).
"""

from collections.abc import Mapping
from typing import Final

import pulumi
from pulumi_aws import ec2

from provisioner.plan.model import Plan, VolumeKind

HTTP_PORT: Final = 80
"""Where plain requests come in that an https balancer redirects."""
ROOT_DISK: Final = "gp3"
VOLUME_TYPE: Final[Mapping[VolumeKind, str]] = {"SSD": "gp3", "HDD": "st1"}
BURSTABLE: Final = ("t2.", "t3.", "t3a.", "t4g.")


def tags(plan: Plan, component: str, name: str) -> dict[str, str]:
    """The tags of a resource. `component` is its family or, for hosts and what belongs to them, their group."""
    return {
        "Name": name,
        "provisioner:package": plan.name,
        "provisioner:stack": pulumi.get_stack(),
        "provisioner:component": component,
    }


def backup(plan: Plan, days: int) -> dict[str, str]:
    """What volumes with snapshots are found by: their stack and the days, since snapshot policies see the whole region."""
    return {"provisioner:backup": f"{pulumi.get_project()}/{pulumi.get_stack()}/{plan.slug}/{days}"}


def metadata_options(*, containers: bool) -> ec2.InstanceMetadataOptionsArgs:
    """EC2.8: the metadata service asks for a token. `containers`, one hop further, reach it only where the group's identity
    may use something: it is their way to it."""
    return ec2.InstanceMetadataOptionsArgs(
        http_endpoint="enabled",
        http_tokens="required",
        http_put_response_hop_limit=2 if containers else 1,
        instance_metadata_tags="disabled",
    )


def spot() -> ec2.InstanceInstanceMarketOptionsArgs:
    """One request, ended when AWS takes the machine back: the next `up` makes the host anew."""
    return ec2.InstanceInstanceMarketOptionsArgs(
        market_type="spot",
        spot_options=ec2.InstanceInstanceMarketOptionsSpotOptionsArgs(
            spot_instance_type="one-time", instance_interruption_behavior="terminate"
        ),
    )


def credit(machine: str) -> ec2.InstanceCreditSpecificationArgs | None:
    """Burstable machines slow down when their credits end; AWS's default from t3 on bills the surplus instead."""
    return ec2.InstanceCreditSpecificationArgs(cpu_credits="standard") if machine.startswith(BURSTABLE) else None
