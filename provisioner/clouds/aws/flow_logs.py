"""Flow logs of a VPC (EC2.6): every flow, in a log group of its own, written by a role that can do nothing else."""

from typing import Final

import pulumi
from pulumi_aws import cloudwatch, ec2, iam

from provisioner.clouds.aws import defaults, grants, names
from provisioner.clouds.components import Family

INTERVAL_SECONDS: Final = 600
"""A record says what a flow did in so long: the longer of the two that there are, and fewer records to pay for."""
ACTIONS: Final = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams")


def keep(family: Family, vpc: pulumi.Output[str], days: int) -> None:
    """Log what passes and what is refused in a VPC, for so many days."""
    plan = family.deployment.plan
    tags = defaults.tags(plan, "network", family.child("flow-logs"))
    group = cloudwatch.LogGroup(
        family.child("flow-logs"),
        name_prefix=names.prefix(100, family.prefix, "flow-logs"),
        retention_in_days=days,
        tags=tags,
        opts=family.under(),
    )
    role = iam.Role(
        family.child("role", "flow-logs"),
        name_prefix=names.prefix(38, family.prefix, "flow-logs"),
        description=names.description(f"Flow logs of {plan.name}"),
        assume_role_policy=grants.taken_by("vpc-flow-logs.amazonaws.com"),
        tags=tags,
        opts=family.under(),
    )
    policy = iam.RolePolicy(
        family.child("role", "flow-logs", "write"),
        role=role.name,
        policy=grants.policy([grants.statement(ACTIONS, group.arn.apply(lambda arn: f"{arn}:*"))]),
        opts=family.under(),
    )
    ec2.FlowLog(
        family.child("flow-log"),
        vpc_id=vpc,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=INTERVAL_SECONDS,
        tags=tags,
        opts=family.under(depends_on=[policy]),
    )
