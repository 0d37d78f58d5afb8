"""Load balancers and their listeners (Elastic Load Balancing v2)."""

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account, addresses, certificates, network, routes, rules, targets
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind, Reference

BALANCER = addresses.BALANCER
LISTENER = "aws:lb/listener:Listener"
LISTENS = {
    "network": ("QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"),
    "application": ("HTTP", "HTTPS"),
    "gateway": ("GENEVE",),
}
"""Listener protocols of each type of load balancer."""
_FITS = {"HTTP": ("HTTP", "HTTPS"), "HTTPS": ("HTTP", "HTTPS"), "TLS": ("TCP", "TLS")}
"""Target groups to which a listener can forward, where their protocol may be another (Create a listener, user guides)."""
_SHORT = {"network": "net", "application": "app", "gateway": "gwy"}
_ZONE_IDS = {"us-east-1": "Z26RNL4JYFTOTI", "eu-west-1": "Z2IFOLAFXWLO4F", "eu-central-1": "Z3F0SRJ5LGBH90"}
"""Hosted zones of network load balancers (AWS general reference, "Elastic Load Balancing endpoints")."""


def _check(call: Call) -> Iterator[Failure]:
    yield from targets.name_failures(call)
    kind = call.inputs.get("loadBalancerType")
    if isinstance(kind, str) and kind not in LISTENS:
        yield Failure(property="loadBalancerType", reason=f"expected one of {', '.join(sorted(LISTENS))}, got {kind}")
    if call.inputs.get("subnets") is None and call.inputs.get("subnetMappings") is None:
        yield Failure(property="subnets", reason='one of "subnets,subnetMappings" must be specified')


def _subnets(call: Call) -> list[str]:
    mapped = [mapping.get("subnetId") for mapping in call.inputs.get("subnetMappings", ())]
    return account.known([*call.inputs.get("subnets", ()), *mapped])


def _refuse(call: Call) -> None:
    account.refuse_over_quota(call)
    if call.world.find(BALANCER, name=_name(call), region=account.region(call)):
        words = f"A load balancer with the same name '{_name(call)}' exists, but with different settings"
        raise CloudRefusal(f"DuplicateLoadBalancerName: {words}")
    subnets = [account.properties(call, network.SUBNET, subnet) for subnet in _subnets(call)]
    zones = [subnet["availabilityZone"] for subnet in subnets]
    if len(set(zones)) < len(zones):
        words = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise CloudRefusal(f"InvalidConfigurationRequest: {words}")
    if call.inputs["loadBalancerType"] == "application" and len(zones) < 2:
        raise CloudRefusal("ValidationError: At least two subnets in two different Availability Zones must be specified")
    vpcs = {subnet["vpcId"] for subnet in subnets}
    if len(vpcs) > 1:
        raise CloudRefusal("InvalidConfigurationRequest: All subnets must belong to the same VPC")
    _refuse_reach(call, next(iter(vpcs), None))


def _refuse_reach(call: Call, vpc: object) -> None:
    if not call.inputs["internal"] and not routes.has_gateway(call, vpc):
        raise CloudRefusal(f"InvalidSubnet: VPC {vpc} has no internet gateway")
    for group in account.known(call.inputs.get("securityGroups", ())):
        if rules.group_vpc(call, group) != vpc:
            raise CloudRefusal(f"InvalidConfigurationRequest: One or more security groups are invalid: {group} is not in {vpc}")
    for mapping in call.inputs.get("subnetMappings", ()):
        if mapping.get("allocationId"):
            addresses.refuse_taken(call, mapping["allocationId"])


def _name(call: Call) -> str:
    return account.unique_name(call, limit=32)


def _id(call: Call) -> str:
    kind = _SHORT[call.inputs["loadBalancerType"]]
    return account.arn(call, "elasticloadbalancing", f"loadbalancer/{kind}/{_name(call)}/{call.digest[:16]}")


def _outputs(call: Call, id: str) -> dict[str, Any]:
    region, beginning = account.region(call), "internal-" if call.inputs["internal"] else ""
    subnets = _subnets(call)
    end = f"elb.{region}" if call.inputs["loadBalancerType"] == "network" else f"{region}.elb"
    return {
        **account.shared(call),
        "arn": id,
        "arnSuffix": id.split(":loadbalancer/")[1],
        "dnsName": f"{beginning}{_name(call)}-{call.digest[:16]}.{end}.amazonaws.com",
        "name": _name(call),
        "vpcId": account.vpc_of(call, network.SUBNET, subnets[0]) if subnets else "",
        "zoneId": _ZONE_IDS.get(region, "Z0123456789ABCDEFGHIJ"),
        **account.given(call, ipAddressType="ipv4", namePrefix="", securityGroups=[], subnets=subnets),
    }


def _check_listener(call: Call) -> Iterator[Failure]:
    yield from targets.port_failures("port", call.inputs.get("port"))
    if call.inputs.get("port") is None:
        yield Failure(property="port", reason="is required for network and application load balancers")
    protocol = call.inputs.get("protocol")
    if protocol in ("HTTPS", "TLS") and call.inputs.get("certificateArn") is None:
        yield Failure(property="certificateArn", reason=f"A certificate must be specified for {protocol} listeners")
    policy = call.inputs.get("sslPolicy")
    if isinstance(policy, str) and isinstance(protocol, str) and protocol not in ("HTTPS", "TLS"):
        yield Failure(property="sslPolicy", reason=f"is only valid for HTTPS and TLS listeners, not for {protocol}")
    if isinstance(policy, str) and not account.matches(r"ELBSecurityPolicy-[A-Za-z0-9-]+", policy):
        yield Failure(property="sslPolicy", reason=f"SSL policy '{policy}' not found")
    for index, action in enumerate(account.objects(call.inputs.get("defaultActions"))):
        if action.get("type") == "redirect" and action.get("redirect") is None:
            yield Failure(property=f"defaultActions[{index}].redirect", reason="must be specified for a redirect action")
        if action.get("type") == "forward" and action.get("targetGroupArn") is None and action.get("forward") is None:
            reason = 'one of "targetGroupArn,forward" must be specified for a forward action'
            yield Failure(property=f"defaultActions[{index}].targetGroupArn", reason=reason)


def _refuse_listener(call: Call) -> None:
    arn, port = call.inputs["loadBalancerArn"], call.inputs["port"]
    if call.world.find(LISTENER, loadBalancerArn=arn, port=port):
        raise CloudRefusal(f"DuplicateListener: A listener already exists on this port for this load balancer '{arn}'")
    balancer = account.properties(call, BALANCER, arn)
    protocols = LISTENS[balancer["loadBalancerType"]]
    if call.inputs.get("protocol") not in protocols:
        words = f"Listener protocol '{call.inputs.get('protocol')}' must be one of '{', '.join(protocols)}'"
        raise CloudRefusal(f"ValidationError: {words}")
    _refuse_unproven(call)
    for group in account.known(action.get("targetGroupArn") for action in call.inputs["defaultActions"]):
        _refuse_group(call, balancer, group)


def _refuse_unproven(call: Call) -> None:
    given = call.inputs.get("certificateArn")
    if given and call.world.find(certificates.VALIDATION, certificateArn=given) is None:
        words = (
            f"The certificate '{given}' must have a fully-qualified domain name, a supported signature, and a supported key size"
        )
        raise CloudRefusal(f"UnsupportedCertificate: {words}")


def _refuse_group(call: Call, balancer: Any, group: str) -> None:
    if account.vpc_of(call, targets.GROUP, group) != balancer["vpcId"]:
        raise CloudRefusal(f"InvalidConfigurationRequest: The target group '{group}' is in another VPC than the load balancer")
    protocol = account.properties(call, targets.GROUP, group)["protocol"]
    if protocol not in LISTENS[balancer["loadBalancerType"]]:
        words = f"The target group protocol '{protocol}' does not fit a {balancer['loadBalancerType']} load balancer"
        raise CloudRefusal(f"InvalidConfigurationRequest: {words}")
    fitting = _FITS.get(str(call.inputs["protocol"]), (call.inputs["protocol"],))
    if protocol not in fitting:
        words = (
            f"Listener protocol '{call.inputs['protocol']}' is not supported with a target group with the protocol '{protocol}'"
        )
        raise CloudRefusal(f"InvalidConfigurationRequest: {words}")
    for other in call.world.all(LISTENER):
        uses = [action.get("targetGroupArn") for action in other.properties["defaultActions"]]
        if group in uses and other.properties["loadBalancerArn"] != call.inputs["loadBalancerArn"]:
            words = f"The following target groups cannot be associated with more than one load balancer: {group}"
            raise CloudRefusal(f"TargetGroupAssociationLimit: {words}")


def _listener_id(call: Call) -> str:
    return f"{str(call.inputs['loadBalancerArn']).replace(':loadbalancer/', ':listener/')}/{call.digest[:16]}"


def _listener_outputs(call: Call, id: str) -> dict[str, Any]:
    return {**account.shared(call), "arn": id, **account.given(call, sslPolicy="")}


KINDS = (
    Kind(
        token=BALANCER,
        identify=_id,
        outputs=_outputs,
        computed=(
            *account.SHARED,
            "arn",
            "arnSuffix",
            "dnsName",
            "ipAddressType",
            "name",
            "namePrefix",
            "securityGroups",
            "subnets",
            "vpcId",
            "zoneId",
        ),
        defaults={"internal": False, "loadBalancerType": "application", "enableDeletionProtection": False},
        # A network load balancer takes further subnets in place, and loses or changes one only by replacement.
        immutable=frozenset(
            {"name", "namePrefix", "internal", "loadBalancerType", "subnetMappings", "customerOwnedIpv4Pool", "region"}
        ),
        references=(
            network.in_subnet("subnetMappings[].subnetId"),
            network.in_subnet("subnets[]"),
            addresses.allocation("subnetMappings[].allocationId"),
            rules.group("securityGroups[]"),
        ),
        check=_check,
        refuse=_refuse,
    ),
    Kind(
        token=LISTENER,
        identify=_listener_id,
        outputs=_listener_outputs,
        computed=(*account.SHARED, "arn", "sslPolicy"),
        immutable=frozenset({"loadBalancerArn", "region"}),
        references=(
            Reference(
                property="loadBalancerArn",
                tokens=(BALANCER,),
                missing="LoadBalancerNotFound: One or more load balancers not found: {value}",
                holds=False,
            ),
            targets.target_group("defaultActions[].targetGroupArn", holds=True),
            certificates.certificate("certificateArn"),
        ),
        check=_check_listener,
        refuse=_refuse_listener,
    ),
)
