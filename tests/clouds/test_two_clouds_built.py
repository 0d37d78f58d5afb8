"""A deployment on two clouds, built for both: each cloud's sandbox takes its own part."""

from collections.abc import Callable, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from simulated import build

from provisioner.clouds.components import Deployment
from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Request, prepare
from provisioner.plan.sites import split

PACKAGE = (Path(__file__).parents[1] / "cases" / "clouds" / "two-clouds.yaml").read_text()


@pytest.mark.parametrize("cloud", clouds())
def test_the_overlay_lets_in_the_hosts_of_the_other_cloud_one_by_one(tmp_path: Path, cloud: str) -> None:
    other = next(name for name in clouds() if name != cloud)
    (tmp_path / "t.yaml").write_text(PACKAGE.replace("OTHER", other))
    found = prepare(Request(name="t/b", cloud=cloud, region=clouds()[cloud].default_region, sources=(tmp_path,)))
    part = split(found.plan)[0]
    placed = [host for host in found.placement.hosts if host.group in {group.name for group in part.groups}]
    documents = {host.name: "#cloud-config\n" for host in placed}
    ranges = {"data-1": "203.0.113.7/32", "data-2": "203.0.113.8/32"}
    tree = build(Deployment(plan=part, hosts=placed, user_data=documents, elsewhere=ranges), after=let_in(cloud, ranges))
    rules = [rule for entry in tree.values() for rule in entry["inputs"].get("securityRules", [entry["inputs"]])]
    overlay = str([rule for rule in rules if "51820" in str(rule)])
    assert all(source in overlay for source in ranges.values())
    assert "0.0.0.0/0" not in overlay


def let_in(cloud: str, ranges: Mapping[str, str]) -> Callable[[Any], None]:
    """What the program does once the hosts of all clouds are there."""
    return lambda made: None if clouds()[cloud].rules_first else made["network"].let_in(ranges)


@pytest.mark.parametrize(("cloud", "other"), list(permutations(clouds(), 2)))
def test_every_pair_of_clouds_builds_without_a_name_in_common(tmp_path: Path, cloud: str, other: str) -> None:
    (tmp_path / "t.yaml").write_text(PACKAGE.replace("OTHER", other))
    found = prepare(Request(name="t/b", cloud=cloud, region=clouds()[cloud].default_region, sources=(tmp_path,)))
    seen: set[str] = set()
    for part in split(found.plan):
        groups = {group.name for group in part.groups}
        placed = [host for host in found.placement.hosts if host.group in groups]
        tree = build(Deployment(plan=part, hosts=placed, user_data={host.name: "#cloud-config\n" for host in placed}))
        assert not seen & tree.keys()
        seen |= tree.keys()
