"""Balancers for UDP on every cloud that has them: the service over UDP, its health over TCP."""

from pathlib import Path

import cloud_plans
import pytest
from golden import Tree, assert_golden
from simulated import simulate

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Prepared
from provisioner.errors import InputError

PACKAGE = """
namespace: t
dns:
  defines: runnable
  containers: {dns: {image: "nginx:1.27"}}
  services: {dns: {container: dns, port: 5353, protocol: udp, host-port: HOST}}
b:
  defines: blueprint
  runs: [t/dns]
  network: {egress: nat}
  hosts: {app: {count: 1, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}}
  balancers: {dns: {type: udp, port: 53, service: t/dns/dns, health-check: {port: 8053}}}
"""
HAVING = [name for name, cloud in clouds().items() if "balancer-udp" in cloud.capabilities]


def planned(folder: Path, cloud: str, host_port: int = 53) -> Prepared:
    return cloud_plans.planned(folder, cloud, PACKAGE.replace("HOST", str(host_port)))


@pytest.mark.parametrize("cloud", HAVING)
def test_the_golden_tree(tmp_path: Path, cloud: str) -> None:
    tree = simulate(planned(tmp_path, cloud))
    shown: Tree = {
        key: value for key, value in tree.items() if "Balancers" in value.get("parent", "") or "NetworkSecurityGroup" in key
    }
    assert "8053" in str(shown)
    assert_golden(f"{cloud}/udp.yaml", shown)


def test_google_translates_no_port_of_udp(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        planned(tmp_path, "gcp", 1053)
    assert [problem.message for problem in refused.value.problems] == [
        "balancers/dns/service: expected a udp service at the balancer's own port 53 on Google Cloud, found 1053"
    ]
