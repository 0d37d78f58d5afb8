"""Rows that every kind of definition has."""

from provisioner.package.keys import row

ROWS = (
    row("defines", "text", "What this is: `runnable`, `group`, `blueprint`, `entity`, or an entity's type `ns/name`"),
    row("inherits", "text", "The definition this one starts from: `ns/name`, `./name`, a bare name, or `monk-PACKAGE`"),
    row("metadata", "any", "Name, description, website, tags, …: free-form, for people"),
    row("version", "text", "Version of the definition, for people"),
    row("variables", "names", "Values that ArrowScript reads as `$name`"),
    row("variables.*", "any", "A value, or a mapping that declares it"),
    row("variables.*.type", "text", "Type of the value; inferred when absent", choices="string int float bool bigint"),
    row("variables.*.value", "any", "The value; without one it is nil until an inheritor, a group or `--set` gives it"),
    row("variables.*.env", "text", "Environment variable that receives the value in every container"),
    row("variables.*.required", "bool", "Must have a value before it can run", default="false"),
    row("variables.*.description", "text", "One line for people"),
    row("permitted-secrets", "names", "Secrets that `secret(…)` may read here"),
    row("permitted-secrets.*", "bool", "`true` permits the secret"),
)
