"""Small bundles for real hosts, and the provider's resource `Bundle` brought to one of them without an engine."""

import threading
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from host_bed import TestHost

from provisioner.deploy.hosts.connect import first_contact
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.hosts.shell import Reach
from provisioner.deploy.provider.bundle import BundleResource
from provisioner.host import document
from provisioner.host.model import Bundle, Gate, SecretSlot, Unit
from provisioner.protocol.values import Secret
from provisioner.resolve.model import Parts, SecretRef

IMAGE = "docker.io/library/busybox:latest"
FIRST = "first-token"
TOKEN = SecretSlot(name="secret.token", value=Parts((SecretRef(name="token"),)))
NETWORK = Unit(name="provisioner.network", text="[Network]\nNetworkName=provisioner\n")


def unit(name: str, script: str, *, health: str = "", image: str = IMAGE, more: str = "", seconds: int = 8) -> Unit:
    """The container of the workload `shop/NAME`: BusyBox's shell runs `script`; `health` is a command of the shell too."""
    checked = f'HealthCmd=["/bin/sh", "-c", "{health}"]\nHealthInterval=1s\nHealthRetries=2\nNotify=healthy\n' if health else ""
    return Unit(
        name=f"shop-{name}-app.container",
        text=f"[Container]\nImage={image}\nContainerName=shop-{name}-app\nNetwork=provisioner.network\nRunInit=true\nTmpfs=/tmp\n"
        f"Label=provisioner.workload=shop/{name}\nLabel=provisioner.container=app\nExec=sh -c '{script}'\n{checked}{more}"
        f"[Service]\nRestart=always\nRestartSec=1\nTimeoutStartSec={seconds}\n[Install]\nWantedBy=multi-user.target\n",
    )


def web(version: str, *, delay: float = 0, more: str = "", seconds: int = 8, image: str = IMAGE) -> Unit:
    """Serves its version at port 8080, `delay` seconds after its start."""
    script = f"sleep {delay}; echo {version} > /tmp/index.html; httpd -f -p 80 -h /tmp"
    port = "PublishPort=8080:80\n"
    return unit("web", script, health="test -f /tmp/index.html", more=port + more, seconds=seconds, image=image)


def bundle(*units: Unit, secrets: tuple[SecretSlot, ...] = ()) -> Bundle:
    made = Bundle(host="app-1", units=(NETWORK, *units), gates=tuple(map(_gate, units)), secrets=secrets)
    return replace(made, digest=document.digest_of(made))


def _gate(unit: Unit) -> Gate:
    name = unit.name.split("-")[1]
    lines = dict(line.split("=", 1) for line in unit.text.splitlines() if "=" in line)
    return Gate(
        workload=f"shop/{name}",
        container="app",
        service=f"shop-{name}-app.service",
        image=lines["Image"],
        timeout=int(lines["TimeoutStartSec"]),
    )


@dataclass
class Site:
    """One host and its `Bundle`, as the engine would keep it."""

    host: TestHost
    reach: Reach
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    archives: Mapping[str, str] = field(default_factory=dict[str, str])
    told: list[str] = field(default_factory=list[str])
    resource: BundleResource = field(default_factory=BundleResource)

    def contact(self) -> None:
        """First contact, as the resource `Host` makes it: the key that the machine shows is pinned."""
        _, host_key = first_contact(self.reach, self.told.append)
        self.reach = replace(self.reach, host_key=host_key)

    def apply(
        self, made: Bundle, *, token: str = FIRST, devices: Mapping[str, str] = {}, progress: Progress | None = None
    ) -> None:
        """Check, then update. Inputs and outputs stay as they were where it fails."""
        wanted = {
            "address": self.host.address,
            **self.way,
            "bundle": document.to_data(made),
            "devices": dict(devices),
            "addresses": {},
            "keys": {},
            "archives": dict(self.archives),
            "secretValues": {"token": Secret(token)},
        }
        inputs, failures = self.resource.check(wanted)
        assert failures == []
        progress = progress or Progress(self.told.append)
        outputs = self.resource.update(self.host.name, inputs, self.outputs, progress, preview=False)
        self.inputs, self.outputs = dict(inputs), outputs

    @property
    def way(self) -> dict[str, Any]:
        """The inputs that say which machine it is and how it is reached."""
        return {
            "host": "app-1",
            "hostId": self.host.name,
            "transport": self.reach.transport,
            "reach": {"address": self.reach.address, "key": self.reach.key, "user": self.reach.user},
            "hostKey": self.reach.host_key,
        }

    def drift(self) -> list[str]:
        found = self.resource.read(self.host.name, self.inputs, self.outputs)
        assert found is not None
        return found.outputs["drift"]

    def page(self) -> str:
        with urllib.request.urlopen(f"http://{self.host.address}:8080/", timeout=5) as answer:
            return answer.read().decode().strip()

    def run(self, command: str) -> str:
        answer = self.host.shell.run(command)
        assert answer.ok, answer
        return answer.text


class Meanwhile:
    """Runs `work` in a thread; leaving the block waits for it. `failure` is what it raised."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(work,))

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as failure:  # noqa: BLE001  (whatever it is, the test looks at it)
            self.failure = failure

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
