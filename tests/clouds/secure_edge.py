"""Rows of the table of secure defaults that are about balancers: TLS, plain requests, and logs of requests."""

from collections.abc import Mapping

from golden import Tree, of_type
from secure_checks import Absent, Cell, both, every, no_type

LISTENER, PROXY = "aws:lb/listener:Listener", "gcp:compute/targetHttpsProxy:TargetHttpsProxy"
BALANCER, SERVICE = "aws:lb/loadBalancer:LoadBalancer", "gcp:compute/backendService:BackendService"


def redirects_on_aws(tree: Tree) -> bool:
    """Every balancer with a listener of port 443 has one of port 80 that does nothing but redirect."""
    listeners = [it["inputs"] for it in of_type(tree, LISTENER).values()]
    secure = [it["loadBalancerArn"] for it in listeners if it["protocol"] == "HTTPS"]
    plain = {it["loadBalancerArn"]: it["defaultActions"] for it in listeners if it["port"] == 80 and it["protocol"] == "HTTP"}
    return bool(secure) and all(
        [(action["type"], action["redirect"]["statusCode"]) for action in plain[arn]] == [("redirect", "HTTP_301")]
        for arn in secure
    )


def redirects_on_gcp(tree: Tree) -> bool:
    """Every plain proxy leads to a redirect to https, and to no service."""
    routes = [it["inputs"] for it in of_type(tree, "gcp:compute/uRLMap:URLMap").values()]
    away = [it for it in routes if it.get("defaultUrlRedirect", {}).get("httpsRedirect") is True]
    plain = of_type(tree, "gcp:compute/targetHttpProxy:TargetHttpProxy")
    return len(away) == len(plain) == len(of_type(tree, PROXY)) > 0 and all("defaultService" not in it for it in away)


EDGE: Mapping[str, Mapping[str, Cell]] = {
    "TLS at the edge is 1.2 or newer": {
        "aws": lambda tree: (
            [it["inputs"]["sslPolicy"] for it in of_type(tree, LISTENER).values() if it["inputs"]["protocol"] in ("HTTPS", "TLS")]
            == ["ELBSecurityPolicy-TLS13-1-2-2021-06"]
        ),
        "gcp": both(
            every("gcp:compute/sSLPolicy:SSLPolicy", lambda it: it["minTlsVersion"] == "TLS_1_2" and it["profile"] == "MODERN"),
            every(PROXY, lambda it: bool(it["sslPolicy"])),
        ),
        "azure": Absent(
            "https balancers are refused, for want of managed certificates; a TCP balancer passes TLS on to the workload",
            no_type("applicationgateway"),
        ),
    },
    "plain requests to an https balancer are redirected, and never served": {
        "aws": redirects_on_aws,
        "gcp": redirects_on_gcp,
        "azure": Absent("https balancers are refused, for want of managed certificates", no_type("applicationgateway")),
    },
    "requests with broken headers are dropped (ELB.4)": {
        "aws": lambda tree: (
            [
                it["inputs"]["dropInvalidHeaderFields"]
                for it in of_type(tree, BALANCER).values()
                if it["inputs"]["loadBalancerType"] == "application"
            ]
            == [True]
        ),
        "gcp": Absent("Google's front ends do it by design", every(SERVICE, lambda it: "customRequestHeaders" not in it)),
        "azure": Absent("https balancers are refused, and a TCP balancer reads no headers", no_type("applicationgateway")),
    },
    "balancers log requests (ELB.5)": {
        "aws": Absent(
            "billed by the gigabyte, so never unasked, and no key asks for it so far: a transform does (native-resources.md)",
            every(BALANCER, lambda it: "accessLogs" not in it),
        ),
        "gcp": Absent(
            "billed by the gigabyte, so never unasked, and no key asks for it so far: a transform does (native-resources.md)",
            every(SERVICE, lambda it: "logConfig" not in it),
        ),
        "azure": Absent(
            "billed by the gigabyte, so never unasked, and no key asks for it so far: a resource beside ours does",
            no_type("diagnosticsetting"),
        ),
    },
}
