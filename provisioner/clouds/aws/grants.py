"""What the identity of a host group may do, and on what: a policy of the group's role for each thing."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import iam

from provisioner.clouds.components import Family
from provisioner.plan.model import Bucket

if TYPE_CHECKING:
    from provisioner.clouds.aws.hosts import Hosts

VERSION: Final = "2012-10-17"
"""Of the policy language (IAM user guide, "Version")."""
READS: Final = ("s3:GetObject",)
WRITES: Final = (*READS, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")
LISTS: Final = ("s3:ListBucket", "s3:GetBucketLocation")
SECRET: Final = ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret")


def taken_by(service: str) -> str:
    """The document that lets a service of AWS take a role: `ec2.amazonaws.com`, for its machines."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": VERSION, "Statement": [statement]})


def bucket(family: Family, hosts: "Hosts", bucket: Bucket, arn: pulumi.Output[str]) -> None:
    """Its readers list it and read objects, its writers write and delete them, too."""
    levels = {**dict.fromkeys(bucket.readers, READS), **dict.fromkeys(bucket.writers, WRITES)}
    for group, actions in sorted(levels.items()):
        objects = arn.apply(lambda text: f"{text}/*")
        statements = [statement(LISTS, arn), statement(actions, objects)]
        _allow(family, hosts, group, ("bucket", bucket.name), statements)


def secret(family: Family, hosts: "Hosts", name: str, readers: Sequence[str], arn: pulumi.Output[str]) -> None:
    for group in sorted(readers):
        _allow(family, hosts, group, ("secret", name), [statement(SECRET, arn)])


def _allow(family: Family, hosts: "Hosts", group: str, what: tuple[str, str], statements: Sequence[Mapping[str, object]]) -> None:
    """Nothing where the group has no host, and so no role."""
    if group not in hosts.roles:
        return
    iam.RolePolicy(
        family.child("role", group, *what),
        role=hosts.roles[group].name,
        policy=policy(statements),
        opts=family.under(),
    )


def policy(statements: Sequence[Mapping[str, object]]) -> pulumi.Output[str]:
    """The document of a policy."""
    return pulumi.Output.json_dumps({"Version": VERSION, "Statement": statements})


def statement(actions: Sequence[str], resource: pulumi.Output[str]) -> Mapping[str, object]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}
