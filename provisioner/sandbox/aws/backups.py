"""Snapshot policies of Data Lifecycle Manager."""

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.sandbox.aws import account, identity
from provisioner.sandbox.kinds import Call, CloudRefusal, Failure, Kind

POLICY = "aws:dlm/lifecyclePolicy:LifecyclePolicy"
INTERVALS = (1, 2, 3, 4, 6, 8, 12, 24)
"""Hours between snapshots (CreateRule in the DLM API reference)."""
UNITS = ("DAYS", "WEEKS", "MONTHS", "YEARS")
MOST = 100
"""Policies of a region (DLM user guide, "Quotas")."""


def _check(call: Call) -> Iterator[Failure]:
    words = call.inputs.get("description")
    if isinstance(words, str) and not account.matches(r"[0-9A-Za-z _-]{1,500}", words):
        reason = f'expected up to 500 letters, digits, spaces, underscores and hyphens, got "{words}"'
        yield Failure(property="description", reason=reason)
    state = call.inputs.get("state")
    if isinstance(state, str) and state not in ("ENABLED", "DISABLED"):
        yield Failure(property="state", reason=f"expected state to be one of ENABLED, DISABLED, got {state}")
    for details in account.objects(call.inputs.get("policyDetails")):
        schedules = account.objects(details.get("schedules") or [])
        if len(schedules) > 4:
            yield Failure(property="policyDetails.schedules", reason=f"expected at most 4 schedules, got {len(schedules)}")
        for index, schedule in enumerate(schedules):
            yield from _check_schedule(f"policyDetails.schedules[{index}]", schedule)


def _check_schedule(path: str, schedule: Mapping[str, Any]) -> Iterator[Failure]:
    for create in account.objects(schedule.get("createRule")):
        interval, start = create.get("interval"), create.get("times")
        if interval is None and create.get("cronExpression") is None:
            yield Failure(property=f"{path}.createRule", reason='one of "interval,cronExpression" must be specified')
        if isinstance(interval, int | float) and interval not in INTERVALS:
            known = ", ".join(map(str, INTERVALS))
            yield Failure(
                property=f"{path}.createRule.interval", reason=f"expected interval to be one of {known}, got {interval}"
            )
        if isinstance(start, str) and not account.matches(r"([01][0-9]|2[0-3]):[0-5][0-9]", start):
            yield Failure(property=f"{path}.createRule.times", reason=f'expected a time of day hh:mm, got "{start}"')
    for retain in account.objects(schedule.get("retainRule")):
        count, interval, unit = retain.get("count"), retain.get("interval"), retain.get("intervalUnit")
        if (count is None) == (interval is None):
            yield Failure(property=f"{path}.retainRule", reason='exactly one of "count,interval" must be specified')
        if isinstance(count, int | float) and not 1 <= count <= 1000:
            yield Failure(
                property=f"{path}.retainRule.count", reason=f"expected count to be in the range (1 - 1000), got {count}"
            )
        if interval is not None and (unit is None or (isinstance(unit, str) and unit not in UNITS)):
            reason = f"expected intervalUnit to be one of {', '.join(UNITS)}, got {unit}"
            yield Failure(property=f"{path}.retainRule.intervalUnit", reason=reason)


def _refuse(call: Call) -> None:
    here = [found for found in call.world.all(POLICY) if found.properties["region"] == account.region(call)]
    if len(here) >= MOST:
        raise CloudRefusal(f"LimitExceededException: You have reached the limit of {MOST} policies")
    details = call.inputs["policyDetails"]
    if not details.get("targetTags"):
        raise CloudRefusal("InvalidRequestException: Following parameters are required: TargetTags.")
    if not details.get("schedules"):
        raise CloudRefusal("InvalidRequestException: Following parameters are required: Schedules.")
    role = call.inputs["executionRoleArn"]
    if identity.refuses(call, role, "dlm.amazonaws.com"):
        raise CloudRefusal(f"InvalidRequestException: Unable to assume role: {role}")


def _outputs(call: Call, id: str) -> dict[str, Any]:
    return {**account.shared(call), "arn": account.arn(call, "dlm", f"policy/{id}")}


KINDS = (
    Kind(
        token=POLICY,
        identify=lambda call: f"policy-0{call.digest[:16]}",
        outputs=_outputs,
        computed=(*account.SHARED, "arn"),
        defaults={"state": "ENABLED"},
        immutable=frozenset({"region"}),
        references=(identity.by_arn("executionRoleArn", "InvalidRequestException: Role {value} cannot be found."),),
        check=_check,
        refuse=_refuse,
    ),
)
