"""The same intent for a cluster's scheduler."""

from tables import plan

from provisioner.placement.kubernetes import scheduling

PLAN = plan(
    {
        "groups": {"app": {"machine": "medium", "count": 2, "tags": ["app"]}},
        "volumes": {"pgdata": "app-1"},
        "workloads": {
            "shop/web": {"tag": "app", "arch": "arm64"},
            "db": {"volumes": ["pgdata"]},
            "alone": {"resident": True},
            "batch": {"ignore_pressure": True},
        },
    }
)
FOUND = scheduling(PLAN)


def test_tags_and_architectures_select_nodes() -> None:
    assert FOUND["shop/web"].node_selector == {"kubernetes.io/arch": "arm64", "provisioner.dev/tag.app": "true"}


def test_a_volume_pins_to_its_zone_and_nothing_is_spread() -> None:
    assert FOUND["db"].node_selector == {"topology.kubernetes.io/zone": "a"}
    assert FOUND["db"].topology_spread == ()


def test_replicas_would_be_spread_over_zones_and_hosts() -> None:
    keys = [(one["topologyKey"], one["maxSkew"]) for one in FOUND["shop/web"].topology_spread]
    assert keys == [("topology.kubernetes.io/zone", 1), ("kubernetes.io/hostname", 1)]
    selector = FOUND["shop/web"].topology_spread[0]["labelSelector"]["matchLabels"]
    assert selector.items() <= FOUND["shop/web"].labels.items()


def test_a_resident_and_the_others_keep_apart() -> None:
    def keeps_off(name: str) -> str:
        (term,) = FOUND[name].affinity["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        return term["labelSelector"]["matchExpressions"][0]["key"]

    assert keeps_off("alone") in FOUND["db"].labels
    assert keeps_off("db") in FOUND["alone"].labels
    assert keeps_off("db") not in FOUND["batch"].labels


def test_requests_are_the_containers_own() -> None:
    assert FOUND["db"].resources == {"main": {"requests": {"cpu": "250m", "memory": "256Mi"}}}


def test_what_has_no_counterpart_is_said() -> None:
    assert [name for name, found in FOUND.items() if found.notes] == ["batch"]
