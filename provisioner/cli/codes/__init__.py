"""Every problem's code with its meaning, an example of the mistake, and the remedy: what `provisioner explain` prints.

One file per stage. A test parses the whole source: a code that is used and has no entry, or has one and is not used, fails it.
"""

from collections.abc import Mapping

from provisioner.cli.codes import deploy, files, hosts, plan, references, scripts, values
from provisioner.cli.codes.model import Code

STAGES: Mapping[str, tuple[Code, ...]] = {
    "Files and folders": files.CODES,
    "Keys and values": values.CODES,
    "References": references.CODES,
    "ArrowScript": scripts.CODES,
    "Plan, price and placement": plan.CODES,
    "Hosts": hosts.CODES,
    "Stacks": deploy.CODES,
}
"""In the order in which a package passes them."""

CODES: Mapping[str, Code] = {code.code: code for stage in STAGES.values() for code in stage}

__all__ = ["CODES", "STAGES", "Code"]
