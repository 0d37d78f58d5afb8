"""Balancers that read HTTP on Google Cloud and Azure: what they are made of, who may reach hosts, and what is refused."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import test_aws_web
from cloud_plans import planned
from golden import Tree, assert_golden, of_type
from simulated import simulate

from provisioner.errors import InputError

HTTP = test_aws_web.PACKAGE.replace("type: https, domain: shop.example.com, zone: example.com", "type: http")
TYPES = {"gcp": test_aws_web.PACKAGE, "azure": HTTP}


@cache
def tree(cloud: str) -> Tree:
    with TemporaryDirectory() as folder:
        return simulate(planned(Path(folder), cloud, TYPES[cloud]))


@pytest.mark.parametrize("cloud", TYPES)
def test_the_golden_tree(cloud: str) -> None:
    families = ("provisioner:index:Balancers::t-b", "provisioner:index:Records::t-b")
    shown = {key: value for key, value in tree(cloud).items() if value.get("parent") in families or "gateways" in key}
    assert_golden(f"{cloud}/web.yaml", shown)


def test_google_redirects_plain_requests_to_the_same_address() -> None:
    rules = of_type(tree("gcp"), "gcp:compute/globalForwardingRule:GlobalForwardingRule")
    assert {name: rule["inputs"]["portRange"] for name, rule in rules.items()} == {
        "t-b-web": "443-443",
        "t-b-web-plain": "80-80",
    }
    assert len({rule["inputs"]["ipAddress"] for rule in rules.values()}) == 1
    redirect = of_type(tree("gcp"), "gcp:compute/uRLMap:URLMap")["t-b-web-redirect"]["inputs"]
    assert redirect["defaultUrlRedirect"]["httpsRedirect"] is True


def test_only_googles_own_ranges_reach_the_hosts() -> None:
    rules = of_type(tree("gcp"), "gcp:compute/firewall:Firewall").values()
    opened = [rule["inputs"] for rule in rules if "8080" in str(rule["inputs"].get("allows"))]
    assert [rule["sourceRanges"] for rule in opened] == [["35.191.0.0/16", "130.211.0.0/22"]]


def test_only_the_gateways_subnet_reaches_the_hosts_on_azure() -> None:
    (subnet,) = [
        each["inputs"]["addressPrefix"]
        for name, each in of_type(tree("azure"), "azure-native:network:Subnet").items()
        if "gate" in name
    ]
    groups = of_type(tree("azure"), "azure-native:network:NetworkSecurityGroup")
    opened = [rule for rule in groups["t-b-rules"]["inputs"]["securityRules"] if rule["destinationPortRange"] == "8080"]
    assert [rule["sourceAddressPrefixes"] for rule in opened] == [[subnet]]


@pytest.mark.parametrize(
    ("cloud", "change", "where"),
    [
        ("gcp", ("type: https,", "type: https, port: 8443,"), "balancers/web/port"),
        ("azure", ("{url: /healthz}", "{kind: tcp}"), "balancers/web/health-check/kind"),
        ("aws", ("{url: /healthz}", "{kind: tcp}"), "balancers/web/health-check/kind"),
    ],
)
def test_what_a_cloud_cannot_do_is_refused(tmp_path: Path, cloud: str, change: tuple[str, str], where: str) -> None:
    text = TYPES.get(cloud, test_aws_web.PACKAGE).replace(*change)
    with pytest.raises(InputError) as refused:
        planned(tmp_path, cloud, text)
    assert [problem.message.split(":")[0] for problem in refused.value.problems] == [where]


def test_an_address_of_the_plan_is_a_global_one_on_google(tmp_path: Path) -> None:
    text = test_aws_web.PACKAGE.replace("type: https,", "type: https, address: entry,") + "  addresses: {entry: {}}\n"
    made = simulate(planned(tmp_path, "gcp", text))
    assert list(of_type(made, "gcp:compute/globalAddress:GlobalAddress")) == ["t-b-entry"]
    assert not of_type(made, "gcp:compute/address:Address")
