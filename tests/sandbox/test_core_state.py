"""The state file: all or nothing, across threads, runs and kills."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from provisioner.errors import SandboxError, UsageError
from provisioner.sandbox.faults import Fault, clear_faults, list_faults, set_fault, strike
from provisioner.sandbox.inspect import list_bundles, list_resources
from provisioner.sandbox.state import Resource, State, opened

URN = "urn:pulumi:dev::tests::aws:test:Thing::one"


def resource(id: str, **fields: object) -> Resource:
    stated: dict[str, object] = {
        "package": "aws",
        "token": "aws:test:Thing",
        "name": "one",
        "urn": URN,
        "inputs": {},
        "outputs": {},
        "digest": "00",
    }
    return Resource(id=id, **{**stated, **fields})  # pyright: ignore[reportArgumentType]


def test_a_failed_call_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.db"
    state = State(path)

    def fail_half_way() -> None:
        with state.transaction():
            state.insert(resource("a"))
            state.take("addresses")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail_half_way()
    with state.transaction():
        assert state.select("TRUE") == []
        assert state.take("addresses") == 0
    state.close()


def test_a_killed_process_leaves_what_it_finished(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_core_state import State, resource
state = State(Path({str(path)!r}))
with state.transaction():
    state.insert(resource("finished"))
with state.transaction():
    state.insert(resource("unfinished"))
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert [each.id for each in list_resources(path)] == ["finished"]


def test_counters_give_each_number_once(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")

    def take(_: int) -> int:
        with state.transaction():
            return state.take("addresses")

    with ThreadPoolExecutor(16) as threads:
        assert sorted(threads.map(take, range(200))) == list(range(200))
    state.close()
    with opened(tmp_path / "state.db") as again:
        assert again.take("addresses") == 200


def test_a_file_that_is_no_state(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("not a database, whatever its name says, and long enough to be one" * 20, encoding="utf-8")
    with pytest.raises(SandboxError, match="cannot be used as the sandbox's state"):
        State(path)


def test_a_state_of_another_version(tmp_path: Path) -> None:
    with opened(tmp_path / "state.db") as state:
        state.execute("PRAGMA user_version = 99")
    with pytest.raises(SandboxError, match="format 99, expected 1"):
        State(tmp_path / "state.db")


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert (list_resources(path), list_bundles(path)) == ([], [])
    assert not path.exists()


def test_faults_strike_their_calls_only(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    set_fault(path, Fault(kind="fail", token="aws:ec2/*", method="Create", first=2, times=2))
    set_fault(path, Fault(kind="throttle", method="Delete", times=0))
    with opened(path) as state:
        created = [strike(state, "Create", "aws:ec2/vpc:Vpc") for _ in range(4)]
        assert [fault and fault.kind for fault in created] == [None, "fail", "fail", None]
        assert strike(state, "Create", "gcp:compute/network:Network") is None
        assert all(strike(state, "Delete", "gcp:compute/network:Network") for _ in range(3))
    assert [(fault.kind, fault.seen) for fault in list_faults(path)] == [("fail", 4), ("throttle", 3)]
    clear_faults(path)
    assert list_faults(path) == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="explode"),  # pyright: ignore[reportArgumentType]
        Fault(kind="fail", method="Construct"),
        Fault(kind="fail", first=0),
        Fault(kind="half", method="Update"),
    ],
)
def test_faults_that_never_strike_are_refused(tmp_path: Path, fault: Fault) -> None:
    with pytest.raises(UsageError, match=r"expected|strikes"):
        set_fault(tmp_path / "state.db", fault)
