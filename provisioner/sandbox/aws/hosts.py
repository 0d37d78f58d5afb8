"""EC2 instances."""

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.aws import account, addressing, identity, images, keys, network, rules, volumes
from provisioner.sandbox.kinds import UNKNOWN, Call, CloudRefusal, Failure, Kind, Reference

INSTANCE = volumes.INSTANCE
LONGEST_USER_DATA = 16_384
"""Bytes, before encoding (EC2 user guide, "Run commands at launch")."""
MOST_GROUPS = 5
"""Security groups of a network interface (Amazon VPC quotas)."""

_BAD_PROFILE = "for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"


def _check(call: Call) -> Iterator[Failure]:
    for name in ("ami", "instanceType"):
        if call.inputs.get(name) is None and call.inputs.get("launchTemplate") is None:
            yield Failure(property=name, reason=f'one of "{name},launchTemplate" must be specified')
    data = call.inputs.get("userData")
    if isinstance(data, str) and len(data.encode()) > LONGEST_USER_DATA:
        found = f"found {len(data.encode())}"
        yield Failure(
            property="userData", reason=f"expected length of user_data to be in the range (0 - {LONGEST_USER_DATA}), {found}"
        )
    if data is not None and call.inputs.get("userDataBase64") is not None:
        yield Failure(property="userData", reason='conflicts with "userDataBase64"')
    yield from _check_root(call.inputs.get("rootBlockDevice"))
    yield from _check_metadata(call.inputs.get("metadataOptions"))


def _check_root(root: Any) -> Iterator[Failure]:
    if root is None or root is UNKNOWN:
        return
    kind = root.get("volumeType", "gp3")
    if kind in ("st1", "sc1"):
        yield Failure(property="rootBlockDevice.volumeType", reason=f"Invalid volume type for boot volume: {kind}")
    else:
        yield from volumes.size_failures("rootBlockDevice.volumeSize", kind, root.get("volumeSize"))


def _check_metadata(options: Any) -> Iterator[Failure]:
    if options is None or options is UNKNOWN:
        return
    hops = options.get("httpPutResponseHopLimit")
    if isinstance(hops, int) and not 1 <= hops <= 64:
        yield Failure(
            property="metadataOptions.httpPutResponseHopLimit", reason=f"expected to be in the range (1 - 64), got {hops}"
        )
    for name, values in (("httpEndpoint", ("enabled", "disabled")), ("httpTokens", ("optional", "required"))):
        if isinstance(options.get(name), str) and options[name] not in values:
            reason = f"expected one of {', '.join(values)}, got {options[name]}"
            yield Failure(property=f"metadataOptions.{name}", reason=reason)


def _refuse(call: Call) -> None:
    _refuse_machine(call)
    subnet = _subnet(call)
    groups = account.known(call.inputs.get("vpcSecurityGroupIds", ()))
    rules.refuse_other_vpc(call, groups, subnet["vpcId"])
    if len(groups) > MOST_GROUPS:
        raise CloudRefusal(
            "SecurityGroupsPerInterfaceLimitExceeded: The maximum number of security groups per interface has been reached."
        )
    zone = call.inputs.get("availabilityZone")
    if zone is not None and zone != subnet["availabilityZone"]:
        words = f"The availability zone '{zone}' does not match the zone of subnet '{call.inputs['subnetId']}'"
        raise CloudRefusal(f"InvalidParameterValue: {words}")
    address = call.inputs.get("privateIp")
    if address is not None and not addressing.in_range(str(address), str(subnet["cidrBlock"])):
        raise CloudRefusal(f"InvalidParameterValue: Address {address} does not fall within the subnet's address range")


def _refuse_machine(call: Call) -> None:
    machine, region = str(call.inputs["instanceType"]), account.region(call)
    if machine not in account.machine_types():
        raise CloudRefusal(f"InvalidParameterValue: Invalid value '{machine}' for InstanceType.")
    if (region, machine) not in account.offered():
        words = f"Your requested instance type ({machine}) is not supported in the region {region}."
        raise CloudRefusal(f"Unsupported: {words}")
    image = images.find(region, call.inputs["ami"])
    if image is None:
        raise CloudRefusal(f"InvalidAMIID.NotFound: The image id '[{call.inputs['ami']}]' does not exist")
    wanted = account.machine_types()[machine]
    if image.architecture != wanted:
        words = (
            f"The architecture '{wanted}' of the specified instance type does not match the architecture '{image.architecture}'"
        )
        hint = "Specify an instance type and an AMI that have matching architectures, and try again."
        raise CloudRefusal(f"InvalidParameterValue: {words} of the specified AMI. {hint}")


def _subnet(call: Call) -> Any:
    """The instance's subnet. Accounts as new as the sandbox's have no default VPC to fall back on."""
    if call.inputs.get("subnetId") is None:
        raise CloudRefusal("MissingInput: No subnets found for the default VPC. Please specify a subnet.")
    return account.properties(call, network.SUBNET, call.inputs["subnetId"])


def _outputs(call: Call, id: str) -> dict[str, Any]:
    subnet = _subnet(call)
    private = call.inputs.get("privateIp") or addressing.private_address(
        call, str(call.inputs["subnetId"]), str(subnet["cidrBlock"])
    )
    is_public = call.inputs.get("associatePublicIpAddress", subnet.get("mapPublicIpOnLaunch", False))
    public = addressing.public_address(call) if is_public else ""
    return {
        **account.shared(call),
        "arn": account.arn(call, "ec2", f"instance/{id}"),
        "associatePublicIpAddress": is_public,
        "availabilityZone": subnet["availabilityZone"],
        "instanceLifecycle": "spot" if call.inputs.get("instanceMarketOptions") else "",
        "instanceState": "running",
        "primaryNetworkInterfaceId": f"eni-0{call.digest[16:32]}",
        "privateDns": f"ip-{str(private).replace('.', '-')}.{account.domain(call)}",
        "privateIp": private,
        "publicDns": f"ec2-{public.replace('.', '-')}.{account.region(call)}.compute.amazonaws.com" if public else "",
        "publicIp": public,
        "rootBlockDevice": _root(call),
        "spotInstanceRequestId": f"sir-{call.digest[32:40]}" if call.inputs.get("instanceMarketOptions") else "",
        **account.given(call, ebsOptimized=False, keyName="", monitoring=False, placementGroup="", tenancy="default"),
    }


def _root(call: Call) -> dict[str, Any]:
    given: dict[str, Any] = call.inputs.get("rootBlockDevice") or {}
    defaults = {
        "deleteOnTermination": True,
        "encrypted": False,
        "iops": 3000,
        "throughput": 125,
        "volumeSize": 8,
        "volumeType": "gp3",
    }
    return {"deviceName": "/dev/xvda", "volumeId": f"vol-0{call.digest[48:64]}", **defaults, **given}


KINDS = (
    Kind(
        token=INSTANCE,
        identify=account.identifier("i"),
        outputs=_outputs,
        computed=(
            *account.SHARED,
            "arn",
            "associatePublicIpAddress",
            "availabilityZone",
            "ebsOptimized",
            "instanceLifecycle",
            "instanceState",
            "keyName",
            "monitoring",
            "placementGroup",
            "primaryNetworkInterfaceId",
            "privateDns",
            "privateIp",
            "publicDns",
            "publicIp",
            "rootBlockDevice",
            "spotInstanceRequestId",
            "tenancy",
        ),
        reshaped=("rootBlockDevice",),
        defaults={"getPasswordData": False, "sourceDestCheck": True, "userDataReplaceOnChange": False},
        immutable=frozenset(
            {
                "ami",
                "associatePublicIpAddress",
                "availabilityZone",
                "hostId",
                "instanceMarketOptions",
                "keyName",
                "placementGroup",
                "privateIp",
                "region",
                "rootBlockDevice.encrypted",
                "rootBlockDevice.kmsKeyId",
                "securityGroups",
                "subnetId",
                "tenancy",
                # Only where userDataReplaceOnChange is set, which the project always does; else EC2 stops and starts the machine.
                "userData",
                "userDataBase64",
            }
        ),
        references=(
            network.in_subnet(),
            rules.group("vpcSecurityGroupIds[]"),
            keys.named_by("keyName"),
            Reference(
                property="iamInstanceProfile",
                tokens=(identity.PROFILE,),
                field="name",
                missing=f"InvalidParameterValue: Value ({{value}}) {_BAD_PROFILE}",
                holds=False,
            ),
        ),
        check=_check,
        refuse=_refuse,
    ),
)
