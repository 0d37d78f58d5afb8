"""The resource `MachineDisk`: a block disk for local hosts, a file on this machine. Its id is its name."""

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.deploy.hosts import local_disk
from provisioner.deploy.hosts.local_state import NAME
from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.resource import Change, Failure, Found, Properties
from provisioner.protocol.values import UNKNOWN, plain


class DiskResource:
    """Inputs: name, sizeGib. Outputs: those and `path`, the file. It grows in place and never shrinks: it has data."""

    def check(self, inputs: Properties) -> tuple[Properties, Sequence[Failure]]:
        given = plain(inputs)
        name, size = given.get("name"), given.get("sizeGib")
        failures = [Failure(property=key, reason="is no input") for key in given if key not in ("name", "sizeGib")]
        if name is not UNKNOWN and not (isinstance(name, str) and NAME.fullmatch(name)):
            failures.append(Failure(property="name", reason=f"expected small letters, digits and hyphens, found {name!r}"))
        if size is not UNKNOWN and not (isinstance(size, int) and size >= 1):
            failures.append(Failure(property="sizeGib", reason=f"expected a whole number of GiB from 1 on, found {size!r}"))
        return inputs, failures

    def diff(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[Change]:
        before, after = plain(old_inputs), plain(inputs)
        found = [Change(path="name", replaces=True)] if before.get("name") != after.get("name") else []
        return [*found, Change(path="sizeGib")] if before.get("sizeGib") != after.get("sizeGib") else found

    def words(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[str]:
        before, after = plain(old_inputs).get("sizeGib"), plain(inputs).get("sizeGib")
        return [f"grows from {before} to {after} GiB"] if before != after else []

    def create(self, inputs: Properties, progress: Progress, *, preview: bool) -> tuple[str, Properties]:
        given = plain(inputs)
        if preview:
            return "", {**given, "path": UNKNOWN}
        local_disk.create(given["name"], given["sizeGib"])
        return given["name"], _outputs(given)

    def read(self, id: str, inputs: Properties, outputs: Properties) -> Found | None:
        """Without inputs it is an import: a disk that a former stack left is taken over with its data."""
        size = local_disk.size_gib(id)
        if size is None:
            return None
        found = {"name": id, "sizeGib": size}
        return Found(inputs=found, outputs=_outputs(found))

    def update(self, id: str, inputs: Properties, outputs: Properties, progress: Progress, *, preview: bool) -> Properties:
        given = plain(inputs)
        if not preview:
            local_disk.grow(id, given["sizeGib"])
        return _outputs(given)

    def delete(self, id: str, outputs: Properties, progress: Progress) -> None:
        local_disk.remove(id)


def _outputs(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**given, "path": str(local_disk.path(str(given["name"])))}
