"""One `up` of a small program, as a process that a test can kill: `python up_once.py FOLDER PULUMI_ROOT`."""

import os
import sys

from pulumi import automation
from things import Network, Thing


def program() -> None:
    network = Network("net", cidr="10.0.0.0/16")
    Thing("one", network=network.id, size=1)


def main(folder: str, root: str) -> None:
    variables = {name: value for name, value in os.environ.items() if name.startswith(("PULUMI_", "PROVISIONER_"))}
    command = automation.PulumiCommand(root=root, skip_version_check=True)
    options = automation.LocalWorkspaceOptions(pulumi_command=command, env_vars=variables, work_dir=folder)
    automation.select_stack("dev", project_name="tests", program=program, opts=options).up()


if __name__ == "__main__":
    main(*sys.argv[1:])
