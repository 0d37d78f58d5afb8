"""The resource `Mount`: a volume's disk in use on a host. It makes nothing; its end is what matters.

The engine deletes it before the attachment that its `device` comes from, so a disk that goes to another host, or away, is
unmounted first. Its id is the volume's name.
"""

from collections.abc import Sequence
from typing import Any, Final

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider import ways
from provisioner.deploy.provider.resource import Change, Failure, Found, Properties
from provisioner.errors import HostError
from provisioner.protocol.values import plain

_TEXTS: Final = ("host", "hostId", "transport", "volume", "device")
_REPLACING: Final = ("hostId", "volume", "device")


class MountResource:
    """Inputs and outputs: host, hostId, transport, reach, hostKey, volume, device."""

    def check(self, inputs: Properties) -> tuple[Properties, Sequence[Failure]]:
        found = [*ways.unknown(inputs, (*_TEXTS, *ways.WAYS)), *ways.texts(inputs, _TEXTS), *ways.refusals(inputs)]
        return inputs, found

    def diff(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[Change]:
        before, after = plain(old_inputs), plain(inputs)
        changed = [name for name in (*_TEXTS, *ways.WAYS) if before.get(name) != after.get(name)]
        return [Change(path=name, replaces=name in _REPLACING) for name in changed]

    def words(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[str]:
        return ()

    def create(self, inputs: Properties, progress: Progress, *, preview: bool) -> tuple[str, Properties]:
        return "" if preview else str(plain(inputs["volume"])), _known(inputs)

    def update(self, id: str, inputs: Properties, outputs: Properties, progress: Progress, *, preview: bool) -> Properties:
        return _known(inputs)

    def read(self, id: str, inputs: Properties, outputs: Properties) -> Found | None:
        """Whether it is mounted is the bundle's to say."""
        if not inputs:
            raise HostError(f"the mount {id} cannot be imported: `pulumi up` makes it")
        return Found(inputs=inputs, outputs=outputs)

    def delete(self, id: str, outputs: Properties, progress: Progress) -> None:
        ways.transport_of(outputs).unmount(ways.machine_of(outputs), id, progress)


def _known(inputs: Properties) -> dict[str, Any]:
    return {name: plain(inputs[name]) for name in (*_TEXTS, *ways.WAYS) if name in inputs}
