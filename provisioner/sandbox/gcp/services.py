"""What balancers of a region and global ones share: health checks, backend services, and the form of forwarding rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from provisioner.sandbox.gcp.addresses import public_address
from provisioner.sandbox.gcp.common import Compute, Output, Refusal, Scope, fingerprint, invalid, numeric, one_of, parts, refers
from provisioner.sandbox.kinds import Call, Failure, Kind, Reference

GROUP: Final = "gcp:compute/networkEndpointGroup:NetworkEndpointGroup"
PROBES: Final = ("httpHealthCheck", "httpsHealthCheck", "http2HealthCheck", "tcpHealthCheck", "sslHealthCheck", "grpcHealthCheck")
SCHEMES: Final = ("EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL", "INTERNAL_MANAGED")
"""Of forwarding rules in a region."""
ALL_SCHEMES: Final = (*SCHEMES, "INTERNAL_SELF_MANAGED")
GLOBAL_SCHEMES: Final = ("EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED")
PASSTHROUGH: Final = frozenset({"EXTERNAL", "INTERNAL"})
CAPACITIES: Final = (
    *("capacityScaler", "maxConnections", "maxConnectionsPerInstance", "maxConnectionsPerEndpoint"),
    *("maxRate", "maxRatePerInstance", "maxRatePerEndpoint", "maxUtilization"),
)


def health_check(token: str, scope: Scope, **computed: Output) -> Kind:
    """A health check of a region, or a global one."""
    return Compute(
        token=token,
        collection="healthChecks",
        scope=scope,
        computed={"type": probe_type, **computed},
        defaults={"checkIntervalSec": 5, "timeoutSec": 5, "healthyThreshold": 2, "unhealthyThreshold": 2},
        checks=(check_probe,),
    ).kind


def backend_service(
    token: str,
    scope: Scope,
    *,
    health: str,
    schemes: Sequence[str],
    defaults: Mapping[str, Any],
    refuse: Refusal,
    immutable: tuple[str, ...] = (),
) -> Kind:
    """A backend service of a region, or a global one, over network endpoint groups."""
    return Compute(
        token=token,
        collection="backendServices",
        scope=scope,
        computed={"fingerprint": fingerprint, "generatedId": numeric},
        defaults={"connectionDrainingTimeoutSec": 300, **defaults},
        immutable=("params", *immutable),
        references=(refers("healthChecks", health), refers("backends[].group", GROUP)),
        checks=(check_backends, one_of("loadBalancingScheme", *schemes)),
        refusals=(refuse,),
    ).kind


def refuse_migration(call: Call) -> None:
    """What is global moves between the two external schemes in place, and to no other."""
    before, after = (call.olds or call.inputs)["loadBalancingScheme"], call.inputs["loadBalancingScheme"]
    if before != after and {before, after} != {"EXTERNAL", "EXTERNAL_MANAGED"}:
        raise invalid("loadBalancingScheme", after, f"The load balancing scheme cannot be changed from {before}.")


def at_address(token: str) -> Reference:
    """A forwarding rule's address: a reserved one, by any way of naming it."""
    return replace(refers("ipAddress", token), field="address", also=("id", "selfLink", "name"))


def check_probe(call: Call) -> Iterable[Failure]:
    given = [name for name in PROBES if call.inputs.get(name) is not None]
    if len(given) != 1:
        reason = f"exactly one of {', '.join(PROBES)} must be specified, found {', '.join(given) or 'none'}"
        yield Failure(property=given[-1] if given else "tcpHealthCheck", reason=reason)
    timeout, interval = call.inputs.get("timeoutSec"), call.inputs.get("checkIntervalSec")
    if isinstance(timeout, int) and isinstance(interval, int) and timeout > interval:
        yield Failure(property="timeoutSec", reason=f"must be less than or equal to checkIntervalSec ({interval}), got {timeout}")


def probe_type(call: Call, _id: str) -> str:
    return next(name for name in PROBES if call.inputs.get(name) is not None).removesuffix("HealthCheck").upper()


def check_backends(call: Call) -> Iterable[Failure]:
    """What the provider says of capacities: passthrough balancers take none, proxying ones need a scaler."""
    for index, each in enumerate(parts(call.inputs, "backends")):
        yield from _check_backend(f"backends[{index}]", call.inputs.get("loadBalancingScheme"), each)


def _check_backend(path: str, scheme: object, backend: Mapping[str, Any]) -> Iterable[Failure]:
    if scheme in PASSTHROUGH:
        for name in CAPACITIES:
            if backend.get(name):
                reason = f'"{name}" cannot be set for non-managed backend service, found value {backend[name]}'
                yield Failure(property=f"{path}.{name}", reason=reason)
    elif scheme == "EXTERNAL_MANAGED" and backend.get("capacityScaler") is None:
        yield Failure(property=path, reason="capacity_scaler is required for each backend in managed backend service")


def overlap(one: str, other: str) -> bool:
    (first, last), (start, end) = (tuple(map(int, text.split("-"))) for text in (one, other))
    return first <= end and start <= last


def ports(call: Call, _id: str) -> str:
    """`80-80` of `80`, as the cloud answers."""
    given = str(call.inputs.get("portRange") or "1-65535")
    return given if "-" in given else f"{given}-{given}"


RULE_OUTPUTS: Final[Mapping[str, Output]] = {
    "baseForwardingRule": lambda _, __: "",
    "forwardingRuleId": numeric,
    "ipAddress": lambda call, _: call.inputs.get("ipAddress") or public_address(call),
    "portRange": ports,
}
"""What every forwarding rule shows."""
