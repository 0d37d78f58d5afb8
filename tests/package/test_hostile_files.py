"""Files made to cost as much as they can: `check` answers within two seconds and 300 MB, and raises nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_files import QUICK
from hostile_measure import MEGABYTES, SECONDS

RUN = "import json, sys; from hostile_measure import measured; print(json.dumps({name: measured(name) for name in sys.argv[1:]}))"


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, object]]:
    """Measured in a process without the test suite in it."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *QUICK], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", QUICK)
def test_a_hostile_file_costs_little(name: str, found: dict[str, dict[str, float]]) -> None:
    assert not found[name]["raised"]
    assert found[name]["seconds"] < SECONDS
    assert found[name]["megabytes"] < MEGABYTES


def test_what_multiplies_is_refused(found: dict[str, dict[str, list[str]]]) -> None:
    assert "too-much-work" in found["a fan over many variables"]["codes"]
    assert "too-much-work" in found["a fan over a long command"]["codes"]
    assert "too-large" in found["doubled lists compared"]["codes"]
    assert "name-too-long" in found["a namespace as long as a file"]["codes"]
