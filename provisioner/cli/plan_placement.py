"""What `provisioner plan` prints of placement: how near the least cost it is, what it survives, why, and what would save."""

from collections.abc import Sequence

import click

from provisioner.cli.output import print_table
from provisioner.errors import UsageError, nearest
from provisioner.placement.model import Loss, Placement, Survival
from provisioner.placement.rebalance import Move
from provisioner.placement.sensitivity import Hint
from provisioner.plan.model import Plan
from provisioner.units import HOURS_PER_MONTH, ZERO


def print_cost(placement: Placement) -> None:
    """One line: the hosts' cost, and how far it can be from the least possible."""
    if not placement.hosts:
        return
    monthly = placement.cost.times(HOURS_PER_MONTH)
    words = "proven least: nothing that meets what is stated costs less"
    if not placement.optimal:
        share = f"{placement.gap * 100:.{0 if placement.gap >= 0.1 else 2}f} %"
        words = f"at most {share} above the least possible, which is {placement.bound.decimal:.4f} or more"
    words += ", room for a loss included" if placement.survival else ""
    click.echo(f"Placement: {placement.cost.decimal:.4f} USD an hour ({monthly} a month for hosts), {words}\n")


def print_survival(survival: Survival | None) -> None:
    if survival is None or survival.tightest is None:
        return
    tightest = survival.tightest
    left = f"after it the fullest host that remains is {tightest.fullest * 100:.0f} % full"
    click.echo(f"Losing any one {survival.level} leaves room for all that must run. Tightest: {tightest.name}, {left}.")
    for words in dict.fromkeys(words for loss in survival.losses for words in _spared(loss)):
        click.echo(f"  {words}")
    click.echo()


def _spared(loss: Loss) -> list[str]:
    return [f"{loss.name}: {name} {why}" for name, why in loss.spared.items()]


def print_hints(hints: Sequence[Hint]) -> None:
    if hints:
        click.secho("Small changes that would save", bold=True)
        click.echo("".join(f"  {hint.words}\n" for hint in hints))


def workloads_of(plan: Plan, name: str) -> tuple[str, ...]:
    """A workload, or all replicas of a runnable. Raises `UsageError` for a name that is neither."""
    known = {workload.name for workload in plan.workloads}
    found = tuple(workload.name for workload in plan.replicas_of(name)) or ((name,) if name in known else ())
    if not found:
        close = nearest(name, known)
        hint = f'; did you mean "{close}"?' if close else ""
        raise UsageError(f'no workload "{name}" in the plan: expected one of {", ".join(sorted(known))}{hint}')
    return found


def print_reasons(placement: Placement, workloads: Sequence[str]) -> None:
    for name in workloads:
        print_table(
            f"{name} runs on {placement.assignments[name]}",
            ("host", "could", "why"),
            [(one.host, "yes" if one.fits else "no", one.words) for one in placement.reasons[name]],
        )


def print_moves(plan: Plan, moves: Sequence[Move]) -> None:
    """The best first, and how to make those that are worth it."""
    if not moves:
        click.echo("no move would save anything")
        return
    rows = [
        (one.host, f"becomes {one.machine}" if one.machine else "closed", _targets(one), one.saves, f"{one.score:.2f}")
        for one in moves
    ]
    columns = ("host", "would be", "restarts", "saves a month", "score")
    print_table("Moves that would save, each judged on what stands", columns, rows, right=("saves a month", "score"))
    worth = [one for one in moves if one.worth_it]
    if not worth:
        click.echo("none is worth it: a score from 0.5 is, the share of the cost saved over the share of disruption")
        return
    restarts = sum(len(one.workloads) for one in worth)
    share = max(1, -(-100 * restarts // max(1, len(plan.workloads))))
    saves = sum((one.saves for one in worth), ZERO)
    click.echo(
        f"{len(worth)} worth it (score from 0.5), {restarts} workloads restart, at most {saves} a month saved. To make them:"
    )
    click.echo(f"  pulumi config set provisioner:rebalance {min(100, share)}%")
    click.echo("  pulumi up")
    click.echo("  pulumi config rm provisioner:rebalance")


def _targets(move: Move) -> str:
    if move.machine:
        return "\n".join(move.workloads) or "nothing"
    return "\n".join(f"{name} to {host}" for name, host in move.workloads.items()) or "nothing"
