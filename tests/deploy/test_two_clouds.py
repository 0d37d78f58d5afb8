"""Host groups on different clouds in one deployment: what goes where, what it costs there, and what cannot be."""

from itertools import permutations
from pathlib import Path

import pytest

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Prepared, Request, prepare
from provisioner.errors import InputError
from provisioner.plan.sites import split

PACKAGE = (Path(__file__).parents[1] / "cases" / "clouds" / "two-clouds.yaml").read_text()


def planned(folder: Path, cloud: str, other: str, *changes: tuple[str, str], regions: dict[str, str] | None = None) -> Prepared:
    text = PACKAGE.replace("OTHER", other)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "t.yaml").write_text(text)
    region = clouds()[cloud].default_region
    return prepare(Request(name="t/b", cloud=cloud, region=region, sources=(folder,), others=regions or {}))


@pytest.mark.parametrize(("cloud", "other"), list(permutations(clouds(), 2)))
def test_each_cloud_gets_what_is_its_own(tmp_path: Path, cloud: str, other: str) -> None:
    found = planned(tmp_path, cloud, other)
    here, there = split(found.plan)
    assert (here.target.cloud, there.target.cloud) == (cloud, other)
    assert [[group.name for group in part.groups] for part in (here, there)] == [["app"], ["data"]]
    assert [[one.name for one in part.balancers] for part in (here, there)] == [["web"], ["sql"]]
    assert [[one.name for one in part.addresses] for part in (here, there)] == [["entry"], ["back"]]
    assert [len(part.volumes) for part in (here, there)] == [0, 1]
    assert [len(part.buckets) for part in (here, there)] == [1, 0]
    assert here.slug != there.slug, "two components of one family and one name would be one resource"
    zones = clouds()[other].regions[there.target.region].zones
    assert there.volumes[0].zone == zones[1]
    assert {host.name: host.zone for host in found.placement.hosts if host.group == "data"} == {
        "data-1": zones[0],
        "data-2": zones[1],
    }
    assert found.placement.assignments == {"t/web": "app-1", "t/db": "data-1"}


@pytest.mark.parametrize(("cloud", "other"), list(permutations(clouds(), 2)))
def test_the_estimate_is_the_sum_of_both(tmp_path: Path, cloud: str, other: str) -> None:
    estimate = planned(tmp_path, cloud, other).estimate
    billed = {item.name: item.cloud for item in estimate.items if item.kind == "machine"}
    assert billed == {"host app-1": cloud, "host app-2": cloud, "host data-1": other, "host data-2": other}
    assert estimate.monthly.typical.nano == sum(item.monthly.typical.nano for item in estimate.items)


def test_the_overlay_is_open_to_the_hosts_of_all_clouds_and_nobody_else(tmp_path: Path) -> None:
    plan = planned(tmp_path, "aws", "gcp").plan
    overlay = [rule for rule in plan.rules if rule.first_port == 51820]
    assert [(rule.group, rule.protocol, rule.cidrs, rule.groups, rule.elsewhere) for rule in overlay] == [
        ("app", "udp", (), ("app",), True),
        ("data", "udp", (), ("data",), True),
    ]


def test_usage_of_the_whole_deployment_is_shared_out_by_hosts(tmp_path: Path) -> None:
    items = planned(tmp_path, "aws", "gcp").estimate.items
    sent = {item.cloud: item.quantity for item in items if item.kind == "egress" and item.item == "internet"}
    assert sent == {"aws": 50, "gcp": 50}


def test_the_other_clouds_region_is_the_one_that_is_stated(tmp_path: Path) -> None:
    (_, there) = split(planned(tmp_path, "aws", "gcp", regions={"gcp": "us-central1"}).plan)
    assert (there.target.region, there.target.zones) == ("us-central1", ("us-central1-a", "us-central1-b"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ((("egress: direct", "egress: nat"),), "hosts on several clouds reach each other by public addresses"),
        ((("cloud: gcp", "cloud: gpc"),), 'expected a cloud that sells machines beside aws, found "gpc"'),
        (
            (("count: 2, disk", "count: 2, tag: data, disk"), ("host: 2", "host: 1"), ("path: /var/lib/data", "path: /d")),
            "t/db may be on hosts of aws and gcp: it runs on those of one cloud",
        ),
        ((("address: back", "domain: sql.example.com, zone: example.com, address: back"),), "zone is for balancers on aws"),
        ((("zones: 2", "zones: 4"),), "expected at most 3 zones (eu-west-1a, eu-west-1b, eu-west-1c)"),
    ],
)
def test_what_cannot_span_clouds_is_refused(tmp_path: Path, changes: tuple[tuple[str, str], ...], says: str) -> None:
    with pytest.raises(InputError) as refused:
        planned(tmp_path, "aws", "gcp", *changes)
    problem = next(problem for problem in refused.value.problems if says in problem.message)
    assert problem.place.line > 0


def test_a_region_that_the_other_cloud_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='unknown region "mars-1" of Google Cloud'):
        planned(tmp_path, "aws", "gcp", regions={"gcp": "mars-1"})
