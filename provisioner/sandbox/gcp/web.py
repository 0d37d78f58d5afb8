"""The parts of a global Application Load Balancer: address, health check, backend service, URL maps, TLS, proxies, rules."""

import re
from collections.abc import Iterable
from typing import Final

from provisioner.sandbox.gcp.addresses import public_address
from provisioner.sandbox.gcp.common import Compute, find, fingerprint, invalid, numeric, one_of, part, parts, refers
from provisioner.sandbox.gcp.services import (
    GLOBAL_SCHEMES,
    GROUP,
    RULE_OUTPUTS,
    at_address,
    backend_service,
    health_check,
    overlap,
    ports,
    refuse_migration,
)
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure

ADDRESS: Final = "gcp:compute/globalAddress:GlobalAddress"
HEALTH: Final = "gcp:compute/healthCheck:HealthCheck"
SERVICE: Final = "gcp:compute/backendService:BackendService"
ROUTES: Final = "gcp:compute/uRLMap:URLMap"
POLICY: Final = "gcp:compute/sSLPolicy:SSLPolicy"
CERTIFICATE: Final = "gcp:compute/managedSslCertificate:ManagedSslCertificate"
HTTP: Final = "gcp:compute/targetHttpProxy:TargetHttpProxy"
HTTPS: Final = "gcp:compute/targetHttpsProxy:TargetHttpsProxy"
RULE: Final = "gcp:compute/globalForwardingRule:GlobalForwardingRule"

MOST_DOMAINS: Final = 100
MOST_CERTIFICATES: Final = 15
DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\.?", re.IGNORECASE)
REDIRECTS: Final = (
    *("FOUND", "MOVED_PERMANENTLY_DEFAULT", "PERMANENT_REDIRECT"),
    *("SEE_OTHER", "TEMPORARY_REDIRECT"),
)
RATES: Final = ("maxRate", "maxRatePerEndpoint", "maxRatePerInstance")


def refuse_service(call: Call) -> None:
    """Endpoint groups of a global service hold ports, and are weighed by requests."""
    refuse_migration(call)
    for index, backend in enumerate(parts(call.inputs, "backends")):
        group = find(call, GROUP, backend["group"])
        path = f"backends[{index}]"
        if group is not None and group.properties["networkEndpointType"] == "GCE_VM_IP":
            words = "Network endpoint groups of type GCE_VM_IP are not supported by a global external backend service."
            raise invalid(f"{path}.group", backend["group"], words)
        if backend.get("balancingMode") != "RATE":
            words = "A backend service of protocol HTTP takes network endpoint groups in the balancing mode RATE."
            raise invalid(f"{path}.balancingMode", backend.get("balancingMode", ""), words)
        if not any(backend.get(name) for name in RATES):
            raise invalid(f"{path}.maxRatePerEndpoint", "", "RATE balancing mode requires a maximum rate.")


def check_routes(call: Call) -> Iterable[Failure]:
    given = [name for name in ("defaultService", "defaultUrlRedirect", "defaultRouteAction") if call.inputs.get(name) is not None]
    if len(given) > 1 and "defaultUrlRedirect" in given:
        yield Failure(property="defaultUrlRedirect", reason=f"conflicts with {', '.join(given)}")
    redirect = part(call.inputs, "defaultUrlRedirect")
    if redirect and redirect.get("stripQuery") is None:
        yield Failure(property="defaultUrlRedirect", reason="missing required property 'stripQuery'")
    code = redirect.get("redirectResponseCode")
    if isinstance(code, str) and code not in REDIRECTS:
        yield Failure(property="defaultUrlRedirect.redirectResponseCode", reason=f"expected one of {REDIRECTS}, got {code}")


def refuse_routes(call: Call) -> None:
    if not any(call.inputs.get(name) for name in ("defaultService", "defaultUrlRedirect", "defaultRouteAction")):
        raise invalid("defaultService", "", "A default service, route action or redirect must be specified.")


def check_certificate(call: Call) -> Iterable[Failure]:
    domains = part(call.inputs, "managed").get("domains")
    if not isinstance(domains, list) or not domains:
        yield Failure(property="managed", reason="a managed certificate needs at least one domain")


def refuse_certificate(call: Call) -> None:
    domains: list[str] = call.inputs["managed"]["domains"]
    if len(domains) > MOST_DOMAINS:
        raise invalid("managed.domains", len(domains), f"At most {MOST_DOMAINS} domains are allowed.")
    for domain in domains:
        if not DOMAIN.fullmatch(domain):
            raise invalid("managed.domains", domain, "The domain is not valid: wildcards and single labels are not supported.")


def refuse_proxy(call: Call) -> None:
    if len(call.inputs.get("sslCertificates") or ()) > MOST_CERTIFICATES:
        raise invalid("sslCertificates", "", f"At most {MOST_CERTIFICATES} SSL certificates are allowed.")
    if not call.inputs.get("sslCertificates") and not call.inputs.get("certificateMap"):
        raise invalid("sslCertificates", "", "At least one SSL certificate or a certificate map must be specified.")


def refuse_rule(call: Call) -> None:
    first, _, last = ports(call, "").partition("-")
    if first != last or not 1 <= int(first) <= 65535:
        raise invalid("portRange", call.inputs.get("portRange", ""), "Exactly one port is allowed.")
    given = call.inputs.get("ipAddress")
    if given and call.world.find("gcp:compute/address:Address", address=given) is not None:
        raise invalid("IPAddress", given, "A global forwarding rule takes a global address.")
    _refuse_scheme(call)
    for other in call.world.all(RULE) if given else ():
        if other.properties["ipAddress"] == given and overlap(ports(call, ""), other.properties["portRange"]):
            raise invalid("IPAddress", given, "Specified IP address is in-use and would result in a conflict.")


def _refuse_scheme(call: Call) -> None:
    """The rule's scheme is that of the services behind it."""
    refuse_migration(call)
    proxy = find(call, HTTP, call.inputs["target"]) or find(call, HTTPS, call.inputs["target"])
    routes = find(call, ROUTES, proxy.properties["urlMap"]) if proxy else None
    service = find(call, SERVICE, routes.properties.get("defaultService")) if routes else None
    scheme = call.inputs["loadBalancingScheme"]
    if service is not None and service.properties["loadBalancingScheme"] != scheme:
        words = f"The backend service has scheme {service.properties['loadBalancingScheme']}, the forwarding rule {scheme}."
        raise CloudRefusal(f"googleapi: Error 400: {words}, invalid")


KINDS: Final = (
    Compute(
        token=ADDRESS,
        collection="addresses",
        scope="global",
        computed={"address": lambda call, _: call.inputs.get("address") or public_address(call)},
        defaults={"addressType": "EXTERNAL"},
        immutable=("address", "addressType", "description", "ipVersion", "network", "prefixLength", "purpose"),
        checks=(one_of("addressType", "EXTERNAL", "INTERNAL"), one_of("ipVersion", "IPV4", "IPV6")),
        labelled=True,
    ).kind,
    health_check(HEALTH, "global"),
    backend_service(
        SERVICE,
        "global",
        health=HEALTH,
        schemes=GLOBAL_SCHEMES,
        defaults={"loadBalancingScheme": "EXTERNAL_MANAGED", "protocol": "HTTP"},
        refuse=refuse_service,
    ),
    Compute(
        token=ROUTES,
        collection="urlMaps",
        scope="global",
        computed={"fingerprint": fingerprint, "mapId": numeric},
        references=(refers("defaultService", SERVICE),),
        checks=(check_routes,),
        refusals=(refuse_routes,),
    ).kind,
    Compute(
        token=POLICY,
        collection="sslPolicies",
        scope="global",
        computed={"enabledFeatures": lambda _, __: [], "fingerprint": fingerprint},
        defaults={"minTlsVersion": "TLS_1_0", "profile": "COMPATIBLE"},
        immutable=("description",),
        checks=(
            one_of("minTlsVersion", "TLS_1_0", "TLS_1_1", "TLS_1_2", "TLS_1_3"),
            one_of("profile", "COMPATIBLE", "MODERN", "RESTRICTED", "CUSTOM", "FIPS_202205"),
        ),
    ).kind,
    Compute(
        token=CERTIFICATE,
        collection="sslCertificates",
        scope="global",
        computed={
            "expireTime": lambda _, __: "",
            "subjectAlternativeNames": lambda _, __: [],
            "certificateId": numeric,
        },
        defaults={"type": "MANAGED"},
        immutable=("managed", "description", "type"),
        checks=(check_certificate,),
        refusals=(refuse_certificate,),
    ).kind,
    Compute(
        token=HTTP,
        collection="targetHttpProxies",
        scope="global",
        computed={"proxyId": numeric},
        immutable=("description", "httpKeepAliveTimeoutSec", "proxyBind"),
        references=(refers("urlMap", ROUTES),),
    ).kind,
    Compute(
        token=HTTPS,
        collection="targetHttpsProxies",
        scope="global",
        computed={"proxyId": numeric},
        defaults={"quicOverride": "NONE"},
        immutable=("description", "httpKeepAliveTimeoutSec", "proxyBind", "tlsEarlyData"),
        references=(refers("urlMap", ROUTES), refers("sslCertificates[]", CERTIFICATE), refers("sslPolicy", POLICY)),
        refusals=(refuse_proxy,),
    ).kind,
    Compute(
        token=RULE,
        collection="globalForwardingRules",
        scope="global",
        timed=False,
        computed=RULE_OUTPUTS,
        defaults={"loadBalancingScheme": "EXTERNAL_MANAGED", "ipProtocol": "TCP"},
        immutable=(
            *("ipAddress", "ipProtocol", "ipVersion", "portRange", "network", "subnetwork"),
            *("description", "networkTier", "sourceIpRanges", "metadataFilters", "noAutomateDnsZone"),
            "serviceDirectoryRegistrations",
        ),
        references=(
            refers("target", HTTP, HTTPS),
            at_address(ADDRESS),
        ),
        checks=(one_of("loadBalancingScheme", *GLOBAL_SCHEMES),),
        refusals=(refuse_rule,),
        labelled=True,
    ).kind,
)
