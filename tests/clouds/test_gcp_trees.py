"""What the Google Cloud families register: golden trees, and what differs with the plan."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from fixture_deployment import SSH_KEY, deployment, with_egress
from golden import UNKNOWN, Fake, Tree, assert_golden, of_type, quiet_sdk_imports, record, resolved

from provisioner.clouds.components import Deployment
from provisioner.plan.model import HealthCheck, Rule, Target

with quiet_sdk_imports():
    from provisioner.clouds.gcp import addresses, balancers, buckets, hosts, limits, network, volumes

TARGET = Target(cloud="gcp", region="europe-west1", zones=("europe-west1-b", "europe-west1-c"))
MACHINES = {"app": "e2-standard-2", "data": "e2-standard-2"}
IMAGES = "https://www.googleapis.com/compute/v1/projects/debian-cloud/global/images/"


def fixture(arch: str = "amd64") -> Deployment:
    return deployment(TARGET, machines=MACHINES, arch=arch)


def with_plan(original: Deployment, **changes: Any) -> Deployment:
    return replace(original, plan=replace(original.plan, **changes))


def tree_of(asked: Deployment, *, preview: bool = False, outputs: dict[str, Any] | None = None) -> Tree:
    def build() -> None:
        net = network.Network(asked)
        static = addresses.Addresses(asked, net)
        disks = volumes.Volumes(asked, net)
        machines = hosts.Hosts(asked, net, disks)
        stores = buckets.Buckets(asked, net, machines)
        fronts = balancers.Balancers(asked, net, static, machines)
        keep = outputs if outputs is not None else {}
        resolved(stores.names["assets"], keep, "bucket")
        for name, endpoint in fronts.endpoints.items():
            resolved(endpoint, keep, f"endpoint {name}")
        for name, host in machines.hosts.items():
            resolved(host.private_address, keep, f"private {name}")
            if host.public_address:
                resolved(host.public_address, keep, f"public {name}")
            for volume, device in host.devices.items():
                resolved(device, keep, f"device {volume}")

    return record(build, mocks=fake(), preview=preview)


def fake() -> Fake:
    def named(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"name": f"{name}-1a2b3c4"}

    def instance(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        given: dict[str, Any] = inputs["networkInterfaces"][0]
        interface = {**given, "networkIp": "10.20.16.2"}
        if "accessConfigs" in interface:
            interface["accessConfigs"] = [{"networkTier": "PREMIUM", "natIp": "34.77.0.2"}]
        return {"name": f"{name}-1a2b3c4", "networkInterfaces": [interface]}

    def forwarding(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"ipAddress": inputs.get("ipAddress", "34.76.0.10")}

    def account(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"email": f"{inputs['accountId']}@demo.iam.gserviceaccount.com"}

    return Fake(
        outputs={
            "gcp:compute/address:Address": lambda name, inputs: {"address": "34.76.0.9"},
            "gcp:compute/forwardingRule:ForwardingRule": forwarding,
            "gcp:compute/instance:Instance": instance,
            "gcp:compute/networkEndpointGroup:NetworkEndpointGroup": named,
            "gcp:compute/resourcePolicy:ResourcePolicy": named,
            "gcp:compute/disk:Disk": named,
            "gcp:compute/router:Router": named,
            "gcp:serviceaccount/account:Account": account,
            "gcp:storage/bucket:Bucket": named,
        },
        functions={"gcp:compute/getImage:getImage": lambda given: {"selfLink": f"{IMAGES}{given['family']}-v20261110"}},
    )


def inputs(tree: Tree, token: str, name: str) -> dict[str, Any]:
    return of_type(tree, token)[f"demo-platform-{name}"]["inputs"]


def same_port(original: Deployment) -> Deployment:
    web = original.plan.balancers[0]
    return with_plan(original, balancers=(replace(web, backend_port=web.port, address=""),))


VARIANTS = {
    "nat": fixture(),
    "passthrough": same_port(fixture()),
    "direct": with_egress(fixture(), "direct"),
    "none": with_egress(fixture(), "none"),
}


@cache
def known(variant: str) -> Tree:
    return tree_of(VARIANTS[variant])


@pytest.mark.parametrize("variant", VARIANTS)
def test_tree(variant: str) -> None:
    assert_golden(f"gcp/{variant}.yaml", known(variant))


@pytest.mark.parametrize("variant", VARIANTS)
def test_preview_registers_the_same_with_nothing_known(variant: str) -> None:
    outputs: dict[str, Any] = {}
    preview = tree_of(VARIANTS[variant], preview=True, outputs=outputs)
    assert preview.keys() == known(variant).keys()
    assert inputs(preview, "gcp:compute/attachedDisk:AttachedDisk", "attachment-pgdata")["disk"] == UNKNOWN
    assert outputs["device pgdata"] == "/dev/disk/by-id/google-pgdata"
    assert outputs["private app-1"] is None


def test_what_families_hand_to_each_other() -> None:
    outputs: dict[str, Any] = {}
    tree_of(VARIANTS["direct"], outputs=outputs)
    assert outputs["endpoint web"] == "34.76.0.9"
    assert outputs["private data-1"] == "10.20.16.2"
    assert outputs["public data-1"] == "34.77.0.2"
    assert outputs["bucket"] == "demo-platform-assets-1a2b3c4"


def test_hosts_hand_on_no_public_address_behind_nat() -> None:
    outputs: dict[str, Any] = {}
    tree_of(fixture(), outputs=outputs)
    assert "public app-1" not in outputs


def test_the_stacks_key_is_authorised() -> None:
    machine = inputs(known("nat"), "gcp:compute/instance:Instance", "data-1")
    assert machine["metadata"]["ssh-keys"] == f"provisioner:{SSH_KEY}"


def test_no_key_authorises_nobody() -> None:
    machine = inputs(tree_of(replace(fixture(), ssh_public_key="")), "gcp:compute/instance:Instance", "data-1")
    assert "ssh-keys" not in machine["metadata"]


def test_image_follows_the_architecture_and_is_kept() -> None:
    machine = of_type(tree_of(fixture("arm64")), "gcp:compute/instance:Instance")["demo-platform-app-1"]
    assert machine["inputs"]["bootDisk"]["initializeParams"]["image"] == f"{IMAGES}debian-13-arm64-v20261110"
    assert machine["ignoreChanges"] == ["attachedDisks", "bootDisk.initializeParams.image", 'metadata["user-data"]']


def test_spot_hosts_stop_when_taken_back() -> None:
    original = fixture()
    spot = replace(original, hosts=tuple(replace(host, spot=True) for host in original.hosts))
    scheduling = inputs(tree_of(spot), "gcp:compute/instance:Instance", "app-1")["scheduling"]
    assert scheduling == {
        "provisioningModel": "SPOT",
        "preemptible": True,
        "automaticRestart": False,
        "onHostMaintenance": "TERMINATE",
        "instanceTerminationAction": "STOP",
    }


def test_rules_without_sources_let_nobody_in() -> None:
    original = fixture()
    nobody = Rule(name="nobody", group="app", protocol="tcp", first_port=1, last_port=2)
    tree = tree_of(with_plan(original, rules=(*original.plan.rules, nobody)))
    assert "demo-platform-nobody" not in of_type(tree, "gcp:compute/firewall:Firewall")


def test_no_way_out_is_a_denial_and_no_nat() -> None:
    tree = known("none")
    assert inputs(tree, "gcp:compute/firewall:Firewall", "egress-none")["denies"] == [{"protocol": "all"}]
    assert inputs(tree, "gcp:compute/firewall:Firewall", "egress-inside")["destinationRanges"] == ["10.20.0.0/16"]
    assert not of_type(tree, "gcp:compute/routerNat:RouterNat")


def test_equal_ports_pass_through_and_others_are_proxied() -> None:
    passthrough, proxied = known("passthrough"), known("nat")
    token = "gcp:compute/regionBackendService:RegionBackendService"
    assert inputs(passthrough, token, "web-service")["loadBalancingScheme"] == "EXTERNAL"
    assert "capacityScaler" not in inputs(passthrough, token, "web-service")["backends"][0]
    assert inputs(proxied, token, "web-service")["loadBalancingScheme"] == "EXTERNAL_MANAGED"
    assert inputs(proxied, "gcp:compute/subnetwork:Subnetwork", "proxies")["ipCidrRange"] == "10.20.254.0/23"
    assert inputs(proxied, "gcp:compute/networkEndpoint:NetworkEndpoint", "web-app-1")["port"] == 8080
    assert not of_type(passthrough, "gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy")
    probes = inputs(proxied, "gcp:compute/firewall:Firewall", "web-probes")
    assert probes["sourceRanges"] == ["35.191.0.0/16", "130.211.0.0/22", "10.20.254.0/23"]


def test_two_balancers_share_hosts() -> None:
    original = fixture()
    web = original.plan.balancers[0]
    api = replace(web, name="api", port=443, backend_port=443)
    endpoints = of_type(tree_of(with_plan(original, balancers=(web, api))), "gcp:compute/networkEndpoint:NetworkEndpoint")
    assert sorted(endpoints) == [f"demo-platform-{name}-app-{n}" for name in ("api", "web") for n in (1, 2)]


def test_what_the_cloud_would_refuse_is_reported_together() -> None:
    original = fixture()
    [volume] = original.plan.volumes
    slow = replace(original.plan.balancers[0], health=HealthCheck(interval=900))
    everybody = Rule(
        name="mesh", group="app", protocol="udp", first_port=1, last_port=1, groups=tuple(f"g{number}" for number in range(11))
    )
    wrong = with_plan(
        original, volumes=(replace(volume, size_gib=5),), balancers=(slow,), rules=(*original.plan.rules, everybody)
    )
    assert [problem.message for problem in limits.check(wrong.plan)] == [
        "volumes/pgdata/size: expected from 10 to 65536 GiB on Google Cloud, found 5",
        "hosts/app: expected at most 10 host groups that reach another on Google Cloud, found 11",
        "balancers/web/health-check: expected an interval from 1 to 300 seconds on Google Cloud, found 900",
    ]


def test_a_machine_with_a_gpu_stops_for_maintenance_and_takes_a_driver_that_is_built_on_it() -> None:
    host = fixture().hosts[0]
    accelerated = replace(host, offer=replace(host.offer, gpu=1))
    assert [hosts.scheduling(one).get("on_host_maintenance") for one in (host, accelerated)] == ["MIGRATE", "TERMINATE"]
    assert [hosts.verified_boot(one).get("enable_secure_boot") for one in (host, accelerated)] == [True, False]


def test_buckets_are_versioned_and_expire() -> None:
    bucket = inputs(known("nat"), "gcp:storage/bucket:Bucket", "assets")
    assert bucket["versioning"] == {"enabled": True}
    assert [rule["condition"] for rule in bucket["lifecycleRules"]] == [
        {"age": 90, "withState": "LIVE"},
        {"daysSinceNoncurrentTime": 90},
    ]
