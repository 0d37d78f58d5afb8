"""The image hosts boot: Debian 13 of their architecture, resolved once and then kept.

A newer image of the family replaces no host: `hosts` ignores changes of it.
"""

from typing import Final

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.gcp.defaults import IMAGE_FAMILIES, IMAGE_PROJECT


def image(arch: str, parent: pulumi.Resource) -> pulumi.Output[str]:
    """The self link of the newest image for `amd64` or `arm64`."""
    options = pulumi.InvokeOptions(parent=parent)
    return compute.get_image_output(family=IMAGE_FAMILIES[arch], project=IMAGE_PROJECT, opts=options).self_link


STARTUP: Final = """\
#!/bin/sh
# Google's Debian images come without cloud-init, which reads this host's user-data: install it, once, and boot into it.
command -v cloud-init >/dev/null && exit 0
export DEBIAN_FRONTEND=noninteractive
mkdir -p /etc/cloud/cloud.cfg.d
echo 'network: {config: disabled}' >/etc/cloud/cloud.cfg.d/99-google-manages-the-network.cfg
until apt-get update && apt-get install --yes cloud-init; do sleep 5; done
systemctl reboot
"""
"""The start-up script: the same on every host, forever, and nothing to do on every boot but the first."""
