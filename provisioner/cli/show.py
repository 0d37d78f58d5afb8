"""`provisioner show NAME`: one definition, fully resolved."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from provisioner.cli.options import from_option, own_sources, set_option, variables
from provisioner.cli.output import json_option, print_json, print_problems, print_table
from provisioner.errors import Problems


@click.command("show")
@click.argument("name")
@set_option
@from_option
@json_option
def command(*, name: str, assignments: tuple[str, ...], sources: tuple[Path, ...], as_json: bool) -> None:
    """Print the definition NAME with inheritance, variables and expressions resolved, and the clouds it can go to."""
    from provisioner.cli import documents
    from provisioner.clouds.compatibility import compatibility
    from provisioner.clouds.discovery import clouds
    from provisioner.package.catalog import load
    from provisioner.package.catalogue import sources as all_sources
    from provisioner.resolve import resolve

    problems = Problems()
    catalog = load(all_sources(own_sources(sources)))
    found = resolve(catalog, name, variables=variables(name, assignments), problems=problems)
    problems.raise_errors()
    answers = compatibility(found, clouds())
    document = {**documents.resolved(found), "clouds": [documents.compatibility(one) for one in answers]}
    if as_json:
        print_json(document)
        return
    print_problems(problem for problem in problems if problem.severity == "warning")
    click.echo(click.style(f"{document['kind']} {document['name']}", bold=True) + "\n")
    for one in document.get("runs", [document]):
        _show_runnable(one)
    rows = [(one.label, "yes" if one.capable else "no", "\n".join(one.reasons)) for one in answers]
    print_table("clouds", ("cloud", "can go there", "why not"), rows)


def _show_runnable(one: Mapping[str, Any]) -> None:
    print_table(
        one["name"] + (f", {one['replicas']} replicas" if one["replicas"] > 1 else ""),
        ("container", "image", "command"),
        [(c["name"], c["image"], " ".join(c["command"])) for c in one["containers"]],
    )
    print_table("environment", ("name", "value"), sorted({pair for c in one["containers"] for pair in c["env"].items()}))
    mounts = [(c["name"], mount["host"], mount["container"]) for c in one["containers"] for mount in c["mounts"]]
    print_table("mounts", ("container", "on the host", "in the container"), mounts)
    ports = [(name, s["container"], f"{s['port']}/{s['protocol']}", s["host"] or "") for name, s in one["services"].items()]
    print_table("services", ("service", "container", "port", "host port"), ports)
    routes = [(r["name"], f"{r['host'] or '*'}{r['path']}", r["service"], _rewritten(r["rewrite"])) for r in one["routes"]]
    print_table("routes", ("route", "requests to", "service", "path"), routes)
    print_table(
        "connections",
        ("connection", "to", "reached at"),
        [(name, f"{c['target']}/{c['service']}", f"{c['hostname']}:{c['port']}") for name, c in one["connections"].items()],
    )
    if one["depends"]["runnables"]:
        click.echo(f"waits for {', '.join(one['depends']['runnables'])} (at most {one['depends']['timeout']:g} s)\n")


def _rewritten(rewrite: Mapping[str, str] | None) -> str:
    return f"{rewrite['regex']} becomes {rewrite['to'] or 'nothing'}" if rewrite else "as it is"
