"""What the Azure families register for the fixture deployment: golden tree and variants."""

import base64
import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from fixture_deployment import deployment, with_egress
from golden import UNKNOWN, Fake, Tree, assert_golden, of_type, quiet_sdk_imports, record, resolved
from pulumi.runtime.mocks import MockResourceArgs

from provisioner.clouds.components import Deployment
from provisioner.placement.model import PlacedHost
from provisioner.plan.model import Balancer, Bucket, HostGroup, Target, Volume
from provisioner.resolve.model import Needs

with quiet_sdk_imports():
    from pulumi_azure_native import compute

    from provisioner.clouds.azure import defaults, images, limits, names
    from provisioner.clouds.azure.addresses import Addresses
    from provisioner.clouds.azure.balancers import Balancers
    from provisioner.clouds.azure.buckets import Buckets
    from provisioner.clouds.azure.hosts import Hosts
    from provisioner.clouds.azure.network import Network
    from provisioner.clouds.azure.volumes import Volumes

TARGET = Target(cloud="azure", region="westeurope", zones=("1", "2"))
MACHINES = {"app": "Standard_B2s", "data": "Standard_D2s_v5"}
SCOPE = "/subscriptions/0000/resourceGroups"


class Azure(Fake):
    """Answers with a map of identities where a machine's input is a list, as the real provider does."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        physical, state = super().new_resource(args)
        if args.typ == "azure-native:compute:VirtualMachine":
            state["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {}}
        return physical, state


def answers() -> Fake:
    def interface(_: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        configuration = {**inputs["ipConfigurations"][0], "privateIPAddress": "10.20.16.4"}
        return {"ipConfigurations": [configuration], "name": _}

    def named(key: str) -> Callable[[str, Mapping[str, Any]], Mapping[str, Any]]:
        def answer(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
            return {"name": inputs.get(key, name)}

        return answer

    return Azure(
        outputs={
            "azure-native:network:NetworkInterface": interface,
            "azure-native:network:PublicIPAddress": lambda name, _: {"ipAddress": "20.0.0.4", "name": name},
            "azure-native:resources:ResourceGroup": named("resourceGroupName"),
            "azure-native:network:VirtualNetwork": named("virtualNetworkName"),
            "azure-native:storage:StorageAccount": named("accountName"),
            "azure-native:storage:BlobContainer": named("containerName"),
        }
    )


def fixture() -> Deployment:
    return deployment(TARGET, machines=MACHINES)


def build(original: Deployment, into: dict[str, Any] | None = None) -> None:
    network = Network(original)
    addresses = Addresses(original, network)
    volumes = Volumes(original, network)
    hosts = Hosts(original, network, volumes)
    buckets = Buckets(original, network, hosts)
    balancers = Balancers(original, network, addresses, hosts)
    if into is not None:
        for name, host in hosts.hosts.items():
            resolved(host.private_address, into, f"{name} private")
            if host.public_address:
                resolved(host.public_address, into, f"{name} public")
            for volume, device in host.devices.items():
                resolved(device, into, f"{name} {volume}")
        for name, bucket in buckets.names.items():
            resolved(bucket, into, f"bucket {name}")
        for name, endpoint in balancers.endpoints.items():
            resolved(endpoint, into, f"endpoint {name}")


def tree_of(original: Deployment) -> Tree:
    return record(lambda: build(original), mocks=answers())


def only(tree: Tree, token: str) -> dict[str, Any]:
    (found,) = of_type(tree, token).values()
    return found["inputs"]


def rules(tree: Tree) -> dict[str, dict[str, Any]]:
    return {rule["name"]: rule for rule in only(tree, "azure-native:network:NetworkSecurityGroup")["securityRules"]}


def machines(tree: Tree) -> dict[str, dict[str, Any]]:
    return {name: found["inputs"] for name, found in of_type(tree, "azure-native:compute:VirtualMachine").items()}


@pytest.fixture(scope="module")
def tree() -> Tree:
    return tree_of(fixture())


@pytest.fixture(scope="module")
def other_tree() -> Tree:
    """Closed hosts without a key, on spot; a plain bucket; three balancers, two of them on one address."""
    original = with_egress(fixture(), "none")
    (web,) = original.plan.balancers
    secure = replace(web, name="secure", port=443, backend_port=8443)
    alone = Balancer(name="alone", type="tcp", workload="demo/db", service="db", port=5432, backend_port=5432)
    plan = replace(original.plan, buckets=(Bucket(name="b"),), balancers=(web, secure, alone))
    spot: tuple[PlacedHost, ...] = tuple(replace(host, spot=True) for host in original.hosts)
    return tree_of(replace(original, plan=plan, hosts=spot, ssh_public_key=""))


def test_tree_of_the_fixture(tree: Tree) -> None:
    assert_golden("azure/fixture.yaml", tree)


def test_tree_of_a_preview_in_which_nothing_is_known() -> None:
    preview = record(lambda: build(fixture()), mocks=answers(), preview=True)
    assert_golden("azure/preview.yaml", preview)
    assert only(preview, "azure-native:storage:StorageAccount")["accountName"] == UNKNOWN


def test_families_hand_over_addresses_devices_and_endpoints() -> None:
    handed: dict[str, Any] = {}
    record(lambda: build(fixture(), handed), mocks=answers())
    lun = defaults.luns(["pgdata"], {})["pgdata"]
    account = handed.pop("bucket assets")
    assert handed == {
        "app-1 private": "10.20.16.4",
        "app-2 private": "10.20.16.4",
        "data-1 private": "10.20.16.4",
        "data-1 pgdata": f"/dev/disk/azure/scsi1/lun{lun}",
        "endpoint web": "20.0.0.4",
    }
    assert account.endswith("/assets")


def test_subnets_are_created_one_after_another(tree: Tree) -> None:
    subnets = of_type(tree, "azure-native:network:Subnet")
    assert len(subnets) == 4
    assert all(found["inputs"]["defaultOutboundAccess"] is False for found in subnets.values())


def test_only_private_subnets_go_out_through_nat(tree: Tree) -> None:
    for name, found in of_type(tree, "azure-native:network:Subnet").items():
        assert ("natGateway" in found["inputs"]) == ("private" in name)


def test_rules_let_in_what_the_plan_says_and_nothing_else(tree: Tree) -> None:
    inbound = {name: rule for name, rule in rules(tree).items() if rule["direction"] == "Inbound"}
    assert list(inbound) == [
        "ssh-app",
        "ssh-data",
        "overlay-app",
        "overlay-data",
        "published-grafana",
        "probe-web",
        "deny-inbound",
    ]
    assert inbound["ssh-app"]["sourceAddressPrefixes"] == ["203.0.113.0/24"]
    assert len(inbound["overlay-data"]["sourceApplicationSecurityGroups"]) == 2
    assert inbound["deny-inbound"]["access"] == "Deny"
    assert all(rule["access"] == "Allow" for name, rule in inbound.items() if name != "deny-inbound")


def test_priorities_are_unique_per_direction(tree: Tree) -> None:
    used = [(rule["direction"], rule["priority"]) for rule in rules(tree).values()]
    assert len(used) == len(set(used))
    assert all(100 <= priority <= 4096 for _, priority in used)


def test_private_hosts_go_out_through_one_gateway(tree: Tree) -> None:
    assert len(of_type(tree, "azure-native:network:NatGateway")) == 1
    assert "out-internet" in rules(tree)
    assert not any("publicIPAddress" in configuration for configuration in configurations(tree))


def test_public_hosts_have_an_address_each_and_no_gateway() -> None:
    tree = tree_of(with_egress(fixture(), "direct"))
    assert not of_type(tree, "azure-native:network:NatGateway")
    assert "out-internet" in rules(tree)
    assert len({configuration["publicIPAddress"]["id"] for configuration in configurations(tree)}) == 3


def test_closed_hosts_have_no_way_out(other_tree: Tree) -> None:
    assert not of_type(other_tree, "azure-native:network:NatGateway")
    assert "out-internet" not in rules(other_tree)
    assert not any("publicIPAddress" in configuration for configuration in configurations(other_tree))


def configurations(tree: Tree) -> list[dict[str, Any]]:
    interfaces = of_type(tree, "azure-native:network:NetworkInterface").values()
    return [configuration for found in interfaces for configuration in found["inputs"]["ipConfigurations"]]


def test_custom_data_is_the_document_in_base64(tree: Tree) -> None:
    encoded = machines(tree)["demo-platform-app-1"]["osProfile"]["customData"]
    assert base64.b64decode(encoded).decode() == fixture().user_data["app-1"]


def test_a_machine_never_takes_its_data_disk_or_interface_with_it(tree: Tree) -> None:
    machine = machines(tree)["demo-platform-data-1"]
    (disk,) = machine["storageProfile"]["dataDisks"]
    assert (disk["createOption"], disk["deleteOption"]) == ("Attach", "Detach")
    assert machine["networkProfile"]["networkInterfaces"][0]["deleteOption"] == "Detach"
    registration = tree["azure-native:compute:VirtualMachine::demo-platform-data-1"]
    assert registration["deleteBeforeReplace"] is True
    assert registration["ignoreChanges"] == [
        "storageProfile.imageReference",
        "osProfile.customData",
        "osProfile.linuxConfiguration.ssh",
    ]


def test_a_versioned_bucket_keeps_versions(tree: Tree) -> None:
    assert only(tree, "azure-native:storage:BlobServiceProperties")["isVersioningEnabled"] is True


def test_a_bucket_that_keeps_everything_has_no_expiry(other_tree: Tree) -> None:
    assert not of_type(other_tree, "azure-native:storage:ManagementPolicy")
    assert only(other_tree, "azure-native:storage:BlobServiceProperties")["isVersioningEnabled"] is False
    assert only(other_tree, "azure-native:storage:BlobContainer")["containerName"] == "b-bucket"


def test_spot_hosts_go_when_they_are_taken_back_and_pay_at_most_the_usual_price(other_tree: Tree) -> None:
    machine = machines(other_tree)["demo-platform-app-1"]
    assert (machine["priority"], machine["evictionPolicy"], machine["billingProfile"]) == ("Spot", "Delete", {"maxPrice": -1})


def test_everything_that_takes_tags_has_them(tree: Tree) -> None:
    untagged = {"Subnet", "BlobContainer", "BlobServiceProperties", "ManagementPolicy"}
    for key, found in tree.items():
        kind = key.split("::")[0].split(":")[-1]
        if key.startswith("azure-native:") and kind not in untagged:
            assert found["inputs"]["tags"]["definition"] == "demo/platform", key


def test_balancers_on_one_address_share_a_load_balancer(other_tree: Tree) -> None:
    found = {name: entry["inputs"] for name, entry in of_type(other_tree, "azure-native:network:LoadBalancer").items()}
    assert [rule["frontendPort"] for rule in found["demo-platform-web"]["loadBalancingRules"]] == [80, 443]
    (pool,) = found["demo-platform-alone"]["backendAddressPools"]
    assert [backend["name"] for backend in pool["loadBalancerBackendAddresses"]] == ["data-1"]
    assert "demo-platform-alone-address" in of_type(other_tree, "azure-native:network:PublicIPAddress")


def test_without_a_key_machines_get_one_that_nobody_holds(other_tree: Tree) -> None:
    machine = machines(other_tree)["demo-platform-app-1"]
    (key,) = machine["osProfile"]["linuxConfiguration"]["ssh"]["publicKeys"]
    point = hashlib.sha256(b"provisioner: nobody holds this key").digest()
    wire = struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32) + point
    assert key["keyData"].split()[1] == base64.b64encode(wire).decode()
    assert on_curve(point)


def on_curve(point: bytes) -> bool:
    """Whether 32 bytes are a public key of Ed25519 (RFC 8032, 5.1.3)."""
    prime = 2**255 - 19
    curve = -121665 * pow(121666, -1, prime) % prime
    y = int.from_bytes(point, "little") & ((1 << 255) - 1)
    square = (y * y - 1) * pow(curve * y * y + 1, -1, prime) % prime
    return y < prime and pow(square, (prime - 1) // 2, prime) == 1


@pytest.mark.parametrize(
    ("machine", "arch", "trusted", "device"),
    [
        ("Standard_B2s", "amd64", True, "/dev/disk/azure/scsi1/lun3"),
        ("Standard_D2s_v5", "amd64", True, "/dev/disk/azure/scsi1/lun3"),
        ("Standard_D2s_v6", "amd64", True, "/dev/disk/azure/data/by-lun/3"),
        ("Standard_D2as_v6", "amd64", True, "/dev/disk/azure/scsi1/lun3"),
        ("Standard_D2ps_v5", "arm64", False, "/dev/disk/azure/scsi1/lun3"),
        ("Standard_D2ps_v6", "arm64", True, "/dev/disk/azure/scsi1/lun3"),
    ],
)
def test_what_a_machine_type_can_do(machine: str, arch: str, trusted: bool, device: str) -> None:  # noqa: FBT001
    host = replace(fixture().hosts[0].offer, machine=machine, arch=arch)
    assert images.trusted_launch(host) is trusted
    assert images.device(host, 3) == device


def test_another_volume_does_not_move_a_volume() -> None:
    many = [f"v{number}" for number in range(64)]
    before = defaults.luns(many[:40], {})
    kept = {name: str(lun) for name, lun in before.items()}
    after = defaults.luns(many, kept)
    assert {name: after[name] for name in before} == before
    assert sorted(after.values()) == list(range(64))


def test_a_driver_that_is_built_on_the_host_loads_on_a_machine_with_a_gpu() -> None:
    offer = fixture().hosts[0].offer
    for gpus in (0, 1):
        profile = images.security(replace(offer, gpu=gpus))
        assert profile is not None
        assert isinstance(profile.uefi_settings, compute.UefiSettingsArgs)
        assert (profile.uefi_settings.secure_boot_enabled, profile.uefi_settings.v_tpm_enabled) == (gpus == 0, True)


def test_storage_account_names_are_legal_and_differ_by_scope() -> None:
    here = names.storage_account(f"{SCOPE}/a", "Demo-Platform", "my.assets")
    assert here.isalnum()
    assert here == here.lower()
    assert len(here) <= 24
    assert here != names.storage_account(f"{SCOPE}/b", "Demo-Platform", "my.assets")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"groups": (HostGroup(name="app", minimum=1, maximum=1, needs=Needs(), disk_gib=20),)}, "at least 30 GiB"),
        ({"volumes": (Volume(name="v", kind="SSD", size_gib=40_000, host="app-1", zone="1", path="/v"),)}, "at most 32767 GiB"),
        ({"name": f"shop/{'x' * 45}"}, "a name of at most 56 characters"),
    ],
)
def test_what_azure_would_refuse_is_refused_first(changes: Mapping[str, Any], says: str) -> None:
    problems = limits.check(replace(fixture().plan, **changes))
    assert says in " ".join(str(problem) for problem in problems.errors)
    assert not limits.check(fixture().plan)
