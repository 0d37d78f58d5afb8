"""The resource `Host`: first contact with a machine. It waits, pins the machine's key, and has it make its own."""

from collections.abc import Sequence
from typing import Any, Final

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider import ways
from provisioner.deploy.provider.resource import Change, Failure, Found, Properties
from provisioner.deploy.provider.transport import Contact
from provisioner.errors import HostError
from provisioner.protocol.values import UNKNOWN, plain

_TEXTS: Final = ("host", "hostId", "transport")
_INPUTS: Final = (*_TEXTS, *ways.WAYS, ways.ADOPTION)


class HostResource:
    """Inputs: host, hostId, transport, reach; for a machine that was there before also adoption, and hostKey where it is known.

    Outputs: those, and hostKey, overlayKey and facts. Its id is the machine's.
    """

    def check(self, inputs: Properties) -> tuple[Properties, Sequence[Failure]]:
        found = [*ways.unknown(inputs, _INPUTS), *ways.texts(inputs, _TEXTS), *ways.refusals(inputs)]
        return inputs, [*found, *ways.adoption_refusals(inputs)]

    def diff(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[Change]:
        before, after = plain(old_inputs), plain(inputs)
        changed = [name for name in _INPUTS if before.get(name) != after.get(name)]
        return [Change(path=name, replaces=name == "hostId") for name in changed]

    def words(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[str]:
        return ()

    def create(self, inputs: Properties, progress: Progress, *, preview: bool) -> tuple[str, Properties]:
        if preview:
            return "", {**_known(inputs), "hostKey": UNKNOWN, "overlayKey": UNKNOWN, "facts": UNKNOWN}
        return str(plain(inputs["hostId"])), self._contact(inputs, progress)

    def update(self, id: str, inputs: Properties, outputs: Properties, progress: Progress, *, preview: bool) -> Properties:
        """Another way to the same machine: it must show the same key, or the one that is stated now."""
        kept = {name: outputs[name] for name in ("hostKey", "overlayKey", "facts") if name in outputs}
        kept |= {name: inputs[name] for name in ("hostKey",) if name in inputs}
        if preview:
            return {**_known(inputs), **kept}
        return self._contact({**inputs, "hostKey": kept.get("hostKey", "")}, progress)

    def read(self, id: str, inputs: Properties, outputs: Properties) -> Found | None:
        """Whether it answers is the bundle's to say; the keys are as first contact found them."""
        if not inputs:
            raise HostError(f"host {id} cannot be imported: `pulumi up` makes first contact with it")
        return Found(inputs=inputs, outputs=outputs)

    def delete(self, id: str, outputs: Properties, progress: Progress) -> None:
        """First contact leaves nothing that runs, and the machine's own keys go with the machine, unless that stays."""
        machine = ways.machine_of(outputs)
        if machine.adoption:
            ways.transport_of(outputs).release(machine, progress)

    def _contact(self, inputs: Properties, progress: Progress) -> Properties:
        """A machine that cannot make a key could not be reached by the others' containers."""
        machine = ways.machine_of(inputs)
        contact = ways.transport_of(inputs).contact(machine, progress)
        if not contact.overlay_key:
            how = "apt install wireguard-tools, and wireguard-go where the kernel has no WireGuard"
            raise HostError(f"{machine.host} has no key for the overlay, since it lacks WireGuard's `wg`: {how}")
        return {**_known(inputs), **_found(contact)}


def _known(inputs: Properties) -> dict[str, Any]:
    return {name: plain(inputs[name]) for name in (*_TEXTS, "reach", ways.ADOPTION) if name in inputs}


def _found(contact: Contact) -> dict[str, Any]:
    return {"hostKey": contact.host_key, "overlayKey": contact.overlay_key, "facts": dict(contact.facts)}
