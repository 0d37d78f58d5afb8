"""The resource `Bundle`: what one host runs. Its id is the host's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.bundle_check import COMPUTED, MAPPINGS, TEXTS, bundle_of, failures
from provisioner.deploy.provider.resource import Change, Failure, Found, Properties
from provisioner.deploy.provider.ways import WAYS, machine_of, transport_of
from provisioner.errors import HostError
from provisioner.host import summary
from provisioner.host.delivery import Delivery, deliver
from provisioner.host.status import Running
from provisioner.protocol.values import UNKNOWN, plain


class BundleResource:
    """Inputs: host, hostId, address, transport, reach, hostKey, bundle, devices, addresses, keys, secretValues, and `summary`,
    which Check adds.

    Outputs: host, hostId, transport, reach, hostKey, digest, containers, and `drift`, sentences that Read finds and an update
    clears.
    """

    def check(self, inputs: Properties) -> tuple[Properties, Sequence[Failure]]:
        found = failures(inputs)
        bundle = None if found else bundle_of(inputs)
        return ({**inputs, COMPUTED: summary.summary(bundle)} if bundle else inputs), found

    def diff(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[Change]:
        changes = [*_input_changes(plain(old_inputs), plain(inputs))]
        if plain(old_outputs).get("drift"):
            changes.append(Change(path="drift", of_inputs=False))
        return changes

    def words(self, old_inputs: Properties, old_outputs: Properties, inputs: Properties) -> Sequence[str]:
        before, after = plain(old_inputs), plain(inputs)
        drifted = cast("list[str]", plain(old_outputs).get("drift", []))
        rotated = [key for key in _changed_keys(before, after, "secretValues") if key in before.get("secretValues", {})]
        return [
            *summary.words(before.get(COMPUTED, {}), after.get(COMPUTED, {})),
            *(f"secret {name}: another value" for name in rotated),
            *(f"repairs {words}" for words in drifted),
        ]

    def create(self, inputs: Properties, progress: Progress, *, preview: bool) -> tuple[str, Properties]:
        outputs = self.update("", inputs, {}, progress, preview=preview)
        return "" if preview else str(plain(inputs["hostId"])), outputs

    def update(self, id: str, inputs: Properties, outputs: Properties, progress: Progress, *, preview: bool) -> Properties:
        if preview:
            return _outputs(inputs, None)
        delivery = _delivery(inputs)
        try:
            running = transport_of(inputs).apply(machine_of(inputs), delivery, progress, plain(inputs.get("archives", {})))
        except HostError as error:
            raise HostError(_without_secrets(str(error), inputs, delivery)) from None
        return _outputs(inputs, running)

    def read(self, id: str, inputs: Properties, outputs: Properties) -> Found | None:
        if not inputs:
            raise HostError(f"bundle of {id} cannot be imported: `pulumi up` brings it to the host anew")
        reading = transport_of(inputs).read(machine_of(inputs), _delivery(inputs))
        if reading is None:
            return None
        found = outputs if reading.running is None else _outputs(inputs, reading.running)
        return Found(inputs=inputs, outputs={**found, "drift": list(reading.drift)})

    def delete(self, id: str, outputs: Properties, progress: Progress) -> None:
        transport_of(outputs).remove(machine_of(outputs), progress)


def _without_secrets(text: str, inputs: Properties, delivery: Delivery) -> str:
    """A container's last lines may hold what it was given."""
    values = {*plain(inputs.get("secretValues", {})).values(), *delivery.secrets.values()}
    for value in sorted(filter(str.strip, values), key=len, reverse=True):
        text = text.replace(value, "«secret»")
    return text


def _input_changes(before: Properties, after: Properties) -> Iterator[Change]:
    """Differences in words where there are words: paths into `summary` rather than into the units' text."""
    if before.get("hostId") != after.get("hostId"):
        yield Change(path="hostId", replaces=True)
    yield from (Change(path=name) for name in (*TEXTS, *WAYS) if name != "hostId" and before.get(name) != after.get(name))
    for name in (*MAPPINGS, COMPUTED):
        for key in _changed_keys(before, after, name):
            yield _keyed(name, key, before.get(name, {}), after.get(name, {}))
    alike = before.get(COMPUTED) == after.get(COMPUTED)
    if alike and before.get("bundle") != after.get("bundle"):
        yield Change(path="bundle.digest")


def _changed_keys(before: Properties, after: Properties, name: str) -> list[str]:
    old, new = before.get(name, {}), after.get(name, {})
    if new is UNKNOWN or old is UNKNOWN:
        return []
    return summary.changed(old, new)


def _keyed(name: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    path = f'{name}["{key.replace(chr(34), chr(92) + chr(34))}"]'
    if key not in before:
        return Change(path=path, kind="add")
    return Change(path=path, kind="delete" if key not in after else "update")


def _outputs(inputs: Properties, running: Running | None) -> Properties:
    """`running` is None in a preview: what the host answers is not known yet."""
    known = {name: plain(inputs[name]) for name in ("host", "hostId", "transport", *WAYS) if name in inputs}
    if running is None:
        return {**known, "digest": UNKNOWN, "containers": UNKNOWN, "drift": []}
    containers = [asdict(container) for container in running.containers]
    return {**known, "digest": running.digest, "containers": containers, "drift": []}


def _delivery(inputs: Properties) -> Delivery:
    given = plain(inputs)
    bundle = bundle_of(inputs)
    if bundle is None:
        raise HostError(f"the bundle of {given['host']} is not known")
    values = {name: given.get(name, {}) for name in MAPPINGS}
    return deliver(
        bundle,
        addresses=values["addresses"],
        devices=values["devices"],
        keys=values["keys"],
        secrets=values["secretValues"],
    )
