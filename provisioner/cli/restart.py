"""`provisioner restart NAME`: stop and start containers."""

import time

import click

from provisioner.cli.stacks import deployed_option, real_targets


@click.command("restart")
@click.argument("name")
@deployed_option
def command(*, name: str, stack: str | None) -> None:
    """Restart the containers of NAME (`shop/web`, `shop/web/2`, `shop/web/app`), one after the other, each until it is ready.

    Replicas serve for one another meanwhile; a container that does not get ready ends it, and the rest stays as it is.
    """
    from provisioner.deploy.operate.act import restart
    from provisioner.deploy.operate.names import choose

    for target in choose(name, real_targets(stack)):
        began = time.monotonic()
        restart(target)
        click.echo(f"restarted {target.name} on {target.site.host} ({time.monotonic() - began:.1f} s)")
