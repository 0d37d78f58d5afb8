"""DNS zones and records on every cloud that has them: what a definition registers, as the sandbox accepts it."""

from pathlib import Path

import cloud_plans
import pytest
from golden import Tree, assert_golden, quiet_sdk_imports
from simulated import simulate

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Prepared
from provisioner.errors import InputError

PACKAGE = """
namespace: t
web:
  defines: runnable
  containers: {web: {image: "nginx:1.27"}}
  services: {http: {container: web, port: 80, protocol: tcp, host-port: 80}}
b:
  defines: blueprint
  runs: [t/web]
  network: {egress: nat}
  hosts: {app: {count: 1, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}}
  balancers: {web: {type: tcp, port: 80, service: t/web/http, domain: shop.example.com, zone: example.com}}
  zones: {example.com: ZONE}
  records:
    www: {zone: example.com, type: CNAME, values: [shop.example.com]}
    top: {zone: example.com, name: "@", type: A, values: [192.0.2.1, 192.0.2.2], ttl: 60s}
    six: {zone: example.com, name: six.example.com., type: AAAA, values: ["2001:db8::1"]}
    mail: {zone: example.com, name: "@", type: MX, values: [10 mx1.example.net, 20 mx2.example.net]}
    spf: {zone: example.com, name: "@", type: TXT, values: ["v=spf1 include:example.net -all", TEXT]}
"""
SHOWN = ("zone:Zone", "dns:", "record:Record", "managedZone", "recordSet")
HAVING = [name for name, cloud in clouds().items() if "record" in cloud.capabilities]


def planned(folder: Path, cloud: str, zone: str = "{create: true}") -> Prepared:
    text = PACKAGE.replace("ZONE", zone).replace("TEXT", "k=" + "v" * 300)
    return cloud_plans.planned(folder, cloud, text)


@pytest.mark.parametrize("cloud", HAVING)
def test_the_golden_tree(tmp_path: Path, cloud: str) -> None:
    tree = simulate(planned(tmp_path, cloud))
    shown: Tree = {key: value for key, value in tree.items() if any(word in key for word in SHOWN)}
    assert len(shown) == 7
    assert_golden(f"{cloud}/records.yaml", shown)


def test_an_existing_zone_needs_its_resource_group_on_azure(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        planned(tmp_path, "azure", "{}")
    words = [problem.message for problem in refused.value.problems]
    assert len(words) == 6
    assert words[0] == "records/www/zone: expected the resource group of example.com on Azure, found none"
    assert planned(tmp_path, "azure", "{group: dns}").plan.zones[0].group == "dns"


def test_google_needs_one_public_zone_of_the_name() -> None:
    with quiet_sdk_imports():
        from pulumi_gcp.dns.outputs import GetManagedZonesManagedZoneResult as Found

        from provisioner.clouds.gcp.zones import public_zone
    from provisioner.errors import ProvisionerError

    def zone(name: str, dns_name: str, visibility: str) -> Found:
        return Found(
            id=name,
            name=name,
            dns_name=dns_name,
            description="",
            managed_zone_id="1",
            name_servers=[],
            visibility=visibility,
        )

    public, private = zone("one", "example.com.", "public"), zone("inside", "example.com.", "private")
    other = zone("two", "example.com.", "public")
    assert public_zone([public, private], "example.com") == "one"
    with pytest.raises(ProvisionerError, match="found 2: one, two"):
        public_zone([public, other], "example.com")
    with pytest.raises(ProvisionerError, match=r"its zones are example\.com"):
        public_zone([private], "example.com")
