"""The host's own nftables rules: only declared connections pass between containers, and only what is published comes in.

Containers of one host reach each other over the host too, never straight across their bridge (`host.network`), so that one
chain sees all their traffic. A replacement is one transaction, and what stands passes for as long as it is declared: each
packet is judged by who opened its connection to whom, in either direction, so a connection that is no longer declared ends.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from provisioner.host.edges import edges
from provisioner.host.model import HostFile
from provisioner.host.names import BRIDGE, TUNNEL
from provisioner.host.part import Part, part
from provisioner.host.scene import Scene
from provisioner.host.slot_rules import chain, include, slotted_here
from provisioner.plan.routes import PORT
from provisioner.resolve.model import Port

SERVICE: Final = "provisioner-firewall.service"
RULES: Final = "/etc/provisioner/firewall.nft"
OFF: Final = "/etc/provisioner/firewall-off.nft"

_RULES: Final = """\
# Replaces the rules that are there, in one transaction.
add table inet provisioner
delete table inet provisioner
add table bridge provisioner
delete table bridge provisioner

table inet provisioner {
  set declared {
    typeof ip saddr . ip daddr . meta l4proto . th dport
@declared@  }
  set together {
    typeof ip saddr . ip daddr
@together@  }
  set published {
    typeof meta l4proto . th dport
@published@  }
@slots@
  chain arriving {
    type nat hook prerouting priority dstnat - 5; policy accept;
@jumps@  }
  chain departing {
    type nat hook output priority dstnat - 5; policy accept;
@jumps@  }
  chain led {
    type filter hook prerouting priority dstnat + 5; policy accept;
    iifname "@bridge@" ct status dnat meta mark set meta mark | @mark@
  }

  chain forward {
    type filter hook forward priority filter; policy accept;
    oifname "@tunnel@" tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
    iifname != { "@bridge@", "@tunnel@" } oifname != { "@bridge@", "@tunnel@" } accept
    ct state related accept
    ct state invalid drop
    ct original ip saddr . ct reply ip saddr . meta l4proto . ct reply proto-src @declared accept
    ct original ip saddr . ct reply ip saddr @together accept
    ct status dnat ct original ip daddr != @range@ meta l4proto . ct original proto-dst @published accept
    ct state established meta l4proto tcp ct original ip saddr @range@ ct reply ip saddr @range@ reject with tcp reset
    ip saddr @range@ ip daddr @range@ reject with icmpx admin-prohibited comment "no connection is declared"
    ct state established ct original ip saddr @range@ accept comment "answers from the world"
    iifname "@bridge@" oifname != "@tunnel@" accept comment "out to the world"
    drop comment "not published"
  }
  chain input {
    type filter hook input priority filter; policy accept;
    iifname != { "@bridge@", "@tunnel@" } accept
    ct state established,related accept
    iifname "@bridge@" ip daddr @host@ meta l4proto { tcp, udp } th dport 53 accept comment "names"
    meta l4proto { icmp, icmpv6 } accept
@routes@    drop
  }
  chain output {
    type filter hook output priority filter; policy accept;
    oifname "@bridge@" icmp type redirect drop comment "containers reach each other over the host"
  }
}

table bridge provisioner {
  chain forward {
    type filter hook forward priority filter; policy accept;
    meta mark & @mark@ == @mark@ accept
    ether saddr & ff:ff:00:00:00:00 == @mac@ drop
    ether daddr & ff:ff:00:00:00:00 == @mac@ drop
  }
}
@includes@"""

_ROUTES: Final = f"""\
    iifname "@bridge@" ip daddr != @range@ tcp dport {PORT} accept comment "ingress routes, for containers of this host"
"""

_OFF: Final = """\
destroy table inet provisioner
destroy table bridge provisioner
"""

MAC: Final = "02:50"
"""How containers' hardware addresses begin: locally administered; the overlay address follows."""

MARK: Final = "0x00100000"
"""Stands on packets whose destination was translated. A kernel with br_netfilter sends those straight across the bridge."""


def firewall(scene: Scene) -> Part:
    """Loading again replaces all rules at once and cuts nothing that stands."""
    load = f"/usr/sbin/nft -f {RULES}"
    return part(
        SERVICE,
        # Debian's own service empties all tables when it starts.
        [("Description", "Which containers may talk to which"), ("After", "nftables.service")],
        [
            ("Type", "oneshot"),
            ("RemainAfterExit", "yes"),
            ("ExecStart", load),
            ("ExecReload", load),
            ("ExecStop", f"/usr/sbin/nft -f {OFF}"),
        ],
        HostFile(path=RULES, contents=rules(scene), mode=0o600),
        HostFile(path=OFF, contents=_OFF, mode=0o600),
    )


def rules(scene: Scene) -> str:
    """The whole rule file of a host."""
    found = edges(scene)
    pairs = [f"{edge.source} . {edge.target}" for edge in found if not edge.port]
    declared = [f"{edge.source} . {edge.target} . {edge.protocol} . {edge.port}" for edge in found if edge.port]
    slots = list(slotted_here(scene))
    parts = {
        "declared": _elements(declared),
        "together": _elements(pairs),
        "published": _elements(_published(scene)),
        "slots": "".join(f"  chain {chain(workload, container)} {{ }}\n" for workload, container in slots),
        "jumps": "".join(f"    jump {chain(workload, container)}\n" for workload, container in slots),
        "routes": _ROUTES if scene.host in scene.traffic.answering else "",
        "includes": "".join(f'include "{include(workload, container)}"\n' for workload, container in slots),
        "range": scene.plan.network.overlay,
        "host": scene.host_address,
        "bridge": BRIDGE,
        "tunnel": TUNNEL,
        "mac": f"{MAC}:00:00:00:00",
        "mark": MARK,
    }
    text = _RULES
    for name, value in parts.items():
        text = text.replace(f"@{name}@", value)
    return text


def _published(scene: Scene) -> Iterator[str]:
    """The host's ports that are open to the outside: published ones, and those that a balancer reaches."""
    found: dict[str, None] = {}
    for workload in scene.workloads:
        behind = {balancer.backend_port for balancer in scene.plan.balancers if balancer.workload == workload.runnable}
        for port in (port for container in workload.containers for port in container.ports):
            if port.host is not None and (port.published or port.host in behind):
                found[f"{_protocol(port)} . {port.host}"] = None
    return iter(sorted(found))


def _protocol(port: Port) -> str:
    return "udp" if port.protocol.lower() == "udp" else "tcp"


def _elements(values: Iterable[str]) -> str:
    lines = ",\n".join(f"      {value}" for value in values)
    return f"    elements = {{\n{lines}\n    }}\n" if lines else ""
