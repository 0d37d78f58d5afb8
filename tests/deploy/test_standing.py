"""A change that would replace a disk is refused before anything changes."""

from dataclasses import replace

import pytest

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Request, prepare
from provisioner.deploy.standing import Disk, Standing, check_disks, check_moves, check_roots, plugged
from provisioner.errors import InputError

PREPARED = prepare(Request(name="demo/platform", cloud="gcp", region="europe-west1"))
PLAN, HOSTS = PREPARED.plan, PREPARED.placement.hosts
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


@pytest.mark.parametrize(
    ("cloud", "before", "renewed", "refused"),
    [
        ("aws", 40, (), True),
        ("aws", 20, (), False),
        ("aws", 40, ("app-1",), False),
        ("gcp", 40, (), True),
        ("gcp", 20, (), True),
        ("azure", 20, (), True),
        ("azure", 20, ("app-1",), False),
        ("azure", 30, (), False),
    ],
)
def test_a_hosts_own_disk_changes_with_the_host_alone(
    cloud: str, before: int, renewed: tuple[str, ...], *, refused: bool
) -> None:
    (group,) = (group for group in PLAN.groups if group.name == "app")
    assert group.disk_gib == 30
    found = list(check_roots(PLAN, HOSTS, clouds()[cloud], Standing(roots={"app-1": before}), renewed))
    assert [problem.code for problem in found] == ["root-disk"] * refused
    assert all(problem.place == group.place and "app-1" in problem.message for problem in found)


def test_a_volume_stays_plugged_in_where_it_is_while_it_stays_on_its_host() -> None:
    there = replace(AS_IT_IS, host=VOLUME.host, slot="/dev/sdk")
    assert plugged(PLAN, Standing(disks={VOLUME.name: there})) == {VOLUME.name: "/dev/sdk"}
    assert not plugged(PLAN, Standing(disks={VOLUME.name: replace(there, host="app-1")}))
    assert not plugged(PLAN, Standing(disks={VOLUME.name: replace(there, slot="")}))


def test_a_new_volume_may_be_anything() -> None:
    assert not list(check_disks(PLAN, clouds()["gcp"], Standing()))


@pytest.mark.parametrize(
    ("cloud", "hosts", "came_from", "says"),
    [
        ("azure", ("app-1", "data-1"), {"one": "app-1"}, []),
        ("azure", ("data-1",), {"one": "app-1"}, ["moves from app-1 to data-1: Azure detaches it only from a host that stays"]),
        ("azure", ("app-1", "data-1"), {"one": "app-1", "two": "data-1"}, ["moves one after the other"] * 2),
        ("aws", ("data-1",), {"one": "app-1"}, []),
        ("gcp", ("app-1", "data-1"), {"one": "app-1", "two": "data-1"}, []),
    ],
)
def test_a_disk_that_is_part_of_its_host_leaves_it_in_order(
    cloud: str, hosts: tuple[str, ...], came_from: dict[str, str], says: list[str]
) -> None:
    volumes = tuple(replace(VOLUME, name=name, host=host) for name, host in (("one", "data-1"), ("two", "app-1")))
    disks = {name: replace(AS_IT_IS, host=host) for name, host in came_from.items()}
    found = list(check_moves(replace(PLAN, volumes=volumes), dict.fromkeys(hosts, "m"), clouds()[cloud], Standing(disks=disks)))
    assert [problem.code for problem in found] == ["volume-move"] * len(says)
    assert all(words in problem.message for words, problem in zip(says, found, strict=True))
