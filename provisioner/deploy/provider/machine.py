"""The resource `Machine`: a host on this machine, booted under systemd-nspawn."""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from provisioner.deploy.hosts import local_machine, local_process, local_rootfs
from provisioner.deploy.hosts.local_state import NAME, Machine, find, machines
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.resource import Change, Failure, Found, Properties
from provisioner.errors import HostError
from provisioner.protocol.values import UNKNOWN, plain

IMAGE: Final = "image"
"""Which root file system it stands on, by the digest of its recipe. Check adds it; another replaces the machine."""

_TEXTS: Final = ("name", "hostname", "userData")
_REPLACING: Final = (*_TEXTS, "reachesOut", IMAGE)


class MachineResource:
    """Inputs: name, hostname, userData, reachesOut, and `image`, which Check adds. Outputs: name, address, running.

    The id is the name and what tells this machine from its predecessors, so that a renewed host is known as another.
    `running` is False where Read finds it stopped; an update boots it.
    """

    def check(self, inputs: Properties) -> tuple[Properties, Sequence[Failure]]:
        given = plain(inputs)
        failures = [Failure(property=name, reason="is no input") for name in given if name not in _REPLACING]
        failures += [
            Failure(property=name, reason=f"expected text, found {given.get(name)!r}")
            for name in _TEXTS
            if given.get(name) is not UNKNOWN and not isinstance(given.get(name), str)
        ]
        failures += [
            Failure(property=name, reason=f"expected small letters, digits and hyphens, found {given[name]!r}")
            for name in ("name", "hostname")
            if isinstance(given.get(name), str) and not NAME.fullmatch(given[name])
        ]
        return {IMAGE: local_rootfs.folder().name, **inputs}, failures

    def diff(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[Change]:
        before, after = plain(old_inputs), plain(inputs)
        changes = [Change(path=name, replaces=True) for name in _REPLACING if before.get(name) != after.get(name)]
        if plain(old_outputs).get("running") is False:
            changes.append(Change(path="running", of_inputs=False))
        return changes

    def words(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[str]:
        return ["boots it, since it does not run"] if plain(old_outputs).get("running") is False else []

    def create(self, inputs: Properties, progress: Progress, *, preview: bool) -> tuple[str, Properties]:
        given = plain(inputs)
        if preview:
            return "", {"name": given["name"], "address": UNKNOWN, "running": True}
        _make_room(given["name"])
        wanted = local_machine.Wanted(
            name=f"{given['name']}-{secrets.token_hex(2)}",
            stem=given["name"],
            hostname=given["hostname"],
            user_data=given["userData"],
            reaches_out=bool(given.get("reachesOut", True)),
        )
        machine = local_machine.create(wanted, progress.tell)
        _made(machine).touch()
        return machine.name, _outputs(machine)

    def read(self, id: str, inputs: Properties, outputs: Properties) -> Found | None:
        machine = find(id)
        if machine is None:
            return None
        if not inputs:
            raise HostError(f"the machine {id} cannot be imported: delete it, and `pulumi up` makes it anew")
        return Found(inputs=inputs, outputs=_outputs(machine))

    def update(self, id: str, inputs: Properties, outputs: Properties, progress: Progress, *, preview: bool) -> Properties:
        machine = find(id)
        if machine is None:
            raise HostError(f"the machine {id} is gone: `pulumi refresh`, then `pulumi up` makes it anew")
        if preview:
            return {**_outputs(machine), "running": True}
        local_machine.boot(machine)
        return _outputs(machine)

    def delete(self, id: str, outputs: Properties, progress: Progress) -> None:
        machine = find(id)
        if machine is not None:
            local_machine.remove(machine)


def _make_room(stem: str) -> None:
    """Remove what an `up` left that was killed while it made a machine; refuse to touch one that was made whole."""
    for machine in machines():
        if machine.stem == stem and not _made(machine).exists():
            local_machine.remove(machine, gently=False)
        elif machine.stem == stem:
            hint = f"`python -m provisioner.deploy.hosts.local_remove {machine.name}` ends it"
            raise HostError(f"this machine has a host {machine.name} that this stack does not know; {hint}")


def _made(machine: Machine) -> Path:
    return machine.folder / "made"


def _outputs(machine: Machine) -> Mapping[str, Any]:
    return {"name": machine.stem, "address": machine.address, "running": local_process.running(machine)}
