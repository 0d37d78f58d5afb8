"""The Podman network of a host's containers, and the lines by which a container joins it.

Podman is told that the whole overlay is on the bridge, so that it translates no address on the way to another host, and
gives every container routes to both halves of it over the host, which are narrower and so come first: containers of one
host, too, reach each other over the host and its firewall.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from provisioner.host.firewall import MAC, SERVICE
from provisioner.host.model import Unit
from provisioner.host.names import BRIDGE, NETWORK
from provisioner.host.quadlet import Section, unit_text
from provisioner.host.resolver import names_of
from provisioner.host.scene import Scene, Subject


def network_unit(scene: Scene) -> Unit:
    """It starts only once the firewall stands; later restarts of the firewall leave it and the containers alone."""
    overlay = IPv4Network(scene.plan.network.overlay)
    routes = [f"--route={half},{scene.bridge_address}" for half in overlay.subnets(prefixlen_diff=1)]
    lines = [
        ("NetworkName", NETWORK),
        ("Subnet", str(overlay)),
        ("Gateway", scene.bridge_address),
        ("IPRange", str(scene.range)),
        ("DisableDNS", "true"),
        ("PodmanArgs", " ".join((f"--interface-name={BRIDGE}", *routes))),
        ("Label", f"provisioner.deployment={scene.plan.slug}"),
    ]
    sections = [
        Section(name="Unit", lines=[("Description", "Network of the containers"), ("Wants", SERVICE), ("After", SERVICE)]),
        Section(name="Network", lines=lines),
        Section(name="Service", lines=[("ExecStartPre", f"/usr/bin/systemctl is-active --quiet {SERVICE}")]),
    ]
    return Unit(name=f"{NETWORK}.network", text=unit_text(sections))


def joining(subject: Subject, slot: str = "") -> Iterator[tuple[str, str]]:
    """A container's `[Container]` lines: its network, its address there, and who answers names.

    A slot knows its own names itself: a connection that is led back to where it comes from would get lost on the bridge.
    """
    address = subject.scene.address(subject.workload, subject.container, slot)
    yield "Network", f"{NETWORK}.network"
    yield "IP", address
    yield "DNS", subject.scene.host_address
    if slot:
        yield from (("AddHost", f"{name}:{address}") for name in names_of(subject.workload, subject.container))
    yield "PodmanArgs", f"--mac-address={mac(address)}"


def mac(address: str) -> str:
    """The hardware address that follows from an overlay address, so that no neighbour remembers a wrong one."""
    return ":".join((MAC, *(f"{byte:02x}" for byte in IPv4Address(address).packed)))
