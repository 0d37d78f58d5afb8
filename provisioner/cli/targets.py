"""From `NAME --cloud C --region R`, or `--stack S`, to what `prepare` is asked for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.options import own_sources, variables
from provisioner.errors import UsageError

if TYPE_CHECKING:
    from provisioner.deploy.prepare import Request

cloud_option: Callable[..., Any] = click.option(
    "--cloud", metavar="CLOUD", help="aws, gcp or azure (`cost`: several, with commas)."
)
region_option: Callable[..., Any] = click.option("--region", metavar="REGION", help="Default: the cloud's own default region.")
stack_option: Callable[..., Any] = click.option(
    "--stack", metavar="STACK", help="Take package, target and variables from stacks/Pulumi.STACK.yaml."
)


def requests(
    name: str | None,
    cloud: str | None,
    region: str | None,
    stack: str | None,
    assignments: Sequence[str],
    sources: Sequence[Path],
    *,
    several: bool,
) -> "list[Request]":
    """One request per cloud named. Raises `UsageError` where the words do not make one."""
    if stack is not None and (cloud or region):
        raise UsageError("expected --stack, which states cloud and region, or --cloud and --region, found both")
    if stack is not None:
        return [_of_stack(stack, name, assignments, sources)]
    if name is None:
        raise UsageError("expected the NAME of a definition, or --stack STACK")
    if cloud is None:
        raise UsageError("expected --cloud CLOUD (aws, gcp or azure), or --stack STACK")
    names = cloud.split(",")
    if len(names) > 1 and not several:
        raise UsageError("expected one cloud: `provisioner cost` compares several")
    regions = region.split(",") if region else []
    if regions and len(regions) not in (1, len(names)):
        raise UsageError(f"expected one region, or one per cloud ({len(names)}), found {len(regions)}")
    return [_request(name, one, _region(one, names, regions), assignments, sources) for one in names]


def _region(cloud: str, clouds: Sequence[str], regions: Sequence[str]) -> str:
    if not regions:
        from provisioner.clouds.discovery import targets as known

        return known()[cloud].default_region if cloud in known() else ""
    return regions[clouds.index(cloud)] if len(regions) == len(clouds) else regions[0]


def _request(name: str, cloud: str, region: str, assignments: Sequence[str], sources: Sequence[Path]) -> "Request":
    from provisioner.deploy.prepare import Request

    return Request(name=name, cloud=cloud, region=region, sources=own_sources(sources), variables=variables(name, assignments))


def _of_stack(stack: str, name: str | None, assignments: Sequence[str], sources: Sequence[Path]) -> "Request":
    from provisioner.deploy.settings import read_stack

    request = read_stack(Path.cwd(), stack)
    from dataclasses import replace

    merged = {key: dict(value) for key, value in request.variables.items()}
    for definition, values in variables(name or request.name, assignments).items():
        merged.setdefault(definition, {}).update(values)
    return replace(request, name=name or request.name, variables=merged, sources=(*request.sources, *sources))
