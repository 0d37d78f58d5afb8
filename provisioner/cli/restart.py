"""`provisioner restart NAME`: stop and start containers."""

import json
import time

import click

from provisioner.cli.output import json_option
from provisioner.cli.stacks import deployed_option, real_targets


@click.command("restart")
@click.argument("name")
@deployed_option
@json_option
def command(*, name: str, stack: str | None, as_json: bool) -> None:
    """Restart the containers of NAME (`shop/web`, `shop/web/2`, `shop/web/app`), one after the other, each until it is ready.

    Replicas serve for one another meanwhile; a container that does not get ready ends it, and the rest stays as it is. With
    --json, each is a line of its own.
    """
    from provisioner.deploy.operate.act import restart
    from provisioner.deploy.operate.names import choose

    for target in choose(name, real_targets(stack)):
        began = time.monotonic()
        restart(target)
        seconds = round(time.monotonic() - began, 1)
        words = f"restarted {target.name} on {target.site.host} ({seconds} s)"
        told = {"container": target.name, "host": target.site.host, "seconds": seconds}
        click.echo(json.dumps(told) if as_json else words)
