"""Balancers for HTTP on AWS: their certificate, their listeners, who may reach the hosts behind them, and what is refused."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cloud_plans import planned
from golden import Tree, assert_golden, of_type
from simulated import simulate

from provisioner.errors import InputError

PACKAGE = """
namespace: t
web:
  defines: runnable
  containers: {web: {image: "nginx:1.27"}}
  services: {http: {container: web, port: 8080, protocol: tcp, host-port: 8080}}
b:
  defines: blueprint
  runs: [t/web]
  network: {egress: nat, zones: 2}
  hosts: {app: {count: 2, disk: 30GiB, needs: {cpu: 1, memory: 1GiB}}}
  zones: {example.com: {create: true}}
  balancers:
    web: {type: https, domain: shop.example.com, zone: example.com, service: t/web/http, health-check: {url: /healthz}}
"""
LISTENER = "aws:lb/listener:Listener"


@cache
def tree() -> Tree:
    with TemporaryDirectory() as folder:
        return simulate(planned(Path(folder), "aws", PACKAGE))


def test_the_golden_tree() -> None:
    families = ("provisioner:index:Balancers::t-b", "provisioner:index:Records::t-b")
    assert_golden("aws/https.yaml", {key: value for key, value in tree().items() if value.get("parent") in families})


def test_tls_is_1_2_at_least_and_plain_requests_are_sent_on() -> None:
    secure, plain = (of_type(tree(), LISTENER)[f"t-b-balancer-web-{port}"]["inputs"] for port in (443, 80))
    assert secure["protocol"] == "HTTPS"
    assert secure["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    (action,) = plain["defaultActions"]
    assert action == {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}


def test_headers_that_are_not_valid_are_dropped() -> None:
    (balancer,) = of_type(tree(), "aws:lb/loadBalancer:LoadBalancer").values()
    assert balancer["inputs"]["loadBalancerType"] == "application"
    assert balancer["inputs"]["dropInvalidHeaderFields"] is True


def test_the_hosts_let_in_the_balancer_and_nobody_else() -> None:
    rules = of_type(tree(), "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").values()
    to_hosts = [rule["inputs"] for rule in rules if rule["inputs"]["fromPort"] == 8080]
    assert [rule.get("cidrIpv4") for rule in to_hosts] == [None]
    assert to_hosts[0]["referencedSecurityGroupId"]


def test_what_aws_cannot_do_is_refused_together(tmp_path: Path) -> None:
    text = PACKAGE.replace("zones: 2", "zones: 1").replace("zone: example.com, ", "address: entry, ")
    with pytest.raises(InputError) as refused:
        planned(tmp_path, "aws", text + "  addresses: {entry: {}}\n")
    assert [problem.message.split(":")[0] for problem in refused.value.problems] == [
        "balancers/web/type",
        "balancers/web/address",
        "balancers/web/zone",
    ]
