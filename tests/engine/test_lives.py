"""Each blueprint of the catalogue on each cloud, with the real engine: every step of a stack's life, drift by hand included.

The first `up` is in clouds that are eventually consistent. Each blueprint and each cloud is in `make test`; `make matrix`
goes through them all.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from catalogue_stack import DISKS, MACHINES, OTHER_KEY, Simulated, catalogue_stack, variables
from fixture_stack import ids
from harness import Harness

from provisioner.clouds.discovery import clouds
from provisioner.sandbox.faults import Fault, clear_faults, set_fault

CHANGES: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "demo/platform": {"demo/platform": {"app-hosts": 3}},
    "monitoring/stack": {"monitoring/prometheus": {"retention": "30d"}},
    "nginx/web": {"nginx/web": {"host-port": 8080}},
    "postgresql/db": {"postgresql/db": {"max-connections": 300}},
    "redis/cache": {"redis/cache": {"image-tag": "7.2"}},
    "visits/platform": {"visits/platform": {"fronts": 2}},
}
"""What is deployed by itself, with the variables that a change sets anew."""

DRIFT: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "aws": ({"instanceType": "t3.2xlarge"}, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
    "azure": ({"hardwareProfile": {"vmSize": "Standard_E8s_v5"}}, "azure-native:compute:VirtualMachine"),
    "gcp": ({"machineType": "e2-highmem-8"}, "gcp:compute/firewall:Firewall"),
}
"""By hand: another size for every machine, and a resource of this type removed."""

EVERYWHERE = [(blueprint, cloud) for blueprint in CHANGES for cloud in clouds()]
ALWAYS = {
    ("demo/platform", "azure"),
    ("monitoring/stack", "gcp"),
    ("nginx/web", "aws"),
    ("postgresql/db", "gcp"),
    ("redis/cache", "aws"),
    ("visits/platform", "azure"),
}
CASES = [pytest.param(*case, marks=() if case in ALWAYS else pytest.mark.matrix) for case in EVERYWHERE]


@pytest.mark.parametrize(("blueprint", "cloud"), CASES)
def test_the_life_of(simulated: Simulated, blueprint: str, cloud: str) -> None:
    stack = catalogue_stack(simulated, blueprint, cloud)
    set_fault(stack.state_file, Fault(kind="late", method="Create", times=0, seconds=0.2))
    assert set(stack.up()) == {"create"}
    clear_faults(stack.state_file)
    assert_same_everywhere(stack)
    assert set(stack.up()) == {"same", "read"}

    stack.configure(variables(CHANGES[blueprint]))
    assert set(stack.up()) <= {"same", "read", "create", "update"}
    assert_same_everywhere(stack)

    machines, disks = ids(stack, MACHINES[cloud]), ids(stack, DISKS[cloud])
    hosts = sorted(stack.outputs()["hosts"])
    stack.configure({"provisioner:ssh-key": OTHER_KEY, "provisioner:renew": json.dumps(hosts)})
    assert "replace" in stack.up()
    assert not set(machines.values()) & set(ids(stack, MACHINES[cloud]).values())
    assert machines.keys() == ids(stack, MACHINES[cloud]).keys()
    assert ids(stack, DISKS[cloud]) == disks

    assert_drift_is_seen_and_mended(stack, cloud)
    stack.destroy()
    assert stack.exists() == []
    assert stack.bundles() == []


def assert_drift_is_seen_and_mended(stack: Harness, cloud: str) -> None:
    before = inputs(stack)
    changes, token = DRIFT[cloud]
    drifted = stack.drift(MACHINES[cloud], changes)
    removed = stack.remove(token)
    seen = stack.refresh()
    assert seen["delete"] >= 1
    assert seen["update"] >= drifted - (removed.token == MACHINES[cloud])
    stack.up()
    assert inputs(stack) == before
    assert_same_everywhere(stack)
    assert {each["host_id"] for each in stack.bundles()} == set(ids(stack, MACHINES[cloud]).values())


def assert_same_everywhere(stack: Harness) -> None:
    """Sandbox and state hold the same resources: none orphaned, none double."""
    found = [(each.token, each.id) for each in stack.exists()]
    assert len(found) == len(set(found)) == len({each.urn for each in stack.exists()})
    assert {each.id for each in stack.exists()} == stack.cloud_ids()


def inputs(stack: Harness) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """What each resource was asked to be, but its name, which is another when it is made again."""
    named = ("name", "vmName")
    return {
        (each.token, each.name): {name: value for name, value in each.inputs.items() if name not in named}
        for each in stack.exists()
    }
