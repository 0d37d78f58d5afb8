"""Target groups of load balancers, and the machines in them."""

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account, network, volumes
from provisioner.sandbox.kinds import UNKNOWN, Call, CloudRefusal, Failure, Kind, Reference

GROUP = "aws:lb/targetGroup:TargetGroup"
ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
PROTOCOLS = ("GENEVE", "HTTP", "HTTPS", "QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP")
NAME = r"(?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?"


def target_group(property: str, *, holds: bool) -> Reference:
    """A property names a target group by its ARN, which is its id."""
    return Reference(
        property=property,
        tokens=(GROUP,),
        missing="TargetGroupNotFound: Target groups '{value}' not found",
        in_use="ResourceInUse: Target group '{id}' is currently in use by a listener or a rule",
        holds=holds,
    )


def name_failures(call: Call) -> Iterator[Failure]:
    """Names of load balancers and target groups: 32 letters, digits and hyphens."""
    name = call.inputs.get("name")
    if isinstance(name, str) and len(name) > 32:
        yield Failure(property="name", reason=f'"name" cannot be longer than 32 characters: "{name}"')
    if isinstance(name, str) and not account.matches(NAME, name):
        yield Failure(
            property="name", reason=f'"name" may hold letters, digits and inner hyphens, and not begin with internal-: "{name}"'
        )


def port_failures(property: str, port: object) -> Iterator[Failure]:
    if isinstance(port, int) and not 1 <= port <= 65535:
        yield Failure(property=property, reason=f"expected {property} to be in the range (1 - 65535), got {port}")


def _check(call: Call) -> Iterator[Failure]:
    yield from name_failures(call)
    if call.inputs["targetType"] != "lambda":
        for name in ("port", "protocol", "vpcId"):
            if call.inputs.get(name) is None:
                yield Failure(property=name, reason=f"{name} should be set when target type is {call.inputs['targetType']}")
    yield from port_failures("port", call.inputs.get("port"))
    protocol = call.inputs.get("protocol")
    if isinstance(protocol, str) and protocol not in PROTOCOLS:
        yield Failure(property="protocol", reason=f"expected protocol to be one of {', '.join(PROTOCOLS)}, got {protocol}")
    yield from _check_health(call.inputs.get("healthCheck"))


def _check_health(health: Any) -> Iterator[Failure]:
    if health is None or health is UNKNOWN:
        return
    ranges = {"interval": (5, 300), "healthyThreshold": (2, 10), "unhealthyThreshold": (2, 10), "timeout": (2, 120)}
    for name, (least, most) in ranges.items():
        value = health.get(name)
        if isinstance(value, int) and not least <= value <= most:
            reason = f"expected {name} to be in the range ({least} - {most}), got {value}"
            yield Failure(property=f"healthCheck.{name}", reason=reason)
    path, protocol = health.get("path"), health.get("protocol", "HTTP")
    if isinstance(protocol, str) and protocol not in ("HTTP", "HTTPS", "TCP"):
        yield Failure(property="healthCheck.protocol", reason=f"expected protocol to be one of HTTP, HTTPS, TCP, got {protocol}")
    if path is not None and protocol == "TCP":
        yield Failure(property="healthCheck.path", reason=f"is not supported for health_checks with protocol {protocol}")
    if isinstance(path, str) and not path.startswith("/"):
        yield Failure(property="healthCheck.path", reason=f'must begin with "/", got "{path}"')


def _name(call: Call) -> str:
    return account.unique_name(call, limit=32)


def _refuse(call: Call) -> None:
    if call.world.find(GROUP, name=_name(call), region=account.region(call)):
        raise CloudRefusal(f"DuplicateTargetGroupName: A target group with the same name '{_name(call)}' exists")


def _id(call: Call) -> str:
    return account.arn(call, "elasticloadbalancing", f"targetgroup/{_name(call)}/{call.digest[:16]}")


def _outputs(call: Call, id: str) -> dict[str, Any]:
    return {
        **account.shared(call),
        "arn": id,
        "arnSuffix": id.rsplit(":", maxsplit=1)[-1],
        "loadBalancerArns": [],
        "name": _name(call),
        **account.given(
            call, ipAddressType="ipv4", loadBalancingCrossZoneEnabled="use_load_balancer_configuration", namePrefix=""
        ),
    }


def _refuse_attachment(call: Call) -> None:
    group, target = call.inputs["targetGroupArn"], call.inputs["targetId"]
    subnet = account.properties(call, volumes.INSTANCE, target).get("subnetId")
    vpc = account.vpc_of(call, GROUP, group)
    if account.vpc_of(call, network.SUBNET, subnet) != vpc:
        raise CloudRefusal(f"InvalidTarget: The following targets are not in the target group VPC '{vpc}': '{target}'")
    if call.world.find(ATTACHMENT, targetGroupArn=group, targetId=target, port=call.inputs.get("port")):
        raise CloudRefusal(f"InvalidTarget: The target '{target}' is already registered")


KINDS = (
    Kind(
        token=GROUP,
        identify=_id,
        outputs=_outputs,
        computed=(
            *account.SHARED,
            "arn",
            "arnSuffix",
            "ipAddressType",
            "loadBalancerArns",
            "loadBalancingCrossZoneEnabled",
            "name",
            "namePrefix",
        ),
        defaults={"targetType": "instance", "deregistrationDelay": 300, "slowStart": 0, "proxyProtocolV2": False},
        immutable=frozenset(
            {"name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType", "region"}
        ),
        references=(network.in_vpc(holds=False),),
        check=_check,
        refuse=_refuse,
    ),
    Kind(
        token=ATTACHMENT,
        identify=lambda call: f"{call.inputs['targetGroupArn']}-{call.digest[:26]}",
        outputs=account.region_only,
        computed=("region",),
        immutable=frozenset({"targetGroupArn", "targetId", "port", "availabilityZone", "region"}),
        references=(
            target_group("targetGroupArn", holds=False),
            Reference(
                property="targetId",
                tokens=(volumes.INSTANCE,),
                missing="InvalidTarget: The following targets are not valid instances: '{value}'",
                holds=False,
            ),
        ),
        check=lambda call: port_failures("port", call.inputs.get("port")),
        refuse=_refuse_attachment,
    ),
)
