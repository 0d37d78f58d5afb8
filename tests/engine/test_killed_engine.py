"""The engine is killed (SIGKILL) at a create, before it hears the answer; the next `up` converges.

A few points are in `make test`; `make matrix` goes through all.
"""

import logging

import pytest
from catalogue_stack import MACHINES, Simulated, catalogue_stack
from harness import EngineFailure
from test_lives import assert_same_everywhere

from provisioner.sandbox.faults import Fault, clear_faults, set_fault

BLUEPRINT = "redis/cache"
CREATES = {"aws": 17, "azure": 10, "gcp": 5}
"""Resources of the blueprint in each cloud; each test sees that there are no more."""
ALWAYS = {"aws": (2, 12), "azure": (7,), "gcp": (5,)}

POINTS = [
    pytest.param(cloud, point, marks=() if point in ALWAYS[cloud] else pytest.mark.matrix)
    for cloud, creates in CREATES.items()
    for point in range(1, creates + 1)
]


@pytest.mark.parametrize(("cloud", "point"), POINTS)
def test_up_after_a_kill(simulated: Simulated, cloud: str, point: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="grpc._server")  # the program's server complains of its dead engine, and keeps it
    stack = catalogue_stack(simulated, BLUEPRINT, cloud)
    set_fault(stack.state_file, Fault(kind="kill", method="Create", first=point))
    with pytest.raises(EngineFailure, match="code: -9"):
        stack.up()
    assert len(stack.exists()) >= point
    clear_faults(stack.state_file)
    stack.unlock()

    stack.up()
    assert_same_everywhere(stack)
    assert len(stack.exists()) == CREATES[cloud]
    machines = [each.id for each in stack.exists() if each.token == MACHINES[cloud]]
    assert [each["host_id"] for each in stack.bundles()] == machines
