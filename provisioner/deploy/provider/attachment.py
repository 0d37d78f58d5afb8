"""The resource `MachineAttachment`: a disk at a local host, under a path that does not change. Its id is the volume's name."""

from collections.abc import Sequence
from typing import Final

from provisioner.deploy.hosts import local_disk, local_process
from provisioner.deploy.hosts.local_state import find
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.resource import Change, Failure, Found, Properties
from provisioner.errors import HostError
from provisioner.protocol.values import UNKNOWN, plain

_INPUTS: Final = ("machine", "disk", "volume")


class AttachmentResource:
    """Inputs: machine (its id), disk (the file behind it), volume (the host's name for it). Outputs: those and `device`."""

    def check(self, inputs: Properties) -> tuple[Properties, Sequence[Failure]]:
        given = plain(inputs)
        failures = [Failure(property=name, reason="is no input") for name in given if name not in _INPUTS]
        for name in _INPUTS:
            value = given.get(name)
            if value is not UNKNOWN and not (isinstance(value, str) and value):
                failures.append(Failure(property=name, reason=f"expected text, found {value!r}"))
        return inputs, failures

    def diff(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[Change]:
        before, after = plain(old_inputs), plain(inputs)
        return [Change(path=name, replaces=True) for name in _INPUTS if before.get(name) != after.get(name)]

    def words(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[str]:
        return ()

    def create(self, inputs: Properties, progress: Progress, *, preview: bool) -> tuple[str, Properties]:
        given = plain(inputs)
        outputs = {**given, "device": local_process.device_path(given["volume"])}
        if preview:
            return "", outputs
        local_disk.attach(given["machine"], given["volume"], given["disk"])
        return given["volume"], outputs

    def read(self, id: str, inputs: Properties, outputs: Properties) -> Found | None:
        if not inputs:
            raise HostError(f"the attachment {id} cannot be imported: `pulumi up` attaches the disk")
        given = plain(inputs)
        machine = find(given["machine"])
        if machine is None or machine.disks.get(given["volume"]) != given["disk"]:
            return None
        return Found(inputs=inputs, outputs=outputs)

    def update(self, id: str, inputs: Properties, outputs: Properties, progress: Progress, *, preview: bool) -> Properties:
        raise HostError(f"the attachment {id} never changes in place")

    def delete(self, id: str, outputs: Properties, progress: Progress) -> None:
        given = plain(outputs)
        machine = find(given["machine"])
        if machine is not None and given["volume"] in machine.disks:
            local_disk.detach(given["machine"], given["volume"])
