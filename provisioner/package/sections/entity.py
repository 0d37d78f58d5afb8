"""Rows of entities (custom resources: a schema and lifecycle scripts) and of the modules they share."""

from provisioner.package.row import row
from provisioner.package.sections.common import CHECKS, CONNECTIONS, WAIT_FOR

ROWS = (
    row("schema", "names", "Property to JSON Schema fragment, with a sibling list `required`"),
    row("schema.required", "list", "Properties that an instance must state"),
    row("schema.*", "any", "One property: its JSON Schema"),
    row("state-schema", "names", "The same for the saved state"),
    row("state-schema.required", "list", "Properties that the state always has"),
    row("state-schema.*", "any", "One property: its JSON Schema"),
    row("requires", "list", "Modules its scripts use"),
    row("lifecycle", "names", "Action to script; an empty one is passed to `sync`"),
    row("lifecycle.*", "any", "JavaScript, `<<< file`, or a webhook"),
    row("lifecycle.*.url", "text", "Address of the webhook"),
    *CHECKS,
    *WAIT_FOR,
    *CONNECTIONS,
    row("services", "names", "Endpoints that others connect to"),
    row("services.*", "section", "One endpoint"),
    row("services.*.protocol", "text", "Protocol", choices="custom tcp udp"),
    row("services.*.port", "port", "Port"),
    row("services.*.address", "text", "Address"),
    row("services.*.description", "text", "One line for people"),
)

MODULE_ROWS = (
    row("requires", "list", "Modules it uses"),
    row("source", "text", "JavaScript, usually `<<< file`", required=True),
)
