"""A change that would replace a disk is refused before anything changes."""

from dataclasses import replace

import pytest

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Request, prepare
from provisioner.deploy.standing import Disk, Standing, check_disks
from provisioner.errors import InputError

PLAN = prepare(Request(name="demo/platform", cloud="gcp", region="europe-west1")).plan
VOLUME = PLAN.volumes[0]
AS_IT_IS = Disk(kind=VOLUME.kind, size_gib=VOLUME.size_gib, zone=VOLUME.zone)


@pytest.mark.parametrize(
    ("cloud", "disk", "says"),
    [
        ("gcp", AS_IT_IS, ""),
        ("gcp", replace(AS_IT_IS, size_gib=20), ""),
        ("gcp", replace(AS_IT_IS, size_gib=100), "expected at least the 100 GiB that it has, found 50"),
        ("aws", replace(AS_IT_IS, size_gib=100), "expected at least the 100 GiB that it has, found 50"),
        ("gcp", replace(AS_IT_IS, zone="europe-west1-z"), "expected the zone europe-west1-z"),
        ("gcp", replace(AS_IT_IS, kind="HDD"), "expected the kind HDD"),
        ("aws", replace(AS_IT_IS, kind="HDD"), ""),
        ("azure", replace(AS_IT_IS, kind="HDD"), ""),
    ],
)
def test_only_what_would_lose_data_is_refused(cloud: str, disk: Disk, says: str) -> None:
    problems = list(check_disks(PLAN, clouds()[cloud], Standing(disks={VOLUME.name: disk})))
    assert [problem.code for problem in problems] == (["data-loss"] if says else [])
    assert all(says in problem.message and problem.place == VOLUME.place for problem in problems)


def test_a_deployment_stops_there() -> None:
    larger = Standing(disks={VOLUME.name: replace(AS_IT_IS, size_gib=100)})
    with pytest.raises(InputError, match="holds data"):
        prepare(Request(name="demo/platform", cloud="gcp", region="europe-west1"), standing=larger)


def test_a_new_volume_may_be_anything() -> None:
    assert not list(check_disks(PLAN, clouds()["gcp"], Standing()))
