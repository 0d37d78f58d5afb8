"""The project's own program. Bundles are left out, as the definition runs nothing: `measure` writes what the process used."""

from bench.fleet import measure
from provisioner.deploy import program, workloads


def deliver(*_: object) -> None:
    """What hosts are brought is no part of the comparison: a program by hand brings nothing."""


measure.at_exit()
workloads.deliver = deliver
program.main()
