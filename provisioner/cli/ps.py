"""`provisioner ps`: what runs on the hosts."""

from pathlib import Path

import click

from provisioner.cli.output import json_option, print_json, print_table


@click.command("ps")
@json_option
def command(*, as_json: bool) -> None:
    """Show the containers on the hosts of this project's sandbox, as the hosts report them."""
    from provisioner.host.status import rows
    from provisioner.sandbox.inspect import list_bundles
    from provisioner.sandbox.project import project_folder, state_file

    documents = list_bundles(state_file(project_folder(Path.cwd())))
    found = [(document["bundle"]["host"], document["host_id"], one) for document in documents for one in rows(document)]
    if as_json:
        print_json(
            [
                {
                    "host": host,
                    "host_id": host_id,
                    "workload": one.workload,
                    "container": one.container,
                    "image": one.image,
                    "state": one.state,
                    "health": one.health,
                    "ports": list(one.ports),
                }
                for host, host_id, one in found
            ]
        )
        return
    if not found:
        click.echo("nothing runs")
        return
    lines = [
        (host, one.workload, one.container, one.image, one.state, one.health or "-", " ".join(one.ports))
        for host, _, one in found
    ]
    print_table("", ("host", "workload", "container", "image", "state", "health", "ports"), lines)
