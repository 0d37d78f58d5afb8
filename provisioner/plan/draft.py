"""What planning finds in a blueprint before a cloud is chosen: `check` asks for it."""

from contextlib import suppress
from typing import Final, cast

from provisioner.errors import InputError, Problems
from provisioner.plan import subnets
from provisioner.plan.build import build
from provisioner.plan.model import Target
from provisioner.resolve.model import Field, Resolved

MOST: Final = 1000
"""Entries of all of a blueprint's sections."""
_OF_THE_CLOUD: Final = ("capability", "missing-key", "not-planned")
"""Codes of findings that another target may not have, or that the table of keys reports."""


def draft(resolved: Resolved, problems: Problems) -> None:
    """Plan for a target that has as many zones as any, and keep the findings that every target has."""
    if resolved.blueprint is None:
        return
    sections = resolved.blueprint.sections
    entries = sum(map(_entries, sections.values()))
    if entries > MOST:
        message = f"expected at most {MOST} entries in a blueprint's sections, found {entries}"
        problems.error("too-much-work", resolved.blueprint.place, message, hint="make several blueprints of it")
        return
    found = Problems()
    with suppress(InputError):  # its errors are among the findings
        build(resolved, _target(sections.get("clouds")), problems=found)
    problems.extend(problem for problem in found if problem.code not in _OF_THE_CLOUD)


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
