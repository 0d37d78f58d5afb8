"""A deployment on two clouds, built for both: each cloud's sandbox takes its own part."""

from itertools import permutations
from pathlib import Path

import pytest
from simulated import build

from provisioner.clouds.components import Deployment
from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Request, prepare
from provisioner.plan.sites import split

PACKAGE = (Path(__file__).parents[1] / "cases" / "clouds" / "two-clouds.yaml").read_text()


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
