"""The cloud-init document of every host. It prepares the machine, holds no secret, and is the same for every workload."""

import json
import textwrap
from pathlib import Path
from typing import Final

PACKAGES: Final = (
    "podman",
    "e2fsprogs",
    "nftables",
    "conntrack",
    "wireguard-tools",
    "wireguard-go",
    "dnsmasq-base",
    "iproute2",
    "curl",
    "haproxy",
)
"""WireGuard in user space is for kernels without it; dnsmasq answers the names of containers; conntrack tells whose
connections have ended; curl asks what readiness checks do; HAProxy answers routes where there are any."""

FOLDERS: Final = ("/etc/containers/systemd", "/etc/provisioner/disks", "/var/lib/provisioner/files", "/var/lib/monkd/volumes")

LIMIT: Final = 16 * 1024
"""What the strictest cloud takes, in bytes."""


def cloud_init(ssh_key: str = "") -> str:
    """`#cloud-config` text. `ssh_key` (one line of an authorized_keys file) opens the user `provisioner`; "" opens none."""
    lines = [
        "#cloud-config",
        "package_update: true",
        f"packages: {json.dumps(PACKAGES)}",
        "users:",
        "  - default",
        "  - name: provisioner",
        "    gecos: Brings workloads to this host",
        "    shell: /bin/bash",
        "    lock_passwd: true",
        '    sudo: "ALL=(ALL) NOPASSWD:ALL"',
        *([f"    ssh_authorized_keys: {json.dumps([ssh_key.strip()])}"] if ssh_key.strip() else []),
        "write_files:",
        *_file("/usr/local/sbin/provisioner-disk", "0755", _shipped("provisioner-disk.sh")),
        *_file("/etc/systemd/system/provisioner-disk@.service", "0644", _shipped("provisioner-disk@.service")),
        "runcmd:",
        f"  - {json.dumps(['mkdir', '-p', *FOLDERS])}",
        '  - ["systemctl", "daemon-reload"]',
        '  - ["systemctl", "disable", "--now", "haproxy.service"]',
    ]
    return "\n".join(lines) + "\n"


def _file(path: str, mode: str, contents: str) -> list[str]:
    block = textwrap.indent(contents, " " * 6).splitlines()
    return [f"  - path: {path}", f'    permissions: "{mode}"', "    content: |", *block]


def _shipped(name: str) -> str:
    return (Path(__file__).parent / "machine" / name).read_text(encoding="utf-8")
