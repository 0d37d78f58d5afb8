"""Rows of a group (`group`, `process-group`): what runs together."""

from provisioner.package.row import row
from provisioner.package.sections.common import ACTIONS, BALANCERS, WAIT_FOR

ROWS = (
    row("members", "list", "Runnables, groups and entities that run together"),
    row("runnable-list", "list", "The older name of `members`"),
    *WAIT_FOR,
    *BALANCERS,
    *ACTIONS,
)
