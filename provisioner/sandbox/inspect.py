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
    """What runs on the simulated hosts: the documents that the `provisioner` provider brought, with `host_id` and `stack`."""
    if not state.exists():
        return []
    with opened(state) as database:
        stacks = {one.id: _stack(one.urn) for token in hosts.MACHINES for one in database.select("token = ?", token)}
        return [{**document, "stack": stacks[document["host_id"]]} for document in hosts.bundles(database)]


def _stack(urn: str) -> str:
    """`dev` of `urn:pulumi:dev::project::…`."""
    return urn.split("::", maxsplit=1)[0].rpartition(":")[2]
