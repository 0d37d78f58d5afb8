"""The tunnels between hosts: WireGuard, in the kernel where it can, else in user space, decided on the host when it starts.

The private key is made on the host and stays there; public keys and addresses of the other hosts are slots, which the
provider fills.
"""

from pathlib import Path
from typing import Final

from provisioner.host.addresses import host_range
from provisioner.host.delivery import address_slot, key_slot
from provisioner.host.model import HostFile
from provisioner.host.names import NETWORK_SERVICE
from provisioner.host.part import Part, part
from provisioner.host.scene import Scene
from provisioner.plan.rules import OVERLAY_PORT

SERVICE: Final = "provisioner-overlay.service"
CONFIGURATION: Final = "/etc/provisioner/overlay.conf"
SCRIPT: Final = "/etc/provisioner/overlay.sh"
KEY: Final = "/etc/provisioner/overlay.key"
"""The host's private key, as `wg genkey` makes it."""


def overlay(scene: Scene) -> Part | None:
    """None where nothing here talks to another host. A reload cuts no tunnel that stays."""
    others = scene.traffic.peers(scene.host)
    if not others:
        return None
    peers = "".join(f"\n{_peer(scene, host.name)}" for host in scene.placement.hosts if host.name in others)
    script = (Path(__file__).parent / "machine" / "overlay.sh").read_text(encoding="utf-8")
    return part(
        SERVICE,
        [
            ("Description", "Tunnels to the other hosts"),
            ("Wants", "network-online.target"),
            ("Requires", NETWORK_SERVICE),
            ("After", f"network-online.target {NETWORK_SERVICE}"),
        ],
        [
            ("Type", "notify"),
            ("NotifyAccess", "all"),
            ("ExecStart", f"{SCRIPT} run"),
            ("ExecReload", f"{SCRIPT} load"),
            ("ExecStopPost", f"{SCRIPT} remove"),
            ("Restart", "always"),
            ("RestartSec", "1"),
        ],
        HostFile(path=CONFIGURATION, contents=f"ListenPort = {OVERLAY_PORT}\n{peers}", mode=0o600, template=True),
        HostFile(path=SCRIPT, contents=script, mode=0o700),
    )


def _peer(scene: Scene, host: str) -> str:
    """Whoever is reached, and from where packets may come: one host's own containers."""
    subnet = host_range(scene.plan, scene.addresses.hosts[host])
    lines = (
        f"[Peer] # {host}",
        f"PublicKey = {key_slot(host)}",
        f"Endpoint = {address_slot(host)}:{OVERLAY_PORT}",
        f"AllowedIPs = {subnet}",
        # A host that was switched off makes itself known when it is back; others would take 15 s to see that it forgot them.
        "PersistentKeepalive = 25",
    )
    return "".join(f"{line}\n" for line in lines)
