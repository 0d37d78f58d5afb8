"""Ends hosts that no stack knows any more: `python -m provisioner.deploy.hosts.local_remove NAME…`; without names, lists them."""

import sys

from provisioner.deploy.hosts import local_machine, local_process
from provisioner.deploy.hosts.local_state import find, machines
from provisioner.errors import ProvisionerError


def main(names: list[str]) -> int:
    """Remove the hosts of these names; without any, say which there are."""
    if not names:
        for machine in machines():
            print(machine.name, machine.address, "running" if local_process.running(machine) else "stopped")
    for name in names:
        machine = find(name)
        if machine is None:
            print(f"there is no host {name} on this machine", file=sys.stderr)
            return 1
        local_machine.remove(machine)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ProvisionerError as error:
        sys.exit(str(error))
