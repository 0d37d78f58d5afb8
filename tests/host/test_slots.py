"""Which containers are updated beside their former version, and why the others are not."""

from typing import Any

import pytest
from placed_plan import placement, plan

from provisioner.host.bundle import bundle
from provisioner.host.delivery import deliver
from provisioner.host.slots import reasons, slotted
from provisioner.host.status import wanted

WEB: dict[str, Any] = {"image": "web", "health": ["up"], "ports": [{"container": 80, "host": 8080, "published": True}]}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, []),
        ({"health": []}, ["it has no readiness check that tells when the next one may take over"]),
        ({"restart": "no"}, ["it is a job"]),
        ({"mounts": [{"host": "cache", "container": "/c"}]}, ["it mounts volumes or folders, which two at once could spoil"]),
        ({"ports": []}, ["it has no service or port: nothing leads connections to it"]),
        ({"ports": [{"container": 53, "protocol": "udp"}]}, ["it serves UDP, which has no connections that end"]),
        (
            {"ports": [{"container": 80, "host": 80, "address": "127.0.0.1"}]},
            ["one of its ports is on one address of the host only"],
        ),
        ({"needs": {"gpu": 1}}, ["it needs the graphics processors, which are there once"]),
    ],
)
def test_what_keeps_a_container_from_having_two_slots(change: dict[str, Any], why: list[str]) -> None:
    (workload,) = plan({"workloads": {"shop/web": {"containers": {"app": {**WEB, **change}}}}}).workloads
    assert list(reasons(workload, workload.containers[0])) == why
    assert slotted(workload, workload.containers[0]) == (not why)


def test_two_slots_differ_by_name_and_address_and_each_has_its_rules() -> None:
    case = {"workloads": {"shop/web": {"containers": {"app": WEB}, "services": {"http": {"container": "app", "port": 80}}}}}
    made = bundle(plan(case), placement(case), "app-1")
    (gate,) = made.gates
    units = {unit.name: unit.text for unit in made.units}
    first, second = (units[name] for name in gate.units)
    assert gate.units == ("shop-web-app_a.container", "shop-web-app_b.container")
    assert first.replace("_a", "_b").replace("10.210.1.3", "10.210.1.4").replace("01:03", "01:04") == second
    assert "WantedBy" not in first
    assert "PublishPort" not in first
    files = {file.path: file.contents for file in made.files}
    for slot, address in zip(gate.slots, ("10.210.1.3", "10.210.1.4"), strict=True):
        assert files[slot.rules].splitlines() == [
            "flush chain inet provisioner slot_shop-web-app",
            f"add rule inet provisioner slot_shop-web-app ip daddr 10.210.1.2 dnat ip to {address}",
            f"add rule inet provisioner slot_shop-web-app fib daddr type local tcp dport 8080 dnat ip to {address}:80",
        ]
    (shown,) = wanted(deliver(made, addresses={}, devices={}, secrets={})).containers
    assert shown.ports == ("8080:80/tcp",)
    assert made.services[-1].name == "provisioner-slots.service"
    assert files["/etc/provisioner/names.hosts"] == "10.210.1.2 app.web.shop.internal http.web.shop.internal\n"
