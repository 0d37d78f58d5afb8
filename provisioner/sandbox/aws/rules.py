"""Security groups and their rules."""

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account, addressing, network
from provisioner.sandbox.kinds import Autoname, Call, CloudRefusal, Failure, Kind, Reference

GROUP = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
GROUPS = (GROUP, DEFAULT_GROUP)
MOST_RULES = 60
"""Rules of a security group in each direction (Amazon VPC quotas)."""

_SOURCES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_TEXT = r"[a-zA-Z0-9. _:/()#,@\[\]+=&;{}!$*-]{0,255}"


def group(property: str, *, holds: bool = True) -> Reference:
    """A property names a security group."""
    return Reference(
        property=property,
        tokens=GROUPS,
        missing="InvalidGroup.NotFound: The security group '{value}' does not exist",
        in_use="DependencyViolation: resource {id} has a dependent object",
        holds=holds,
    )


def refuse_other_vpc(call: Call, groups: list[str], vpc: object) -> None:
    """Groups work only inside their own VPC."""
    for each in groups:
        if group_vpc(call, each) != vpc:
            raise CloudRefusal(f"InvalidGroup.NotFound: The security group '{each}' does not exist in VPC '{vpc}'")


def group_vpc(call: Call, group_id: object) -> object:
    return next((vpc for token in GROUPS if (vpc := account.vpc_of(call, token, group_id))), None)


def _check_group(call: Call) -> Iterator[Failure]:
    name, text = call.inputs.get("name"), call.inputs.get("description")
    if isinstance(name, str) and (name.startswith("sg-") or len(name) > 255):
        yield Failure(property="name", reason=f'invalid value "{name}": at most 255 characters, and not beginning with sg-')
    if isinstance(text, str) and (not text or not account.matches(_TEXT, text)):
        yield Failure(
            property="description",
            reason=f'doesn\'t comply with restrictions ("^[0-9A-Za-z_ .:/()#,@\\[\\]+=&;{{}}!$*-]{{1,255}}$"): "{text}"',
        )


def _refuse_group(call: Call) -> None:
    name, vpc = call.inputs["name"], call.inputs.get("vpcId")
    if call.world.find(GROUP, name=name, vpcId=vpc):
        raise CloudRefusal(f"InvalidGroup.Duplicate: The security group '{name}' already exists for VPC '{vpc}'")


def _group_outputs(call: Call, id: str) -> dict[str, Any]:
    return {
        **account.shared(call),
        "arn": account.arn(call, "ec2", f"security-group/{id}"),
        "ownerId": account.NUMBER,
        **account.given(call, ingress=[], egress=[]),
    }


def _default_group_id(call: Call) -> str:
    return str(account.properties(call, network.VPC, call.inputs["vpcId"])["defaultSecurityGroupId"])


def _default_group_outputs(call: Call, id: str) -> dict[str, Any]:
    return {**_group_outputs(call, id), "name": "default", "description": "default VPC security group"}


def _check_rule(call: Call) -> Iterator[Failure]:
    given = [name for name in _SOURCES if call.inputs.get(name) is not None]
    if len(given) != 1:
        reason = f"exactly one of [{','.join(_SOURCES)}] must be set, found {', '.join(given) or 'none'}"
        yield Failure(property=given[0] if given else "cidrIpv4", reason=reason)
    for name in ("cidrIpv4", "cidrIpv6"):
        yield from addressing.cidr_failures(name, call.inputs.get(name))
    text = call.inputs.get("description", "")
    if isinstance(text, str) and not account.matches(_TEXT, text):
        yield Failure(property="description", reason=f'invalid characters or more than 255 of them: "{text}"')
    yield from _check_ports(call)


def _check_ports(call: Call) -> Iterator[Failure]:
    protocol, first, last = (call.inputs.get(name) for name in ("ipProtocol", "fromPort", "toPort"))
    if protocol == "-1" and (first is not None or last is not None):
        yield Failure(property="fromPort", reason='must not be set where ip_protocol is "-1"')
    if protocol in ("tcp", "udp"):
        for name, port in (("fromPort", first), ("toPort", last)):
            if port is None or (isinstance(port, int) and not 0 <= port <= 65535):
                yield Failure(property=name, reason=f"expected a port from 0 to 65535 for {protocol}, found {port}")
        if isinstance(first, int) and isinstance(last, int) and first > last:
            yield Failure(property="toPort", reason=f"Invalid {protocol.upper()} port range: {first} is after {last}")


def _refuse_rule(call: Call) -> None:
    own = call.inputs["securityGroupId"]
    other = call.inputs.get("referencedSecurityGroupId")
    if other and group_vpc(call, other) != group_vpc(call, own):
        raise CloudRefusal("InvalidGroup.NotFound: You have specified two resources that belong to different networks.")
    rules = [found.properties for found in call.world.all(call.token) if found.properties["securityGroupId"] == own]
    if any(_meaning(rule) == _meaning(call.inputs) for rule in rules):
        raise CloudRefusal(f"InvalidPermission.Duplicate: the specified rule {_words(call)} already exists")
    if len(rules) >= MOST_RULES:
        words = "The maximum number of rules per security group has been reached."
        raise CloudRefusal(f"RulesPerSecurityGroupLimitExceeded: {words}")


def _meaning(rule: Any) -> tuple[object, ...]:
    return tuple(rule.get(name) for name in ("ipProtocol", "fromPort", "toPort", *_SOURCES))


def _words(call: Call) -> str:
    peer = next(call.inputs[name] for name in _SOURCES if call.inputs.get(name) is not None)
    ports = f"from port: {call.inputs.get('fromPort')}, to port: {call.inputs.get('toPort')}"
    return f'"peer: {peer}, {str(call.inputs["ipProtocol"]).upper()}, {ports}, ALLOW"'


def _rule_outputs(call: Call, id: str) -> dict[str, Any]:
    return {**account.shared(call), "arn": account.arn(call, "ec2", f"security-group-rule/{id}"), "securityGroupRuleId": id}


def _rule(token: str) -> Kind:
    return Kind(
        token=token,
        identify=account.identifier("sgr"),
        outputs=_rule_outputs,
        computed=(*account.SHARED, "arn", "securityGroupRuleId"),
        immutable=frozenset({"securityGroupId", "region"}),
        references=(group("securityGroupId", holds=False), group("referencedSecurityGroupId")),
        check=_check_rule,
        refuse=_refuse_rule,
    )


_GROUP_COMPUTED = (*account.SHARED, "arn", "ownerId", "ingress", "egress")

KINDS = (
    Kind(
        token=GROUP,
        identify=account.identifier("sg"),
        outputs=_group_outputs,
        computed=_GROUP_COMPUTED,
        defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
        immutable=frozenset({"name", "namePrefix", "description", "vpcId", "region"}),
        autoname=Autoname(property="name", maximum=255),
        references=(network.in_vpc(),),
        check=_check_group,
        refuse=_refuse_group,
    ),
    Kind(
        token=DEFAULT_GROUP,
        identify=_default_group_id,
        outputs=_default_group_outputs,
        computed=(*_GROUP_COMPUTED, "name", "description"),
        defaults={"revokeRulesOnDelete": False},
        immutable=frozenset({"vpcId", "region"}),
        references=(network.in_vpc(holds=False),),
    ),
    _rule(IN),
    _rule(OUT),
)
