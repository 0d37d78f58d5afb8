"""First contact, as the resource `Host` makes it."""

from dataclasses import dataclass

import pytest

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider import ways
from provisioner.deploy.provider.host import HostResource
from provisioner.deploy.provider.sandbox import SandboxTransport
from provisioner.deploy.provider.transport import Contact, Machine
from provisioner.errors import HostError

INPUTS = {"host": "app-1", "hostId": "i-1", "transport": "ssh"}


@dataclass
class Answering(SandboxTransport):
    """A machine with this key for the overlay."""

    overlay_key: str

    def contact(self, machine: Machine, progress: Progress) -> Contact:
        return Contact(host_key="ssh-ed25519 AAAA", overlay_key=self.overlay_key)


def test_a_machine_without_a_key_for_the_overlay_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ways.TRANSPORTS, "ssh", lambda: Answering("key="))  # pyright: ignore[reportArgumentType]
    assert HostResource().create(INPUTS, Progress(), preview=False)[1]["overlayKey"] == "key="
    monkeypatch.setitem(ways.TRANSPORTS, "ssh", lambda: Answering(""))  # pyright: ignore[reportArgumentType]
    with pytest.raises(HostError, match=r"app-1 has no key for the overlay.*apt install wireguard-tools"):
        HostResource().create(INPUTS, Progress(), preview=False)
