"""Buckets on AWS: S3 buckets, closed, encrypted and only over TLS."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import s3

from provisioner.clouds.aws import defaults, grants, names
from provisioner.clouds.aws.hosts import Hosts
from provisioner.clouds.aws.network import Network
from provisioner.clouds.components import Deployment, Family
from provisioner.plan.model import Bucket

UPLOAD_DAYS = 7
"""Days after which an unfinished upload, which is billed and not listed, is thrown away."""


class Buckets(Family):
    """`names` are the buckets' names by the plan's names."""

    def __init__(
        self, deployment: Deployment, network: Network, hosts: Hosts, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Buckets", deployment, opts)
        self.hosts = hosts
        self.names: Mapping[str, pulumi.Output[str]] = {bucket.name: self._bucket(bucket) for bucket in deployment.plan.buckets}
        self.register_outputs({"names": dict(self.names)})

    def _bucket(self, bucket: Bucket) -> pulumi.Output[str]:
        created = s3.Bucket(
            self.child("bucket", bucket.name),
            bucket_prefix=names.prefix(37, self.prefix, bucket.name),
            tags=defaults.tags(self.deployment.plan, "buckets", self.child(bucket.name)),
            opts=self.under(),
        )
        self._close(bucket.name, created)
        s3.BucketServerSideEncryptionConfiguration(
            self.child("bucket", bucket.name, "encryption"),
            bucket=created.id,
            rules=[
                s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="AES256"
                    )
                )
            ],
            opts=self.under(),
        )
        versioning = s3.BucketVersioning(
            self.child("bucket", bucket.name, "versioning"),
            bucket=created.id,
            # A bucket that was versioned once can only be suspended, never unversioned again.
            versioning_configuration=s3.BucketVersioningVersioningConfigurationArgs(
                status="Enabled" if bucket.versioned else "Suspended"
            ),
            opts=self.under(),
        )
        self._expire(bucket, created, versioning)
        grants.bucket(self, self.hosts, bucket, created.arn)
        return created.bucket

    def _close(self, name: str, created: "s3.Bucket") -> None:
        """S3.1, S3.8: no public access in any way; S3.12: no access lists; S3.5: nothing over plain HTTP."""
        closed = s3.BucketPublicAccessBlock(
            self.child("bucket", name, "closed"),
            bucket=created.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.under(),
        )
        s3.BucketOwnershipControls(
            self.child("bucket", name, "ownership"),
            bucket=created.id,
            rule=s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self.under(depends_on=[closed]),
        )
        # S3 refuses a policy while another call changes who may reach the bucket.
        s3.BucketPolicy(
            self.child("bucket", name, "policy"),
            bucket=created.id,
            policy=pulumi.Output.json_dumps(_only_tls(created.arn)),
            opts=self.under(depends_on=[closed]),
        )

    def _expire(self, bucket: Bucket, created: "s3.Bucket", versioning: "s3.BucketVersioning") -> None:
        if not bucket.expire_days:
            return
        rule = s3.BucketLifecycleConfigurationRuleArgs(
            id="expire",
            status="Enabled",
            filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
            expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(days=bucket.expire_days),
            noncurrent_version_expiration=s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=bucket.expire_days
            ),
            abort_incomplete_multipart_upload=s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=UPLOAD_DAYS
            ),
        )
        s3.BucketLifecycleConfiguration(
            self.child("bucket", bucket.name, "expiry"),
            bucket=created.id,
            rules=[rule],
            opts=self.under(depends_on=[versioning]),
        )


def _only_tls(arn: pulumi.Output[str]) -> Mapping[str, object]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OnlyTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, arn.apply(lambda text: f"{text}/*")],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
