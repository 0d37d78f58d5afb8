"""`provisioner cost NAME --cheapest`: where and how it costs least, and what that changes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.cost_output import print_difference
from provisioner.cli.output import print_json, print_table
from provisioner.errors import UsageError, nearest

if TYPE_CHECKING:
    from provisioner.cost.difference import Difference
    from provisioner.deploy.cheapest import Choice, Search
    from provisioner.deploy.prepare import Prepared, Request

SHOWN = 12


def cheapest(requests: "list[Request]", continent: str, *, base: bool, as_json: bool) -> None:
    """Over the clouds of `requests`. With `base` there is one request, a place: every cloud is searched and compared with it."""
    from provisioner.clouds.discovery import clouds
    from provisioner.cost.difference import between
    from provisioner.deploy.cheapest import search
    from provisioner.deploy.prepare import prepare

    names = list(clouds()) if base else [request.cloud for request in requests]
    for name in names:
        if name not in clouds():
            raise UsageError(f'unknown cloud "{name}": expected some of {", ".join(clouds())}')
    found = search(requests[0], names, _continent(continent))
    asked = prepare(requests[0]) if base else None
    best = found.choices[0] if found.choices else None
    difference = between(asked.estimate, best.estimate) if asked and best else None
    if as_json:
        print_json(_document(found, asked, difference))
        return
    _print(found, asked, difference)


def _continent(stated: str) -> str:
    from provisioner.deploy.cheapest import continents

    known = {one.lower(): one for one in continents()}
    if stated and stated.lower() not in known:
        close = nearest(stated.lower(), known)
        hint = f'; did you mean "{known[close]}"?' if close else ""
        raise UsageError(f'unknown continent "{stated}": expected one of {", ".join(known.values())}{hint}')
    return known.get(stated.lower(), "")


def _print(found: "Search", asked: "Prepared | None", difference: "Difference | None") -> None:
    rows = [
        (
            choice.estimate.monthly.typical.cents,
            f"{choice.estimate.cloud} {choice.estimate.region}",
            ", ".join(choice.changes) or "as stated",
            ", ".join(f"{name} {machine}" for name, machine in _machines(choice).items()),
        )
        for choice in found.choices[:SHOWN]
    ]
    if not rows:
        click.echo("no place has all the prices: see below")
    print_table("USD in a typical month, cheapest first", ("typical", "where", "how", "machines"), rows, right=("typical",))
    if len(found.choices) > SHOWN:
        click.echo(f"and {len(found.choices) - SHOWN} more with --json")
    if found.incomplete:
        click.echo("not ranked, because prices are missing there (`provisioner prices refresh` brings them):")
        for what, places in _missing(found.incomplete).items():
            click.echo(f"  {what}: {', '.join(places)}")
    for refused in found.refused:
        click.echo(f"not possible on {refused.cloud} {refused.region}: {refused.reason}")
    if asked is not None and difference is not None:
        if asked.estimate.missing:
            words = f"{len(asked.estimate.missing)} prices are missing where it was asked for: its total is too low"
            click.secho(words, fg="yellow")
        where = f"{asked.estimate.cloud} {asked.estimate.region}"
        print_difference(difference, f"From {where} to the cheapest", ("asked", "cheapest"))
        click.echo(f"{difference.monthly.signed} a month")
    click.echo("weighed is cost alone: not carbon, not latency, not what a move costs; arm64 needs images for it")


def _missing(incomplete: "Sequence[Choice]") -> Mapping[str, Iterable[str]]:
    """The places by what has no price there, in words without the place: most often many places lack the same."""
    found = dict[str, dict[str, None]]()
    for one in incomplete:
        place = (one.estimate.cloud, one.estimate.region)
        for missing in one.estimate.missing:
            what = missing.reason.removesuffix(f" in {' '.join(place)}").removeprefix("no price of ")
            found.setdefault(what, {})[" ".join(place)] = None
    return found


def _machines(choice: "Choice") -> Mapping[str, str]:
    return {host.name: host.offer.machine for host in choice.placement.hosts}


def _document(found: "Search", asked: "Prepared | None", difference: "Difference | None") -> Mapping[str, Any]:
    from provisioner.cli import documents

    def choice(one: "Choice") -> Mapping[str, Any]:
        return {
            "cloud": one.estimate.cloud,
            "region": one.estimate.region,
            "how": list(one.changes),
            "machines": _machines(one),
            "monthly": documents.amounts(one.estimate.monthly),
            "missing": [{"name": each.name, "reason": each.reason} for each in one.estimate.missing],
        }

    return {
        "currency": "USD",
        "choices": [choice(one) for one in found.choices],
        "incomplete": [choice(one) for one in found.incomplete],
        "refused": [{"cloud": one.cloud, "region": one.region, "reason": one.reason} for one in found.refused],
        "asked": None if asked is None else documents.estimate(asked.estimate),
        "difference": None if difference is None else difference.monthly.dollars,
        "changes": []
        if difference is None
        else [
            {"name": one.name, "kind": one.kind, "before": one.before.dollars, "after": one.after.dollars}
            for one in difference.changes
        ],
    }
