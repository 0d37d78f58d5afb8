"""Object storage: closed to the public, one way of access, versions and expiry as the plan says."""

from typing import Final

import pulumi
from pulumi_gcp import storage

from provisioner.clouds.components import Deployment, Family
from provisioner.clouds.gcp.defaults import SOFT_DELETE_SECONDS
from provisioner.clouds.gcp.hosts import Hosts
from provisioner.clouds.gcp.network import Network
from provisioner.plan.model import Bucket

READER: Final = "roles/storage.objectViewer"
"""Lists and reads objects (cloud.google.com/storage/docs/access-control/iam-roles)."""
WRITER: Final = "roles/storage.objectUser"
"""Lists, reads, writes and deletes objects (the same page)."""


class Buckets(Family):
    """`names`: the plan's bucket name to the real one, which is unique in the world."""

    def __init__(
        self, deployment: Deployment, network: Network, hosts: Hosts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Buckets", deployment, opts)
        made = {bucket.name: self._bucket(bucket, network) for bucket in deployment.plan.buckets}
        self.names = {name: bucket.name for name, bucket in made.items()}
        for bucket in deployment.plan.buckets:
            self._grant(bucket, made[bucket.name], network)
        self.register_outputs({})

    def _bucket(self, bucket: Bucket, network: Network) -> storage.Bucket:
        return storage.Bucket(
            self.child(bucket.name),
            name=network.physical(bucket.name),
            location=self.deployment.plan.target.region.upper(),
            storage_class="STANDARD",
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            versioning={"enabled": bucket.versioned},
            lifecycle_rules=expiry(bucket),
            soft_delete_policy={"retention_duration_seconds": SOFT_DELETE_SECONDS},
            labels=network.labels,
            opts=self.under(),
        )

    def _grant(self, bucket: Bucket, made: storage.Bucket, network: Network) -> None:
        levels = {**dict.fromkeys(bucket.readers, READER), **dict.fromkeys(bucket.writers, WRITER)}
        for group, role in sorted(levels.items()):
            storage.BucketIAMMember(
                self.child(bucket.name, group, "role"),
                bucket=made.name,
                role=role,
                member=network.accounts[group].member,
                opts=self.under(),
            )


def expiry(bucket: Bucket) -> list[storage.BucketLifecycleRuleArgsDict]:
    """Objects go after `expire_days`; with versions, an object that went keeps its last version as many days again."""
    if not bucket.expire_days:
        return []
    rules: list[storage.BucketLifecycleRuleArgsDict] = [
        {"action": {"type": "Delete"}, "condition": {"age": bucket.expire_days, "with_state": "LIVE"}}
    ]
    if bucket.versioned:
        rules.append({"action": {"type": "Delete"}, "condition": {"days_since_noncurrent_time": bucket.expire_days}})
    return rules
