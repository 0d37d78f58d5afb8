"""A change of a definition touches what it is about: every other resource is as it was, and nothing that was is replaced.

What clouds answer is unknown here, as in a first preview, so that two trees differ by the definition alone. A property that
its sandbox calls immutable must not differ: that would be a replacement.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from golden import Fake, Tree, quiet_sdk_imports, record
from pulumi.runtime.mocks import MockResourceArgs
from simulated import CATALOGS, with_values

from provisioner.clouds.components import Deployment
from provisioner.clouds.discovery import clouds
from provisioner.deploy import program
from provisioner.deploy.prepare import Prepared, Request, prepare
from provisioner.deploy.standing import NOTHING, Standing

PACKAGE = """
namespace: t
web:
  defines: runnable
  containers: {web: {image: "nginx:1.27", environment: ["COLOUR=blue"]}}
  services:
    http: {container: web, port: 80, protocol: tcp, host-port: 80}
    calls: {container: web, port: 5060, protocol: udp, host-port: 5060}
db:
  defines: runnable
  affinity: {tag: data}
  containers: {db: {image: "postgres:17"}}
b:
  defines: blueprint
  runs: [t/web, t/db]
  network: {egress: nat, zones: 2}
  secrets: {password: {generate: 24}, key: {generate: 24, store: cloud, readers: [app]}}
  hosts:
    data: {count: 1, tag: data, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}
    app: {count: 2, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}
  volumes: {pgdata: {size: 20, hosts: data, backup: {rotation-days: 7}}}
  buckets: {assets: {expire-days: 30, readers: [app]}}
  balancers:
    web: {type: tcp, service: t/web/http, health-check: {kind: http, url: /a}}
    site: {type: http, service: t/web/http, domain: site.example.com, zone: example.com, health-check: {url: /s}}
    calls: {type: udp, service: t/web/calls, health-check: {port: 80}}
  zones: {example.com: {create: true}}
  records: {www: {zone: example.com, type: A, values: [192.0.2.10]}}
"""
NOBODY = r"(?!)"
CHANGES = {
    "another environment of a container": ("COLOUR=blue", "COLOUR=red", NOBODY),
    "a secret more": ("secrets: {", "secrets: {token: {generate: 24}, ", NOBODY),
    "a bucket more": ("buckets: {", "buckets: {logs: {}, ", "logs"),
    "a bucket's expiry": ("expire-days: 30", "expire-days: 31", "assets"),
    "a record more": ("records: {", "records: {mail: {zone: example.com, type: A, values: [192.0.2.11]}, ", "mail"),
    "a record's value": ("192.0.2.10", "192.0.2.12", "www"),
    "an address more": ("  buckets:", "  addresses: {spare: {}}\n  buckets:", "spare"),
    "a larger volume": ("size: 20", "size: 40", "pgdata"),
    # On Azure a machine says itself which disks it has. On AWS one in eleven names would ask for another's letter.
    "a volume more": ("volumes: {", "volumes: {extra: {size: 10, hosts: data}, ", "extra|VirtualMachine::t-b-data-1"),
    "a health check": ("url: /a", "url: /b", "-web"),
    "a health check of what reads HTTP": ("url: /s", "url: /t", "-site"),
    "a health check of datagrams": ("health-check: {port: 80}", "health-check: {port: 81}", "-calls|NetworkSecurityGroup"),
    "a reader of a bucket more": ("30, readers: [app]", "30, readers: [app, data]", "assets|-data"),
    "a reader of a secret more": ("cloud, readers: [app]", "cloud, readers: [app, data]", "key|-data"),
    "a secret in the store more": ("secrets: {", "secrets: {token: {generate: 24, store: cloud}, ", "token"),
    "a range for SSH": (
        "zones: 2}",
        "zones: 2, access: {ssh-from: [203.0.113.0/24]}}",
        "203-0-113-0-24|tcp-22|NetworkSecurityGroup",
    ),
    "logs of what passes": ("zones: 2}", "zones: 2, flow-logs: {}}", "flow|Subnetwork"),
    # The other groups let the new one in, for the overlay.
    "a host group more": (
        "  volumes:",
        "    batch: {count: 1, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}\n  volumes:",
        "batch|51820|NetworkSecurityGroup",
    ),
    "a host more": ("count: 2", "count: 3", "app-3|LoadBalancer::t-b-web"),
}


def image(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same image always."""
    return {"id": "ami-1", "selfLink": f"images/{given.get('family')}"}


def account(_: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same account always."""
    return {"tenantId": "t", "subscriptionId": "s", "clientId": "c", "objectId": "o"}


ANSWERS = {
    "aws:ec2/getAmi:getAmi": image,
    "azure-native:authorization:getClientConfig": account,
    "gcp:compute/getImage:getImage": image,
}


class Unanswered(Fake):
    """Says nothing of identities, which Azure shows in another shape than it takes."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        identity, outputs = super().new_resource(args)
        return identity, {name: value for name, value in outputs.items() if name != "identity"}


def planned(text: str, cloud: str, standing: Standing = NOTHING) -> Prepared:
    with TemporaryDirectory() as folder:
        (Path(folder) / "t.yaml").write_text(text)
        request = Request(name="t/b", cloud=cloud, region=clouds()[cloud].default_region, sources=(Path(folder),))
        return prepare(request, standing=standing)


def built(found: Prepared) -> Tree:
    hosts = found.placement.hosts
    deployment = Deployment(plan=found.plan, hosts=hosts, user_data={host.name: "#cloud-config\n" for host in hosts})
    with quiet_sdk_imports():
        modules = program.families(found.cloud.name, program.used(found.plan))
    return record(lambda: program.build(with_values(deployment), modules, {}), mocks=Unanswered(functions=ANSWERS), preview=True)


@cache
def before(cloud: str) -> tuple[Standing, Tree]:
    found = planned(PACKAGE, cloud)
    machines = {host.name: host.offer.machine for host in found.placement.hosts}
    return Standing(placement=found.placement.assignments, machines=machines), built(found)


@pytest.mark.parametrize("cloud", clouds())
@pytest.mark.parametrize("change", CHANGES)
def test_only_what_is_touched_differs_and_nothing_is_replaced(change: str, cloud: str) -> None:
    old, new, touched = CHANGES[change]
    assert PACKAGE.count(old) == 1
    standing, was = before(cloud)
    now = built(planned(PACKAGE.replace(old, new), cloud, standing))
    assert not was.keys() - now.keys()
    differing = [key for key in now if now[key] != was.get(key)]
    assert [key for key in differing if not re.search(touched, key)] == []
    assert bool(differing) == (touched is not NOBODY)
    catalog = CATALOGS[clouds()[cloud].package]
    for key in was.keys() & set(differing):
        inputs, earlier = now[key]["inputs"], was[key]["inputs"]
        changed = {name for name in inputs.keys() | earlier.keys() if inputs.get(name) != earlier.get(name)}
        assert not changed & catalog.kind(key.split("::")[0]).immutable, key
