"""`provisioner plan NAME --cloud C --region R`, or `--stack S`: everything that would exist."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from provisioner.cli.options import from_option, set_option
from provisioner.cli.output import json_option, print_json, print_problems, print_table
from provisioner.cli.targets import cloud_option, region_option, requests, stack_option
from provisioner.errors import UsageError
from provisioner.units import print_cpu, print_mib

if TYPE_CHECKING:
    from provisioner.deploy.prepare import Prepared, Request
    from provisioner.placement.rebalance import Move
    from provisioner.placement.sensitivity import Hint
    from provisioner.plan.model import Rule


@click.command("plan")
@click.argument("name", required=False)
@cloud_option
@region_option
@stack_option
@set_option
@from_option
@click.option("--why", metavar="RUNNABLE", help="Say for each host why it was or was not chosen for this runnable.")
@click.option("--deployed", is_flag=True, help="Start from what the last `up` of --stack left, as the next one will.")
@click.option("--rebalance", is_flag=True, help="List the moves that would save on what --stack has deployed, best first.")
@click.option("--format", "form", type=click.Choice(["table", "kubernetes"]), default="table", help="kubernetes: manifests.")
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
    deployed: bool,
    rebalance: bool,
    form: str,
    as_json: bool,
) -> None:
    """Print everything that would exist for NAME: hosts with machine and price, where each container runs, and all the rest."""
    if (deployed or rebalance) and stack is None:
        raise UsageError("expected --stack STACK with --deployed and --rebalance: they start from what it has deployed")
    (request,) = requests(name, cloud, region, stack, assignments, sources, several=False)
    answer = _answer(request, stack if deployed or rebalance else None, why=why, rebalance=rebalance)
    print_problems(problem for problem in answer.prepared.problems if problem.severity != "note")
    if as_json:
        _print_json(answer)
    elif form == "kubernetes":
        from provisioner.cli.kubernetes import manifests

        click.echo(manifests(answer.prepared.plan), nl=False)
    else:
        _print(answer)
    if answer.prepared.problems.errors:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """The plan, and what was asked of it: None where it was not."""

    prepared: "Prepared"
    hints: "tuple[Hint, ...]"
    why: tuple[str, ...] | None
    """The workloads to explain."""
    moves: "tuple[Move, ...] | None"


def _answer(request: "Request", deployed: str | None, *, why: str | None, rebalance: bool) -> _Answer:
    """`deployed` is the stack whose last deployment the plan starts from."""
    from provisioner.cli.plan_placement import workloads_of
    from provisioner.cli.status import outputs
    from provisioner.deploy.prepare import offers_for, prepare, terms_of
    from provisioner.deploy.standing import NOTHING, read
    from provisioner.placement import rebalance as moves
    from provisioner.placement.sensitivity import hints

    standing = read(outputs(deployed)) if deployed is not None else NOTHING
    prepared = prepare(replace(request, moves_percent=0) if rebalance else request, standing=standing)
    plan, placement = prepared.plan, prepared.placement
    offers = offers_for(plan, prepared.cloud, terms_of(request))
    return _Answer(
        prepared=prepared,
        hints=hints(plan, offers, placement),
        why=workloads_of(plan, why) if why is not None else None,
        moves=moves.rebalance(plan, offers, placement) if rebalance else None,
    )


def _print_json(answer: _Answer) -> None:
    from provisioner.cli import documents, placed

    placement = answer.prepared.placement
    document = {**documents.plan(answer.prepared.plan, placement, answer.hints)}
    if answer.why is not None:
        document["why"] = placed.reasons(placement, answer.why)
    if answer.moves is not None:
        document["rebalance"] = [placed.move(move) for move in answer.moves]
    print_json(document)


def _print(answer: _Answer) -> None:
    from provisioner.cli import plan_placement as shown

    plan, placement = answer.prepared.plan, answer.prepared.placement
    if answer.why is not None:
        shown.print_reasons(placement, answer.why)
    if answer.moves is not None:
        shown.print_moves(plan, answer.moves)
    if answer.why is not None or answer.moves is not None:
        return
    _print_plan(answer.prepared)
    shown.print_cost(placement)
    shown.print_survival(placement.survival)
    shown.print_hints(answer.hints)
    click.echo(f"digest {plan.digest}")


def _print_plan(prepared: "Prepared") -> None:
    from provisioner.plan.routes import groups, routed

    plan, placement = prepared.plan, prepared.placement
    zones = ", ".join(dict.fromkeys(host.zone for host in placement.hosts))
    also = "".join(f" and {site.target.cloud} {site.target.region}" for site in plan.also)
    click.echo(f"{click.style(plan.name, bold=True)} on {prepared.cloud.label} {plan.target.region}{also} ({zones})\n")
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
    answering = ", ".join(group.name for group in groups(plan.groups, plan.volumes, plan.workloads))
    routes = [(one.address, f"{one.runnable}/{one.service.name}", one.service.port, answering) for one in routed(plan.workloads)]
    print_table("Routes", ("requests to", "to", "port", "answered by"), routes)
    rules = [(one.name, one.group, _ports(one), ", ".join(_sources(one)), one.reason) for one in plan.rules]
    print_table("Allowed traffic", ("rule", "into", "port", "from", "because"), rules)


def _sources(rule: "Rule") -> tuple[str, ...]:
    return (*rule.cidrs, *rule.groups, *(("hosts on other clouds",) if rule.elsewhere else ()))


def _ports(rule: "Rule") -> str:
    last = f"-{rule.last_port}" if rule.last_port != rule.first_port else ""
    return f"{rule.first_port}{last}/{rule.protocol}"
