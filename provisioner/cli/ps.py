"""`provisioner ps`: what runs on the hosts."""

from pathlib import Path

import click

from provisioner.cli.output import json_option, print_json, print_table


@click.command("ps")
@click.option("--stack", metavar="STACK", help="Only the hosts of this stack.")
@json_option
def command(*, stack: str | None, as_json: bool) -> None:
    """Show the containers on the hosts of this project's sandbox, as the hosts report them."""
    from provisioner.host.status import rows
    from provisioner.sandbox.inspect import list_bundles
    from provisioner.sandbox.project import project_folder, state_file

    documents = list_bundles(state_file(project_folder(Path.cwd())))
    wanted = [document for document in documents if stack in (None, document["stack"])]
    found = [(document, document["bundle"]["host"], one) for document in wanted for one in rows(document)]
    if as_json:
        print_json(
            [
                {
                    "stack": document["stack"],
                    "host": host,
                    "host_id": document["host_id"],
                    "workload": one.workload,
                    "container": one.container,
                    "image": one.image,
                    "state": one.state,
                    "health": one.health,
                    "ports": list(one.ports),
                }
                for document, host, one in found
            ]
        )
        return
    if not found:
        click.echo("nothing runs")
        return
    lines = [
        (document["stack"], host, one.workload, one.container, one.image, one.state, one.health or "-", " ".join(one.ports))
        for document, host, one in found
    ]
    print_table("", ("stack", "host", "workload", "container", "image", "state", "health", "ports"), lines)
