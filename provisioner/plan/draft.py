"""What planning finds before a cloud is chosen, in a blueprint or in what runs without one: `check` asks for it."""

from contextlib import suppress
from typing import Final, cast

from provisioner.errors import InputError, Problems
from provisioner.plan import subnets
from provisioner.plan.build import build
from provisioner.plan.check import OWN_PORTS
from provisioner.plan.model import Target
from provisioner.resolve.model import Affinity, Container, Field, Resolved, Runnable

MOST: Final = 1000
"""Entries of all of a blueprint's sections."""
FEW: Final = 200
"""Runnables that the default network holds for certain."""
_OF_THE_CLOUD: Final = ("capability", "missing-key", "not-planned")
"""Codes of findings that another target may not have, or that the table of keys reports."""
_OF_THE_DEFAULT: Final = ("default-egress", "default-hosts")
"""Codes of notes about a blueprint that nobody wrote."""


def draft(resolved: Resolved, problems: Problems) -> None:
    """Plan for a target that has as many zones as any, and keep the findings that every target has."""
    if resolved.blueprint is None:
        if not _is_plain(resolved):
            _planned(resolved, None, (*_OF_THE_CLOUD, *_OF_THE_DEFAULT), problems)
        return
    sections = resolved.blueprint.sections
    entries = sum(map(_entries, sections.values()))
    if entries > MOST:
        message = f"expected at most {MOST} entries in a blueprint's sections, found {entries}"
        problems.error("too-much-work", resolved.blueprint.place, message, hint="make several blueprints of it")
        return
    _planned(resolved, sections.get("clouds"), _OF_THE_CLOUD, problems)


def _planned(resolved: Resolved, clouds: Field | None, but: tuple[str, ...], problems: Problems) -> None:
    found = Problems()
    with suppress(InputError):  # its errors are among the findings
        build(resolved, _target(clouds), problems=found)
    problems.extend(problem for problem in found if problem.code not in but)


def _is_plain(resolved: Resolved) -> bool:
    """Does it ask for nothing that planning could refuse? So do nearly all of a folder with thousands of packages."""
    groups = any(group.balancers for group in resolved.groups.values())
    return not groups and len(resolved.runnables) <= FEW and all(map(_asks_for_nothing, resolved.runnables))


def _asks_for_nothing(runnable: Runnable) -> bool:
    alone = runnable.replicas == 1 and runnable.affinity == _ANYWHERE
    return alone and not (runnable.volumes or runnable.nodes or runnable.balancers) and _has_free_ports(runnable.containers)


def _has_free_ports(containers: tuple[Container, ...]) -> bool:
    """Is each of its host ports there once, and none of the host's own?"""
    ports = [(port.protocol, port.host) for container in containers for port in container.ports if port.host is not None]
    return not ports or (len(set(ports)) == len(ports) and OWN_PORTS.isdisjoint(ports))


_ANYWHERE: Final = Affinity()


def _entries(section: Field) -> int:
    value: object = section.value
    return len(cast("dict[str, Field] | list[Field]", value)) if isinstance(value, dict | list) else 1


def _target(clouds: Field | None) -> Target:
    """The first of the clouds that the blueprint is meant for; else none in particular."""
    value: object = None if clouds is None else clouds.value
    named = cast("list[Field]", value) if isinstance(value, list) else []
    first = next((one.value for one in named if isinstance(one.value, str)), "any cloud")
    zones = tuple(f"zone-{number}" for number in range(1, subnets.MOST_ZONES + 1))
    return Target(cloud=first, region="any region", zones=zones)
