"""`provisioner plan NAME --cloud C --region R`, or `--stack S`: everything that would exist."""

from pathlib import Path

import click

from provisioner.cli.options import from_option, set_option
from provisioner.cli.output import json_option, print_json, print_problems, print_table
from provisioner.cli.targets import cloud_option, region_option, requests, stack_option
from provisioner.errors import UsageError
from provisioner.units import print_cpu, print_mib


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
    from provisioner.deploy.prepare import Prepared, prepare

    (request,) = requests(name, cloud, region, stack, assignments, sources, several=False)
    prepared: Prepared = prepare(request)
    if as_json:
        print_json(documents.plan(prepared.plan, prepared.placement))
        return
    print_problems(problem for problem in prepared.problems if problem.severity != "note")
    if why is not None:
        _why(prepared, why)
        return
    _print(prepared)


def _print(prepared: "Prepared") -> None:  # noqa: F821
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
    print_table(
        "Volumes", ("volume", "kind", "GiB", "host", "path"), [(v.name, v.kind, v.size_gib, v.host, v.path) for v in plan.volumes]
    )
    print_table(
        "Buckets",
        ("bucket", "versioned", "expires"),
        [(b.name, "yes" if b.versioned else "no", f"{b.expire_days} days" if b.expire_days else "never") for b in plan.buckets],
    )
    print_table(
        "Balancers",
        ("balancer", "type", "port", "to", "host port", "address"),
        [
            (b.name, b.type, b.port, f"{b.workload}/{b.service}", b.backend_port, b.address or "given by the cloud")
            for b in plan.balancers
        ],
    )
    print_table(
        "Allowed traffic",
        ("rule", "into", "port", "from", "because"),
        [
            (
                r.name,
                r.group,
                f"{r.first_port}/{r.protocol}" if r.first_port == r.last_port else f"{r.first_port}-{r.last_port}/{r.protocol}",
                ", ".join((*r.cidrs, *r.groups)),
                r.reason,
            )
            for r in plan.rules
        ],
    )
    click.echo(f"digest {plan.digest}")


def _why(prepared: "Prepared", workload: str) -> None:  # noqa: F821
    reasons = prepared.placement.reasons.get(workload)
    if reasons is None:
        raise UsageError(f'no workload "{workload}" in the plan: expected one of {", ".join(prepared.placement.assignments)}')
    chosen = prepared.placement.assignments[workload]
    print_table(
        f"{workload} runs on {chosen}",
        ("host", "could", "why"),
        [(one.host, "yes" if one.fits else "no", one.words) for one in reasons],
    )
