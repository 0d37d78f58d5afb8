"""The names of every runnable's services and containers, answered on every host by dnsmasq.

The names are a file that is read again when it changes, so that a workload added anywhere restarts no container. Podman's
own name server knows one host's containers only, and a container's `/etc/hosts` is written when it starts.
"""

from collections.abc import Iterator
from typing import Final

from provisioner.host.model import HostFile
from provisioner.host.names import NETWORK_SERVICE
from provisioner.host.part import Part, part
from provisioner.host.scene import Scene
from provisioner.plan.model import Workload
from provisioner.resolve.model import Container
from provisioner.resolve.names import hostname

SERVICE: Final = "provisioner-names.service"
CONFIGURATION: Final = "/etc/provisioner/names.conf"
HOSTS: Final = "/etc/provisioner/names.hosts"
ZONES: Final = "/etc/provisioner/names.zones"
_RUN: Final = "provisioner-names"
"""The folder in /run from which dnsmasq, which is nobody there, reads names and zones again."""

_CONFIGURATION: Final = """\
# Names of the containers come from the two files, all others from the host's own name servers.
listen-address={address}
bind-interfaces
no-hosts
addn-hosts=/run/{run}/names.hosts
servers-file=/run/{run}/names.zones
user=nobody
group=nogroup
"""


def resolver(scene: Scene) -> Part:
    """A reload reads names and zones again and answers on meanwhile."""
    configuration = _CONFIGURATION.format(address=scene.host_address, run=_RUN)
    read = f"/usr/bin/install -m 644 {HOSTS} {ZONES} /run/{_RUN}"
    return part(
        SERVICE,
        [("Description", "Names of the containers"), ("Requires", NETWORK_SERVICE), ("After", NETWORK_SERVICE)],
        [
            ("Type", "exec"),
            ("RuntimeDirectory", _RUN),
            ("ExecStartPre", read),
            ("ExecStartPre", f"/usr/sbin/ip address replace {scene.host_address}/32 dev lo"),
            ("ExecStart", f"/usr/sbin/dnsmasq --keep-in-foreground --conf-file={CONFIGURATION}"),
            ("ExecReload", read),
            ("ExecReload", "/bin/kill -HUP $MAINPID"),
            ("ExecStopPost", f"-/usr/sbin/ip address delete {scene.host_address}/32 dev lo"),
            ("Restart", "always"),
            ("RestartSec", "1"),
        ],
        HostFile(path=CONFIGURATION, contents=configuration, mode=0o600),
        HostFile(path=HOSTS, contents="".join(f"{line}\n" for line in _hosts(scene)), mode=0o600),
        HostFile(path=ZONES, contents="".join(f"server=/{zone}/\n" for zone in _zones(scene)), mode=0o600),
    )


def names_of(workload: Workload, container: Container) -> tuple[str, ...]:
    """Those of its runnable, which all replicas share, and its replica's own: of the container and of its services.

    Where a container and a service of another have one name, it is the container's.
    """
    taken = {container.name for container in workload.containers}
    services = [one.name for one in workload.services.values() if one.container == container.name]
    names = (container.name, *(name for name in services if name not in taken))
    return tuple(dict.fromkeys(hostname(name, of) for of in (workload.runnable, workload.name) for name in names))


def _hosts(scene: Scene) -> Iterator[str]:
    """One line for each container: its stable address, then its names, those of its services among them.

    Of a runnable that nothing here connects to, the first replica stands for all: what asks it is refused.
    """
    near = scene.traffic.near(scene.host)
    for runnable, replicas in scene.traffic.replicas.items():
        for workload in near.get(runnable, replicas[:1]):
            for container in workload.containers:
                yield " ".join((scene.address(workload, container), *names_of(workload, container)))


def _zones(scene: Scene) -> list[str]:
    """What is never asked of other name servers: everything below a runnable's name. `internal` as a whole is not ours."""
    return sorted({hostname("x", runnable).partition(".")[2] for runnable in scene.traffic.replicas})
