"""Snapshots of volumes on AWS: Data Lifecycle Manager finds volumes by a tag, once a day."""

from typing import Final

from pulumi_aws import dlm, iam

from provisioner.clouds.aws import defaults, grants, names
from provisioner.clouds.components import Family

START: Final = "03:00"
"""When the day's snapshot starts, within an hour, in UTC."""


def schedule(family: Family) -> None:
    """One policy for each number of days, and the role that may take snapshots and no more."""
    plan = family.deployment.plan
    role = _role(family)
    for days in sorted({volume.backup_days for volume in plan.volumes if volume.backup_days}):
        dlm.LifecyclePolicy(
            family.child("backup", str(days)),
            description=f"Daily snapshots of {plan.slug} kept {days} days",
            execution_role_arn=role.arn,
            state="ENABLED",
            policy_details=dlm.LifecyclePolicyPolicyDetailsArgs(
                resource_types=["VOLUME"],
                target_tags=defaults.backup(plan, days),
                schedules=[_daily(days)],
            ),
            tags=defaults.tags(plan, "volumes", family.child("backup", str(days))),
            opts=family.under(),
        )


def _daily(days: int) -> dlm.LifecyclePolicyPolicyDetailsScheduleArgs:
    return dlm.LifecyclePolicyPolicyDetailsScheduleArgs(
        name="daily",
        create_rule=dlm.LifecyclePolicyPolicyDetailsScheduleCreateRuleArgs(interval=24, interval_unit="HOURS", times=START),
        retain_rule=dlm.LifecyclePolicyPolicyDetailsScheduleRetainRuleArgs(interval=days, interval_unit="DAYS"),
        copy_tags=True,
    )


def _role(family: Family) -> iam.Role:
    plan = family.deployment.plan
    role = iam.Role(
        family.child("role", "backup"),
        name_prefix=names.prefix(38, family.prefix, "backup"),
        description=names.description(f"Snapshots of the volumes of {plan.name}"),
        assume_role_policy=grants.taken_by("dlm.amazonaws.com"),
        tags=defaults.tags(plan, "volumes", family.child("backup")),
        opts=family.under(),
    )
    iam.RolePolicyAttachment(
        family.child("role", "backup", "snapshots"),
        role=role.name,
        policy_arn=f"arn:{names.partition(plan.target.region)}:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole",
        opts=family.under(),
    )
    return role
