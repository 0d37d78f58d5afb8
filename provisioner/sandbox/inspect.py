"""What the command line shows of a state file, whether or not a sandbox runs on it."""

from pathlib import Path
from typing import Any

from provisioner.sandbox import hosts
from provisioner.sandbox.state import Resource, opened


def list_resources(state: Path) -> list[Resource]:
    """Everything that exists in the simulated clouds, in the order of creation. [] where there is no state yet."""
    if not state.exists():
        return []
    with opened(state) as database:
        return database.select("TRUE")


def list_bundles(state: Path) -> list[dict[str, Any]]:
    """What runs on the simulated hosts: the documents that the `provisioner` provider brought, each with its `host_id`."""
    if not state.exists():
        return []
    with opened(state) as database:
        return hosts.bundles(database)
