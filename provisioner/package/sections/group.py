"""Rows of a group (`group`, `process-group`): what runs together."""

from provisioner.package.keys import row

ROWS = (
    row("members", "list", "Runnables, groups and entities that run together"),
    row("runnable-list", "list", "The older name of `members`"),
    row("balancers", "names", "Balancers in front of the group's services"),
    row("balancers.*", "any", "One balancer; the blueprint's `balancers` says the same with every check"),
    row("depends", "section", "What must be ready first"),
    row("depends.wait-for", "section", "What must be ready first"),
    row("depends.wait-for.runnables", "list", "Definitions that must be ready"),
    row("depends.wait-for.timeout", "duration", "Seconds to wait before giving up", default="300"),
)
