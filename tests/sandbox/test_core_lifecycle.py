"""Create, change and delete, without the protocol."""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from provisioner.errors import SandboxError
from provisioner.sandbox import lifecycle
from provisioner.sandbox.kinds import UNKNOWN, Call, CloudRefusal, Kind, Reference
from provisioner.sandbox.lifecycle import Subject
from provisioner.sandbox.state import Resource, State, opened

NETWORK = "aws:test:Network"
HOST = "aws:test:Host"
DISK = "aws:test:Attachment"


def _attach(call: Call, identity: str) -> Mapping[str, Any]:
    host = call.world.get(HOST, call.inputs["host"])
    assert host is not None
    call.world.update(host, {"disks": [*host.properties["disks"], identity]})
    return {}


def _detach(call: Call, identity: str) -> None:
    host = call.world.get(HOST, call.inputs["host"])
    if host is not None:
        call.world.update(host, {"disks": [disk for disk in host.properties["disks"] if disk != identity]})


def _no_other(call: Call) -> None:
    if call.world.find(NETWORK, cidr=call.inputs["cidr"]):
        raise CloudRefusal(f"the range {call.inputs['cidr']} is taken")


KINDS = {
    NETWORK: Kind(token=NETWORK, identify=lambda call: f"net-{call.digest[:6]}", outputs=lambda _, __: {}, refuse=_no_other),
    HOST: Kind(
        token=HOST,
        identify=lambda call: f"i-{call.digest[:6]}",
        outputs=lambda call, _: {"address": call.world.take("addresses"), "disks": [], "label": f"{call.inputs['size']}!"},
        computed=("address", "disks", "label"),
        reshaped=("nics",),
        references=(Reference(property="nics[].network", tokens=(NETWORK,), missing="no network {value}"),),
    ),
    DISK: Kind(
        token=DISK,
        identify=lambda call: f"vol-{call.digest[:6]}",
        outputs=_attach,
        deleted=_detach,
        references=(Reference(property="host", tokens=(HOST,), holds=False),),
    ),
}


@pytest.fixture
def state(tmp_path: Path) -> Generator[State]:
    with opened(tmp_path / "state.db") as opened_state:
        yield opened_state


def subject(token: str, name: str = "one") -> Subject:
    return Subject(package="aws", urn=f"urn:pulumi:dev::tests::provisioner:index:Hosts${token}::{name}", config={"region": "r"})


def create(state: State, token: str, name: str = "one", **inputs: object) -> Resource:
    return lifecycle.create(state, KINDS[token], subject(token, name), inputs)


def test_urn_of_a_child() -> None:
    assert (subject(HOST, "a::b").token, subject(HOST, "a::b").name) == (HOST, "a::b")


def test_update_keeps_addresses_and_attachments(state: State) -> None:
    create(state, HOST, "other", size=1)
    host = create(state, HOST, size=1)
    disk = create(state, DISK, host=host.id)
    changed = lifecycle.update(state, KINDS[HOST], subject(HOST), host.id, {"size": 2})
    assert changed.outputs == {"size": 2, "address": 1, "disks": [disk.id], "label": "2!"}
    assert create(state, HOST, "third", size=1).outputs["address"] == 2
    lifecycle.delete(state, KINDS[DISK], subject(DISK), disk.id)
    stored = state.get(HOST, host.id)
    assert stored is not None
    assert stored.outputs["disks"] == []


def test_update_is_no_conflict_with_itself(state: State) -> None:
    network = create(state, NETWORK, cidr="10.0.0.0/16")
    with pytest.raises(CloudRefusal, match="taken"):
        create(state, NETWORK, "two", cidr="10.0.0.0/16")
    changed = lifecycle.update(state, KINDS[NETWORK], subject(NETWORK), network.id, {"cidr": "10.0.0.0/16", "tags": {}})
    assert changed.outputs == {"cidr": "10.0.0.0/16", "tags": {}}


def test_update_of_what_is_gone(state: State) -> None:
    with pytest.raises(CloudRefusal, match="NotFound: aws:test:Host 'i-0' does not exist"):
        lifecycle.update(state, KINDS[HOST], subject(HOST), "i-0", {"size": 1})


def test_references_inside_lists(state: State) -> None:
    with pytest.raises(CloudRefusal, match="no network net-0"):
        create(state, HOST, size=1, nics=[{"network": "net-0"}])
    first, second = (create(state, NETWORK, cidr, cidr=cidr) for cidr in ("10.0.0.0/16", "10.1.0.0/16"))
    host = create(state, HOST, size=1, nics=[{"network": first.id}, {}])
    with pytest.raises(CloudRefusal, match=f"DependencyViolation: {NETWORK} '{first.id}' has a dependent object {host.id}"):
        lifecycle.delete(state, KINDS[NETWORK], subject(NETWORK), first.id)
    lifecycle.update(state, KINDS[HOST], subject(HOST), host.id, {"size": 1, "nics": [{"network": second.id}]})
    lifecycle.delete(state, KINDS[NETWORK], subject(NETWORK), first.id)
    lifecycle.delete(state, KINDS[HOST], subject(HOST), host.id)
    lifecycle.delete(state, KINDS[NETWORK], subject(NETWORK), second.id)
    assert state.select("TRUE") == []


def test_delete_of_what_is_gone(state: State) -> None:
    lifecycle.delete(state, KINDS[HOST], subject(HOST), "i-0")


def test_a_replacement_has_an_identity_of_its_own(state: State) -> None:
    first = create(state, HOST, size=1)
    state.hear(HOST, first.id)
    second = create(state, HOST, size=1)
    assert first.id != second.id
    assert len(state.select("TRUE")) == 2


def test_a_create_that_nobody_heard_of_is_undone_by_the_next(state: State) -> None:
    first = create(state, HOST, size=1)
    orphan = create(state, DISK, host=first.id)
    repeated = create(state, DISK, host=first.id)
    found = state.get(HOST, first.id)
    assert found is not None
    assert found.outputs["disks"] == [repeated.id]
    assert state.get(DISK, orphan.id) is None


def test_the_same_id_twice_is_refused(state: State) -> None:
    kind = Kind(token=HOST, identify=lambda call: str(call.inputs["id"]), outputs=lambda _, __: {})
    lifecycle.create(state, kind, subject(HOST), {"id": "x"})
    with pytest.raises(CloudRefusal, match="AlreadyExists: aws:test:Host 'x' already exists"):
        lifecycle.create(state, kind, subject(HOST, "two"), {"id": "x"})


def test_outputs_that_a_kind_does_not_declare(state: State) -> None:
    kind = Kind(token=HOST, identify=lambda _: "x", outputs=lambda _, __: {"surprise": 1})
    with pytest.raises(SandboxError, match="its outputs surprise are missing from `computed`"):
        lifecycle.create(state, kind, subject(HOST), {})


def test_previews() -> None:
    kind = KINDS[HOST]
    inputs = {"size": 1, "nics": [{"network": "net-0"}]}
    assert lifecycle.preview_create(kind, inputs) == {
        "size": 1,
        **dict.fromkeys(("address", "disks", "label", "nics"), UNKNOWN),
    }
    olds = {"size": 1, "nics": [{"network": "net-0", "address": "x"}], "address": 7, "disks": [], "label": "1!"}
    assert lifecycle.preview_update(kind, olds, inputs, {**inputs, "size": 2}) == {**olds, "size": 2}
    moved = lifecycle.preview_update(kind, olds, inputs, {"nics": [{"network": "net-1"}]})
    assert moved == {"nics": UNKNOWN, "address": 7, "disks": [], "label": "1!"}
