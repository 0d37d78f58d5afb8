"""`provisioner plan NAME --cloud C --region R`, or `--stack S`: everything that would exist."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from provisioner.cli.options import from_option, set_option
from provisioner.cli.output import json_option, print_json, print_problems, print_table
from provisioner.cli.targets import cloud_option, region_option, requests, stack_option
from provisioner.errors import UsageError
from provisioner.units import print_cpu, print_mib

if TYPE_CHECKING:
    from provisioner.deploy.prepare import Prepared
    from provisioner.plan.model import Rule


@click.command("plan")
@click.argument("name", required=False)
@cloud_option
@region_option
@stack_option
@set_option
@from_option
@click.option("--why", metavar="WORKLOAD", help="Say for each host why it was or was not chosen for this workload.")
@json_option
def command(
    *,
    name: str | None,
    cloud: str | None,
    region: str | None,
    stack: str | None,
    assignments: tuple[str, ...],
    sources: tuple[Path, ...],
    why: str | None,
    as_json: bool,
) -> None:
    """Print everything that would exist for NAME: hosts with machine and price, where each container runs, and all the rest."""
    from provisioner.cli import documents
    from provisioner.deploy.prepare import prepare

    (request,) = requests(name, cloud, region, stack, assignments, sources, several=False)
    prepared = prepare(request)
    print_problems(problem for problem in prepared.problems if problem.severity != "note")
    if as_json:
        print_json(documents.plan(prepared.plan, prepared.placement))
    elif why is not None:
        _why(prepared, why)
    else:
        _print(prepared)
    if prepared.problems.errors:
        raise click.exceptions.Exit(1)


def _print(prepared: "Prepared") -> None:
    plan, placement = prepared.plan, prepared.placement
    zones = ", ".join(dict.fromkeys(host.zone for host in placement.hosts))
    click.echo(f"{click.style(plan.name, bold=True)} on {prepared.cloud.label} {plan.target.region} ({zones})\n")
    print_table(
        "Hosts",
        ("host", "machine", "zone", "cpu", "memory", "USD/hour", "runs"),
        [
            (host.name, host.offer.machine, host.zone, print_cpu(host.offer.millicpu), print_mib(host.offer.memory_mib),
             f"{host.hourly.decimal:.4f}", ", ".join(host.workloads) or "nothing yet")
            for host in placement.hosts
        ],
        right=("cpu", "memory", "USD/hour"),
    )  # fmt: skip
    containers = [(one.name, placement.assignments[one.name], c.name, c.image) for one in plan.workloads for c in one.containers]
    print_table("Containers", ("workload", "host", "container", "image"), containers)
    volumes = [(one.name, one.kind, one.size_gib, one.host, one.path) for one in plan.volumes]
    print_table("Volumes", ("volume", "kind", "GiB", "host", "path"), volumes)
    buckets = [
        (one.name, "yes" if one.versioned else "no", f"{one.expire_days} days" if one.expire_days else "never")
        for one in plan.buckets
    ]
    print_table("Buckets", ("bucket", "versioned", "expires"), buckets)
    balancers = [
        (one.name, one.type, one.port, f"{one.workload}/{one.service}", one.backend_port, one.address or "given by the cloud")
        for one in plan.balancers
    ]
    print_table("Balancers", ("balancer", "type", "port", "to", "host port", "address"), balancers)
    rules = [(one.name, one.group, _ports(one), ", ".join((*one.cidrs, *one.groups)), one.reason) for one in plan.rules]
    print_table("Allowed traffic", ("rule", "into", "port", "from", "because"), rules)
    click.echo(f"digest {plan.digest}")


def _ports(rule: "Rule") -> str:
    last = f"-{rule.last_port}" if rule.last_port != rule.first_port else ""
    return f"{rule.first_port}{last}/{rule.protocol}"


def _why(prepared: "Prepared", workload: str) -> None:
    reasons = prepared.placement.reasons.get(workload)
    if reasons is None:
        raise UsageError(f'no workload "{workload}" in the plan: expected one of {", ".join(prepared.placement.assignments)}')
    chosen = prepared.placement.assignments[workload]
    print_table(
        f"{workload} runs on {chosen}",
        ("host", "could", "why"),
        [(one.host, "yes" if one.fits else "no", one.words) for one in reasons],
    )
