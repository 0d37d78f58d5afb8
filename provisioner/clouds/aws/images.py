"""The image that hosts start from: Debian 13, from Debian's own AWS account."""

from typing import Final

import pulumi
from pulumi_aws import ec2

DEBIAN_ACCOUNT: Final = "136693071363"
"""The account that publishes Debian's images for Amazon EC2 (wiki.debian.org/Cloud/AmazonEC2Image)."""
ARCHITECTURES: Final = {"amd64": "x86_64", "arm64": "arm64"}


def debian(arch: str, options: pulumi.InvokeOptions) -> pulumi.Output[str]:
    """The id of the newest Debian 13 image for `amd64` or `arm64` in the provider's region.

    A newer one appears every few weeks: hosts ignore a change of it, so that only a new host starts from it.
    """
    found = ec2.get_ami_output(
        most_recent=True,
        owners=[DEBIAN_ACCOUNT],
        filters=[
            ec2.GetAmiFilterArgs(name="name", values=[f"debian-13-{arch}-*"]),
            ec2.GetAmiFilterArgs(name="architecture", values=[ARCHITECTURES[arch]]),
            ec2.GetAmiFilterArgs(name="virtualization-type", values=["hvm"]),
            ec2.GetAmiFilterArgs(name="root-device-type", values=["ebs"]),
        ],
        opts=options,
    )
    return found.id
