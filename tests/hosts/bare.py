"""Hosts of the test bed as machines that were there before: without what first boot left of us."""

from host_bed import TestHost

_BARE = """
rm -rf /etc/provisioner /var/lib/provisioner /var/lib/monkd /usr/local/sbin/provisioner-disk /etc/systemd/system/provisioner-*
systemctl daemon-reload
"""
_SHOWN = """
podman ps --all --noheading; podman image ls --noheading; podman network ls --quiet; podman secret ls --noheading
podman volume ls --quiet; nft list tables | grep -v netavark
ip -brief link | cut -d@ -f1 | cut -d" " -f1; ls /etc/systemd/system /usr/local/sbin
find /etc/containers/systemd /etc/provisioner /var/lib/provisioner /var/lib/monkd 2>/dev/null; systemctl --failed --no-legend
"""


def bare(host: TestHost) -> str:
    """What is on the machine afterwards, in words that can be compared."""
    assert host.shell.run(_BARE).ok
    return shown(host)


def shown(host: TestHost) -> str:
    """Containers, images, networks, secrets, volumes, rules, links, units and folders."""
    return host.shell.run(_SHOWN).text
