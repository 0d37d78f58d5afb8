"""The engine's whole life with the sandbox, on a small cloud of the tests' own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from harness import EngineFailure, Harness
from things import CATALOGS, NETWORK, THING, Network, Thing

from provisioner.sandbox.faults import Fault, FaultKind, clear_faults, set_fault

Simulated = Callable[..., Harness]


def two(**thing: object) -> Callable[[], None]:
    """A program with a network and one thing in it."""

    def program() -> None:
        network = Network("net", cidr="10.0.0.0/16")
        made = Thing("one", opts=None, **{"network": network.id, **thing})
        pulumi.export("address", made.address)
        pulumi.export("name", made.name)

    return program


def only_network() -> None:
    Network("net", cidr="10.0.0.0/16")


@pytest.fixture
def stack(simulated: Simulated) -> Harness:
    return simulated(two(size=1), catalogs=CATALOGS)


def test_life_of_a_stack(stack: Harness) -> None:
    assert stack.preview() == {"create": 3}
    assert stack.exists() == []
    assert stack.up() == {"create": 3}
    assert {each.id for each in stack.exists()} == stack.engine_ids()
    address, name = stack.outputs()["address"], stack.outputs()["name"]
    assert address == "10.0.0.0"
    assert name.startswith("one-")

    assert stack.up() == {"same": 3}

    before = stack.engine_ids()
    assert stack.use(two(size=2)).up() == {"same": 2, "update": 1}
    assert stack.engine_ids() == before
    assert stack.outputs() == {"address": address, "name": name}

    assert stack.use(two(size=2, zone="b")).up() == {"same": 2, "replace": 1}
    assert len(stack.engine_ids() - before) == 1
    assert stack.outputs()["address"] != address
    assert {each.id for each in stack.exists()} == stack.engine_ids()

    assert stack.use(two(size=3, zone="b")).preview() == {"same": 2, "update": 1}
    assert stack.destroy() == {"delete": 3}
    assert stack.exists() == []


def test_unknowns_in_a_preview(simulated: Simulated) -> None:
    def program() -> None:
        network = Network("net", cidr="10.0.0.0/16")
        known = pulumi.Output.from_input(network.arn).is_known()
        pulumi.export("unused", known)
        if pulumi.runtime.is_dry_run():
            network.arn.apply(lambda arn: pytest.fail(f"known before the create: {arn}"))
        Thing("one", network=network.id, password=network.arn)

    stack = simulated(program, catalogs=CATALOGS)
    assert stack.preview() == {"create": 3}
    stack.up()
    (thing,) = (each for each in stack.exists() if each.token == THING)
    assert thing.inputs["password"].startswith("arn:eu-west-1:net-")


def test_secrets_stay_encrypted(simulated: Simulated) -> None:
    def program() -> None:
        password = pulumi.Output.secret("open sesame")
        network = Network("net", cidr="10.0.0.0/16", tags={"plain": "visible", "hidden": password})
        thing = Thing("one", network=network.id, password=password)
        pulumi.export("again", thing.address.apply(lambda _: "shown"))

    stack = simulated(program, catalogs=CATALOGS)
    stack.up()
    stack.refresh()
    texts = [file.read_text(encoding="utf-8") for file in (stack.folder / "backend").rglob("*.json*") if file.is_file()]
    assert any("visible" in text for text in texts)
    assert not any("open sesame" in text for text in texts)


def test_refresh_shows_drift_and_up_mends_it(stack: Harness) -> None:
    stack.up()
    stack.drift(THING, {"size": 50})
    assert stack.refresh() == {"same": 2, "update": 1}
    assert stack.up() == {"same": 2, "update": 1}
    assert [each.outputs["size"] for each in stack.exists() if each.token == THING] == [1]


def test_import_by_id(simulated: Simulated) -> None:
    stack = simulated(only_network, catalogs=CATALOGS)
    stack.up()
    (network,) = stack.exists()
    other = simulated(lambda: None, catalogs=CATALOGS, project="other")  # sees the same simulated cloud

    def program() -> None:
        Network("found", cidr="10.0.0.0/16", opts=pulumi.ResourceOptions(import_=network.id))

    assert other.use(program).up() == {"create": 1, "import": 1}
    assert other.engine_ids() == {network.id}
    assert other.up() == {"same": 2}


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ({"network": "net-none"}, "Network.NotFound: 'net-none' does not exist"),
        ({"colour": "red"}, "unknown property 'colour'"),
        ({"size": 101}, "size must be from 1 to 100"),
    ],
)
def test_refused(simulated: Simulated, thing: dict[str, object], words: str) -> None:
    stack = simulated(two(**thing), catalogs=CATALOGS)
    with pytest.raises(EngineFailure, match=words):
        stack.up()
    assert [each.token for each in stack.exists()] in ([], [NETWORK])


def test_type_without_a_kind(simulated: Simulated) -> None:
    stack = simulated(lambda: pulumi.CustomResource("aws:sqs/queue:Queue", "q") and None, catalogs=CATALOGS)
    with pytest.raises(EngineFailure, match=f"the sandbox does not know aws:sqs/queue:Queue; it simulates {NETWORK}, {THING}"):
        stack.preview()


def test_delete_of_what_is_in_use(stack: Harness) -> None:
    stack.up()
    (network,) = (each for each in stack.exists() if each.token == NETWORK)

    def without_network() -> None:  # the thing still names it, by its plain id
        Thing("one", network=network.id, size=1)

    with pytest.raises(EngineFailure, match=f"DependencyViolation: {NETWORK} '{network.id}' has a dependent object thing-"):
        stack.use(without_network).up()
    assert len(stack.exists()) == 2


def test_region_change_replaces_everything(stack: Harness) -> None:
    stack.up()
    before = stack.engine_ids()
    stack.configure({"aws:region": "us-east-1"})
    assert stack.up()["replace"] == 2
    assert not before & stack.engine_ids()
    assert {each.id for each in stack.exists()} == stack.engine_ids()


@pytest.mark.parametrize(("kind", "words"), [("throttle", "RequestLimitExceeded"), ("fail", "InternalError: An internal error")])
def test_faults(stack: Harness, kind: FaultKind, words: str) -> None:
    set_fault(stack.state_file, Fault(kind=kind, method="Create", token="*Network"))
    with pytest.raises(EngineFailure, match=words):
        stack.up()
    assert stack.exists() == []
    set_fault(stack.state_file, Fault(kind="half", method="Create", token="*Thing", message="it never became ready"))
    with pytest.raises(EngineFailure, match="it never became ready"):
        stack.up()
    assert len(stack.exists()) == 2
    clear_faults(stack.state_file)
    stack.up()
    assert {each.id for each in stack.exists()} == stack.engine_ids()
    assert len(stack.exists()) == 2


def test_engine_killed_in_mid_create(stack: Harness) -> None:
    set_fault(stack.state_file, Fault(kind="stall", method="Create", token="*Thing", seconds=60))
    script = [sys.executable, str(Path(__file__).with_name("up_once.py")), str(stack.project), str(stack.root)]
    process = subprocess.Popen(script, env={**os.environ, **stack.environment}, start_new_session=True)
    _wait_until(lambda: len(stack.exists()) == 2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    orphan = {each.id for each in stack.exists()} - stack.engine_ids()
    assert len(orphan) == 1

    stack.unlock()
    assert stack.up()["create"] == 1
    assert {each.id for each in stack.exists()} == stack.engine_ids()
    assert len(stack.exists()) == 2
    assert stack.up() == {"same": 3}


def _wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
