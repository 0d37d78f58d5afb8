"""What a stack exports, what the next run reads back, and what a preview says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi

from provisioner.clouds.components import Host
from provisioner.cost.model import Estimate
from provisioner.deploy.prepare import Prepared
from provisioner.deploy.standing import NOTHING, Standing, read
from provisioner.placement.model import Placement
from provisioner.plan.model import Volume
from provisioner.units import ZERO, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The outputs of the last successful run; empty before the first."""

    standing: Standing = NOTHING
    typical: Money | None = None
    difference: Money = ZERO
    digest: str = ""

    def change(self, estimate: Estimate, digest: str) -> Money:
        """What this deployment adds to the typical month. Repeating a deployment repeats its figure: no output changes."""
        if digest == self.digest:
            return self.difference
        return estimate.monthly.typical - (self.typical or ZERO)


async def last() -> Last:
    """Read this stack's own outputs. Numbers come back as floats, so money is exported as text."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    reference = pulumi.StackReference("last-run", stack_name=name)
    found = cast("Mapping[str, Any]", await reference.outputs.future() or {})
    cost = cast("Mapping[str, str]", found.get("cost") or {})
    return Last(
        standing=read(found),
        typical=Money.parse(cost["typical"]) if "typical" in cost else None,
        difference=Money.parse(cost.get("difference", "0")),
        digest=str(found.get("digest") or ""),
    )


def announce(prepared: Prepared, before: Last) -> None:
    """The same figures as `provisioner cost`, in the preview's diagnostics; then whatever `check` would warn of."""
    pulumi.log.info(cost_line(prepared.estimate, before.typical))
    for missing in prepared.estimate.missing:
        pulumi.log.warn(f"no price for {missing.name}: {missing.reason}")
    for problem in prepared.problems:
        if problem.severity == "warning":
            pulumi.log.warn(str(problem))


def cost_line(estimate: Estimate, before: Money | None) -> str:
    monthly = estimate.monthly
    change = f", {(monthly.typical - before).signed} to the last deployment" if before is not None else ""
    where = f"{estimate.cloud} {estimate.region}"
    return f"monthly cost on {where}: {monthly.typical} typical ({monthly.low} to {monthly.high}){change}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the cloud calls things, by the plan's names: where balancers answer, and where buckets and stored secrets are."""

    endpoints: Mapping[str, pulumi.Output[str]]
    buckets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict[str, pulumi.Output[str]])


def export(prepared: Prepared, before: Last, hosts: Mapping[str, Host], names: Names) -> Mapping[str, Any]:
    return {
        "cost": _cost(prepared.estimate, before.change(prepared.estimate, prepared.plan.digest)),
        "hosts": {placed.name: _host(prepared, placed.name, hosts[placed.name]) for placed in prepared.placement.hosts},
        "volumes": {volume.name: _volume(volume, hosts) for volume in prepared.plan.volumes},
        "endpoints": {
            balancer.name: _endpoint(names.endpoints[balancer.name], balancer.port) for balancer in prepared.plan.balancers
        },
        **({"buckets": dict(names.buckets)} if names.buckets else {}),
        **({"secrets": dict(names.secrets)} if names.secrets else {}),
        "placement": _placement(prepared.placement),
        "overlay": {"hosts": dict(prepared.addresses.hosts), "containers": dict(prepared.addresses.containers)},
        "digest": prepared.plan.digest,
    }


def _cost(estimate: Estimate, change: Money) -> Mapping[str, object]:
    monthly = estimate.monthly
    figures = {"low": monthly.low.cents, "typical": monthly.typical.cents, "high": monthly.high.cents, "difference": change.cents}
    missing = [item.name for item in estimate.missing]
    return {"currency": "USD", **figures, **({"missing": missing} if missing else {})}


def _host(prepared: Prepared, name: str, host: Host) -> Mapping[str, object]:
    placed = prepared.placement.host(name)
    return {
        "id": host.id,
        "machine": placed.offer.machine,
        "disk_gib": next(group.disk_gib for group in prepared.plan.groups if group.name == placed.group),
        "zone": placed.zone,
        "private": host.private_address,
        "public": host.public_address if host.public_address is not None else "",
        "runs": list(placed.workloads),
    }


def _placement(placement: Placement) -> Mapping[str, object]:
    """Cost and bound an hour; money as text, since numbers come back as floats."""
    return {
        "cost": str(placement.cost.decimal),
        "bound": str(placement.bound.decimal),
        "gap": round(placement.gap, 6),
        "optimal": placement.optimal,
        "proven": {claim: str(bound.decimal) for claim, bound in placement.proven.items()},
        "workloads": dict(placement.assignments),
    }


def _volume(volume: Volume, hosts: Mapping[str, Host]) -> Mapping[str, object]:
    slot = hosts[volume.host].slots.get(volume.name) if volume.host in hosts else None
    plugged = {"slot": slot} if slot else {}
    return {"kind": volume.kind, "size_gib": volume.size_gib, "zone": volume.zone, "host": volume.host, **plugged}


def _endpoint(address: pulumi.Output[str], port: int) -> pulumi.Output[str]:
    return pulumi.Output.concat(address, ":", str(port))
