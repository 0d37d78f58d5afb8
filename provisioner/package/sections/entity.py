"""Rows of entities (custom resources: a schema and lifecycle scripts) and of the modules they share."""

from provisioner.package.keys import row

ROWS = (
    row("schema", "any", "Property to JSON Schema fragment, with a sibling list `required`"),
    row("state-schema", "any", "The same for the saved state"),
    row("requires", "list", "Modules its scripts use"),
    row("lifecycle", "names", "Action to script"),
    row("lifecycle.*", "any", "JavaScript, `<<< file`, a webhook, or empty: `sync` takes it"),
    row("checks", "any", "How one sees that it works"),
    row("depends", "any", "What must be ready first"),
    row("connections", "any", "Other definitions it reads"),
    row("services", "any", "Endpoints that others connect to"),
)

MODULE_ROWS = (
    row("requires", "list", "Modules it uses"),
    row("source", "text", "JavaScript, usually `<<< file`", required=True),
)
