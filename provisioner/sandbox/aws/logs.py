"""Log groups of CloudWatch, and the flow logs that are written to them."""

from collections.abc import Iterator
from typing import Any, Final

from provisioner.sandbox.aws import account, identity, network
from provisioner.sandbox.kinds import UNKNOWN, Call, CloudRefusal, Failure, Kind, Reference

GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
FLOW: Final = "aws:ec2/flowLog:FlowLog"
DAYS: Final = (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""How long a group keeps its events (PutRetentionPolicy, CloudWatch Logs API reference)."""
NAME: Final = r"[.\-_/#A-Za-z0-9]{1,512}"
"""512 letters, digits and five signs (CreateLogGroup, CloudWatch Logs API reference)."""
TARGETS: Final = ("eniId", "regionalNatGatewayId", "subnetId", "transitGatewayAttachmentId", "transitGatewayId", "vpcId")


def _check_group(call: Call) -> Iterator[Failure]:
    for part in ("name", "namePrefix"):
        value = call.inputs.get(part)
        if isinstance(value, str) and not account.matches(NAME, value):
            yield Failure(property=part, reason=f'"{value}" must be 1 to 512 letters, digits and ._-/#')
    days = call.inputs.get("retentionInDays")
    if isinstance(days, int) and days not in DAYS:
        yield Failure(property="retentionInDays", reason=f"expected retention_in_days to be one of {list(DAYS)}, got {days}")


def _name(call: Call) -> str:
    return account.unique_name(call, limit=512)


def _refuse_group(call: Call) -> None:
    if call.world.find(GROUP, name=_name(call), region=account.region(call)):
        raise CloudRefusal("ResourceAlreadyExistsException: The specified log group already exists")


def _group_outputs(call: Call, id: str) -> dict[str, Any]:
    given = account.given(call, namePrefix="", logGroupClass="STANDARD")
    return {**account.shared(call), "arn": account.arn(call, "logs", f"log-group:{id}"), "name": id, **given}


def _check_flow(call: Call) -> Iterator[Failure]:
    given = [name for name in TARGETS if call.inputs.get(name) is not None]
    known = [name for name in given if call.inputs[name] is not UNKNOWN]
    if len(known) > 1 or not given:
        yield Failure(property="vpcId", reason=f"exactly one of {', '.join(TARGETS)} must be specified")
    traffic, kind = call.inputs.get("trafficType"), call.inputs.get("logDestinationType")
    if isinstance(traffic, str) and traffic not in ("ACCEPT", "REJECT", "ALL"):
        yield Failure(property="trafficType", reason=f"expected traffic_type to be one of ACCEPT, REJECT, ALL, got {traffic}")
    if isinstance(kind, str) and kind not in ("cloud-watch-logs", "s3", "kinesis-data-firehose"):
        reason = f"expected one of cloud-watch-logs, s3, kinesis-data-firehose, got {kind}"
        yield Failure(property="logDestinationType", reason=reason)
    seconds = call.inputs.get("maxAggregationInterval")
    if isinstance(seconds, int) and seconds not in (60, 600):
        reason = f"expected max_aggregation_interval to be one of [60 600], got {seconds}"
        yield Failure(property="maxAggregationInterval", reason=reason)


def _refuse_flow(call: Call) -> None:
    """CloudWatch is written to with a role that the service may take."""
    if call.inputs.get("trafficType") is None:
        raise CloudRefusal("InvalidParameter: TrafficType is required for this resource type")
    if call.inputs["logDestinationType"] != "cloud-watch-logs":
        return
    arn = call.inputs.get("iamRoleArn")
    if arn is None:
        raise CloudRefusal("InvalidParameter: DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.")
    if identity.refuses(call, arn, "vpc-flow-logs.amazonaws.com"):
        raise CloudRefusal(f"InvalidParameter: Access Denied for LogDestination: the service may not take the role {arn}.")
    for other in call.world.all(FLOW):
        same = ("vpcId", "logDestination", "trafficType")
        if all(other.properties.get(name) == call.inputs.get(name) for name in same):
            raise CloudRefusal("FlowLogAlreadyExists: There is an existing Flow Log with the same configuration and destination.")


def _flow_outputs(call: Call, id: str) -> dict[str, Any]:
    given = account.given(call, logFormat="${version} ${account-id} ${interface-id}")
    return {**account.shared(call), "arn": account.arn(call, "ec2", f"vpc-flow-log/{id}"), **given}


KINDS: Final = (
    Kind(
        token=GROUP,
        identify=_name,
        outputs=_group_outputs,
        computed=(*account.SHARED, "arn", "name", "namePrefix", "logGroupClass"),
        defaults={"skipDestroy": False},
        immutable=frozenset({"logGroupClass", "name", "namePrefix", "region"}),
        check=_check_group,
        refuse=_refuse_group,
    ),
    Kind(
        token=FLOW,
        identify=account.identifier("fl"),
        outputs=_flow_outputs,
        computed=(*account.SHARED, "arn", "logFormat"),
        defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
        immutable=frozenset(
            {
                *TARGETS,
                *("deliverCrossAccountRole", "destinationOptions", "iamRoleArn", "logDestination", "logDestinationType"),
                *("logFormat", "maxAggregationInterval", "region", "trafficType"),
            }
        ),
        references=(
            network.in_vpc(holds=False),
            Reference(
                property="logDestination",
                tokens=(GROUP,),
                field="arn",
                missing="InvalidParameter: LogDestination: {value} does not exist",
                holds=False,
            ),
            identity.by_arn("iamRoleArn", "InvalidParameter: DeliverLogsPermissionArn: {value} does not exist"),
        ),
        check=_check_flow,
        refuse=_refuse_flow,
    ),
)
