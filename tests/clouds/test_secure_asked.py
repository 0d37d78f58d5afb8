"""What a deployment gets where a definition asks for it: one row a rule, one cell a cloud, as `test_secure_defaults`.

The tree is the fixture's with flow logs, a bucket that the hosts `app` read and `data` write, and a secret that `data` reads.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from fixture_deployment import deployment
from golden import Tree, assert_golden, of_type
from secure_checks import Absent, Cell, Check, both, every, no_type
from simulated import build
from test_secure_defaults import FIXTURES

from provisioner.clouds.discovery import clouds
from provisioner.plan.model import Bucket, Secret

SECRET = "db-password"
VALUE = f"value of {SECRET}"
ROLE, ASSIGNMENT = "aws:iam/rolePolicy:RolePolicy", "azure-native:authorization:RoleAssignment"
ON_BUCKET, ON_SECRET = "gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:secretmanager/secretIamMember:SecretIamMember"
VAULT = "azure-native:keyvault:Vault"


def named(token: str, **wanted: Callable[[Mapping[str, Any]], bool]) -> Check:
    """The resources of a type are exactly those named, after the fixture's prefix, and each passes its check."""

    def check(tree: Tree) -> bool:
        found = {name.removeprefix("demo-platform-").replace("-", "_"): it["inputs"] for name, it in of_type(tree, token).items()}
        return found.keys() == wanted.keys() and all(wanted[name](inputs) for name, inputs in found.items())

    return check


def allows(resource: str, *actions: str) -> Callable[[Mapping[str, Any]], bool]:
    """A policy on AWS speaks of this resource and what is in it, and allows exactly this."""

    def check(policy: Mapping[str, Any]) -> bool:
        statements = json.loads(policy["policy"])["Statement"]
        about = all(resource in each["Resource"] for each in statements)
        return about and sorted(action for each in statements for action in each["Action"]) == sorted(actions)

    return check


def anything(_: Mapping[str, Any]) -> bool:
    """What another row looks at."""
    return True


def gives(role: str, on: str) -> Callable[[Mapping[str, Any]], bool]:
    """A role on Azure is this one, on a resource whose path ends so."""
    return lambda it: it["roleDefinitionId"].endswith(role) and on in it["scope"] and it["principalType"] == "ServicePrincipal"


def only_in(*types: str) -> Check:
    """The secret's value is an input of these types alone."""
    return lambda tree: {key.split("::")[0] for key, entry in tree.items() if VALUE in str(entry)} == set(types)


LISTS = ("s3:ListBucket", "s3:GetBucketLocation")
LOGS = ("CreateLogStream", "PutLogEvents", "DescribeLogGroups", "DescribeLogStreams")
OTHER_ROLES = dict.fromkeys(("role_app_bucket_assets", "role_data_bucket_assets", "role_data_secret_db_password"), anything)
READS = (*LISTS, "s3:GetObject")

ROWS: Mapping[str, Mapping[str, Cell]] = {
    "flow logs (EC2.6): all that passes and all that is refused, kept for a stated time": {
        "aws": both(
            every("aws:ec2/flowLog:FlowLog", lambda it: it["trafficType"] == "ALL" and bool(it["vpcId"])),
            every("aws:cloudwatch/logGroup:LogGroup", lambda it: it["retentionInDays"] == 30),
        ),
        "azure": every(
            "azure-native:network:FlowLog",
            lambda it: it["enabled"] is True and it["retentionPolicy"] == {"days": 30, "enabled": True} and bool(it["identity"]),
        ),
        "gcp": every(
            "gcp:compute/subnetwork:Subnetwork",
            lambda it: it.get("purpose") == "REGIONAL_MANAGED_PROXY" or it["logConfig"]["flowSampling"] == 1,
        ),
    },
    "flow logs are written by an identity that does nothing else, to a store that is closed": {
        "aws": named(
            ROLE,
            role_flow_logs_write=allows("log-group:demo-platform-flow-logs-", *(f"logs:{each}" for each in LOGS)),
            **OTHER_ROLES,
        ),
        "azure": both(
            every("azure-native:storage:StorageAccount", lambda it: it["allowSharedKeyAccess"] is False),
            every("azure-native:storage:StorageAccount", lambda it: it["networkRuleSet"]["defaultAction"] == "Deny"),
        ),
        "gcp": Absent("Google Cloud writes them to the project's own log bucket", no_type("gcp:logging/")),
    },
    "an identity reads or writes the buckets that name its group, and nothing else": {
        "aws": named(
            ROLE,
            role_app_bucket_assets=allows("demo-platform-assets", *READS),
            role_data_bucket_assets=allows(
                "demo-platform-assets", *READS, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"
            ),
            role_data_secret_db_password=anything,
            role_flow_logs_write=anything,
        ),
        "azure": named(
            ASSIGNMENT,
            assets_app_role=gives("2a2b9908-6ea1-4ae2-8e65-a390df84e7d1", "/containers/assets"),
            assets_data_role=gives("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "/containers/assets"),
            secret_db_password_data_role=anything,
            flow_logs_role=gives("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "/storageAccounts/"),
        ),
        "gcp": named(
            ON_BUCKET,
            assets_app_role=lambda it: it["role"] == "roles/storage.objectViewer" and "-app" in it["member"],
            assets_data_role=lambda it: it["role"] == "roles/storage.objectUser" and "-data" in it["member"],
        ),
    },
    "an identity reads the stored secrets that name its group, and nothing else": {
        "aws": named(
            ROLE,
            role_app_bucket_assets=anything,
            role_data_bucket_assets=anything,
            role_data_secret_db_password=allows(
                "secret:demo-platform-db-password-", "secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"
            ),
            role_flow_logs_write=anything,
        ),
        "azure": named(
            ASSIGNMENT,
            assets_app_role=anything,
            assets_data_role=anything,
            flow_logs_role=anything,
            secret_db_password_data_role=gives("4633458b-17de-408a-895c-d3ae3e9a04a1", "/secrets/db-password"),
        ),
        "gcp": named(
            ON_SECRET,
            secret_db_password_data_role=lambda it: (
                it["role"] == "roles/secretmanager.secretAccessor" and "-data" in it["member"]
            ),
        ),
    },
    "a stored secret's value is in the store alone": {
        "aws": only_in("aws:secretsmanager/secretVersion:SecretVersion"),
        "azure": only_in("azure-native:keyvault:Secret"),
        "gcp": only_in("gcp:secretmanager/secretVersion:SecretVersion"),
    },
    "the store of secrets is closed but to the hosts, and what is deleted can be had back": {
        "aws": every("aws:secretsmanager/secret:Secret", lambda it: it["recoveryWindowInDays"] == 7 and "policy" not in it),
        "azure": both(
            every(
                VAULT,
                lambda it: (
                    it["properties"]["enableRbacAuthorization"] is True and it["properties"]["enablePurgeProtection"] is True
                ),
            ),
            every(VAULT, lambda it: it["properties"]["networkAcls"]["defaultAction"] == "Deny"),
            every(VAULT, lambda it: len(it["properties"]["networkAcls"]["virtualNetworkRules"]) == 2),
        ),
        "gcp": Absent(
            "Secret Manager has no doors but roles, and a deleted secret is gone",
            no_type("secretmanager/secretiambinding", "secretmanager/secretiampolicy"),
        ),
    },
    "containers reach the metadata service where their hosts' identity may use something, and only there": {
        "aws": lambda tree: all(
            it["inputs"]["metadataOptions"]["httpPutResponseHopLimit"] == 2
            for it in of_type(tree, "aws:ec2/instance:Instance").values()
        ),
        "azure": Absent("its answers are not bound to a number of hops", no_type("proxyagent")),
        "gcp": Absent("its answers are not bound to a number of hops", no_type("workloadidentity")),
    },
}


@cache
def tree_of(cloud: str) -> Tree:
    target, machines = FIXTURES[cloud]
    made = deployment(target, machines=machines)
    asked = replace(
        made.plan,
        network=replace(made.plan.network, flow_log_days=30),
        buckets=(Bucket(name="assets", readers=("app",), writers=("data",)),),
        secrets=(Secret(name=SECRET, length=24, stored=True, readers=("data",)),),
    )
    return build(replace(made, plan=asked))


@pytest.mark.parametrize("cloud", clouds())
@pytest.mark.parametrize("rule", ROWS)
def test_secure_where_asked(rule: str, cloud: str) -> None:
    cell = ROWS[rule][cloud]
    check = cell.check if isinstance(cell, Absent) else cell
    assert check(tree_of(cloud))


@pytest.mark.parametrize("cloud", clouds())
def test_the_golden_tree_of_what_is_asked(cloud: str) -> None:
    target, machines = FIXTURES[cloud]
    plain = build(deployment(target, machines=machines))
    assert_golden(f"{cloud}/asked.yaml", {key: entry for key, entry in tree_of(cloud).items() if key not in plain})
