"""`provisioner status`: what a stack's last `up` made, in words for someone who sees it for the first time."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from provisioner.cli.output import json_option, print_json, print_table
from provisioner.cli.targets import stack_option
from provisioner.errors import EngineError


@click.command("status")
@stack_option
@json_option
def command(*, stack: str | None, as_json: bool) -> None:
    """Show a deployed stack: its hosts, where each container runs, its endpoints and its monthly cost."""
    found = outputs(stack)
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("nothing is deployed")
        return
    click.echo()
    rows = [(name, one["machine"], one["zone"], one["private"], one["public"] or "-") for name, one in found["hosts"].items()]
    print_table("Hosts", ("host", "machine", "zone", "private address", "public address"), rows)
    print_table("Workloads", ("workload", "runs on"), sorted(found["placement"]["workloads"].items()))
    print_table("Endpoints", ("balancer", "address"), sorted(found["endpoints"].items()))
    cost = found["cost"]
    click.echo(f"Cost: {cost['typical']} {cost['currency']} a month ({cost['low']} to {cost['high']})")
    if cost.get("missing"):
        click.secho(f"not priced: {', '.join(cost['missing'])}", fg="yellow")


def outputs(stack: str | None) -> Mapping[str, Any]:
    """The stack's outputs, through whichever engine and backend the environment gives."""
    from provisioner.deploy import engine

    environment = engine.environment(engine.require())
    command = ["pulumi", "stack", "output", "--json", *(["--stack", stack] if stack else [])]
    asked = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path.cwd(), env=environment)
    if asked.returncode:
        raise EngineError((asked.stderr.strip() or "`pulumi stack output` failed") + _hint(stack))
    return json.loads(asked.stdout)


def _hint(stack: str | None) -> str:
    """Where else to look, for someone who asks outside the sandbox for a stack that is in it."""
    from provisioner.sandbox.project import project_folder, simulated_stacks

    inside = simulated_stacks(project_folder(Path.cwd()))
    if "PROVISIONER_SANDBOX" in os.environ or (stack not in inside if stack else not inside):
        return ""
    words = f" --stack {stack}" if stack else ""
    held = ", ".join(inside)
    return f"\nthis project's sandbox has the stacks {held}: provisioner sandbox run -- provisioner status{words}"
