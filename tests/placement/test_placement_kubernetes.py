"""The same intent for a cluster's scheduler, as objects that its API takes."""

import re
from typing import Any

import pytest
import yaml
from kubernetes_validate import latest_version, validate
from tables import plan

from provisioner.cli.kubernetes import manifests as written
from provisioner.placement.kubernetes import manifests, notes

PLAN = plan(
    {
        "groups": {"app": {"machine": "medium", "count": 4, "tags": ["app"], "spot": True, "headroom": 10}},
        "volumes": {"pgdata": "app-1"},
        "workloads": {
            "shop/web": {"tag": "app", "arch": "arm64", "replicas": 3},
            "wide": {"replicas": 6},
            "side": {"together": ["main"]},
            "main": {"together": ["side"]},
            "db": {"volumes": ["pgdata"], "spot": False},
            "alone": {"resident": True},
            "batch": {"ignore_pressure": True},
        },
    }
)
OBJECTS = {one["spec"]["template"]["metadata"]["labels"]["provisioner.dev/workload"]: one for one in manifests(PLAN)}


def pod(name: str) -> dict[str, Any]:
    return OBJECTS[name]["spec"]["template"]["spec"]


def terms(name: str, kind: str) -> list[dict[str, Any]]:
    return pod(name)["affinity"].get(kind, {}).get("requiredDuringSchedulingIgnoredDuringExecution", [])


def test_tags_and_architectures_select_nodes() -> None:
    assert pod("shop.web")["nodeSelector"] == {"kubernetes.io/arch": "arm64", "provisioner.dev/tag.app": "true"}


def test_a_volume_pins_to_its_zone_and_its_pod_is_never_there_twice() -> None:
    assert pod("db")["nodeSelector"] == {"topology.kubernetes.io/zone": "a"}
    assert OBJECTS["db"]["spec"]["strategy"] == {"type": "Recreate"}
    assert "topologySpreadConstraints" not in pod("db")


def test_replicas_are_spread_over_zones_and_hosts() -> None:
    assert OBJECTS["shop.web"]["spec"]["replicas"] == 3
    skews = {name: {one["topologyKey"]: one["maxSkew"] for one in pod(name)["topologySpreadConstraints"]} for name in OBJECTS if
             "topologySpreadConstraints" in pod(name)}  # fmt: skip
    zone, host = "topology.kubernetes.io/zone", "kubernetes.io/hostname"
    assert skews == {"shop.web": {zone: 1}, "wide": {zone: 1, host: 2}}
    apart = terms("shop.web", "podAntiAffinity")[1]
    assert apart["labelSelector"]["matchLabels"] == {"provisioner.dev/workload": "shop.web"}


def test_a_resident_and_the_others_keep_apart() -> None:
    def keeps_off(name: str) -> str:
        return terms(name, "podAntiAffinity")[0]["labelSelector"]["matchExpressions"][0]["key"]

    def labels(name: str) -> dict[str, str]:
        return OBJECTS[name]["spec"]["template"]["metadata"]["labels"]

    assert keeps_off("alone") in labels("db")
    assert keeps_off("db") in labels("alone")
    assert keeps_off("db") not in labels("batch")


def test_company_follows_one_of_its_members() -> None:
    """Each waiting for the other would be scheduled never."""
    assert terms("main", "podAffinity") == []
    (follows,) = terms("side", "podAffinity")
    assert follows["labelSelector"]["matchLabels"] == {"provisioner.dev/workload": "main"}


def test_what_may_not_be_interrupted_keeps_off_spot_nodes_and_the_rest_tolerates_them() -> None:
    (required,) = pod("db")["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert {"key": "karpenter.sh/capacity-type", "operator": "NotIn", "values": ["spot"]} in required["matchExpressions"]
    assert "tolerations" not in pod("db")
    assert {one["effect"] for one in pod("wide")["tolerations"]} == {"NoSchedule"}


def test_requests_are_the_containers_own() -> None:
    assert pod("db")["containers"][0]["resources"] == {"requests": {"cpu": "250m", "memory": "256Mi"}}


def test_what_has_no_counterpart_is_said() -> None:
    assert [note.partition(";")[0] for note in notes(PLAN)] == ["batch: ignore-pressure", "hosts/app: headroom"]


NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
VALUE = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
QUANTITY = re.compile(r"[0-9]+(m|Mi)?")


@pytest.mark.parametrize("version", ["1.29", latest_version()])
@pytest.mark.parametrize("document", list(yaml.safe_load_all(written(PLAN))), ids=lambda one: one["metadata"]["name"])
def test_the_api_would_take_what_is_printed(document: dict[str, Any], version: str) -> None:
    """By the schemas of the API itself, unknown fields refused, and the rules of names and labels that they leave out."""
    validate(document, version, strict=True)
    spec = document["spec"]
    template = spec["template"]
    labels = {**document["metadata"]["labels"], **template["metadata"]["labels"]}
    assert spec["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    assert NAME.fullmatch(document["metadata"]["name"])
    assert all(VALUE.fullmatch(value) and VALUE.fullmatch(key.rpartition("/")[2]) for key, value in labels.items())
    for container in template["spec"]["containers"]:
        assert NAME.fullmatch(container["name"])
        assert all(QUANTITY.fullmatch(str(amount)) for amount in container["resources"]["requests"].values())
