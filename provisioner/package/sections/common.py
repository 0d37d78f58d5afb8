"""Rows that every kind of definition has."""

from provisioner.package.row import row

ROWS = (
    row("defines", "text", "What this is: `runnable`, `group`, `blueprint`, `entity`, or an entity's type `ns/name`"),
    row("inherits", "text", "The definition this one starts from: `ns/name`, `./name`, a bare name, or `monk-PACKAGE`"),
    row("metadata", "any", "Name, description, website, tags, …: free-form, for people"),
    row("version", "text", "Version of the definition, for people"),
    row("variables", "names", "Values that ArrowScript reads as `$name`"),
    row("variables.*", "any", "A value, or a mapping that declares it"),
    row("variables.*.type", "text", "Type of the value; inferred when absent", choices="string int float bool bigint"),
    row("variables.*.value", "any", "The value; without one it is nil until an inheritor, a group or `--set` gives it"),
    row(
        "variables.*.env",
        "text",
        "Environment variable that receives the value in every container; a group's, in those of its members",
    ),
    row("variables.*.required", "bool", "Must have a value before it can run", default="false"),
    row("variables.*.description", "text", "One line for people"),
    row("permitted-secrets", "names", "Secrets that `secret(…)` may read here"),
    row("permitted-secrets.*", "bool", "`true` permits the secret"),
)

WAIT_FOR = (
    row("depends", "sections", "What must be ready first"),
    row("depends.wait-for", "section", "What must be ready first"),
    row("depends.wait-for.runnables", "list", "Definitions that must be ready", required=True),
    row("depends.wait-for.timeout", "duration", "Seconds to wait before giving up", default="300"),
)

CHECKS = (
    row("checks", "section", "How one sees that it works"),
    row("checks.readiness", "section", "Is it ready for work?"),
    row("checks.readiness.code", "code", "ArrowScript: a true result is good"),
    row("checks.readiness.period", "duration", "Seconds between attempts", default="10"),
    row("checks.readiness.initialDelay", "duration", "Seconds before the first attempt", default="0"),
    row("checks.readiness.attempts", "int", "Attempts before it counts as failed", default="10"),
    row("checks.liveness", "section", "Is it still alive?"),
    row("checks.liveness.code", "code", "ArrowScript: a true result is good"),
    row("checks.liveness.period", "duration", "Seconds between attempts", default="10"),
    row("checks.liveness.initialDelay", "duration", "Seconds before the first attempt", default="0"),
    row("checks.liveness.attempts", "int", "Attempts before it counts as failed", default="10"),
)

CONNECTIONS = (
    row("connections", "names", "Services of other definitions that this one may reach"),
    row("connections.*", "section", "One connection"),
    row("connections.*.runnable", "text", "The other definition"),
    row("connections.*.target", "text", "The same as `runnable`"),
    row("connections.*.service", "text", "Name of its service"),
    row("connections.*.optional", "bool", "May have no target", default="false"),
    row("connections.*.description", "text", "One line for people"),
)

BALANCERS = (
    row("balancers", "names", "Balancers in front of its services; a blueprint's `balancers` say more"),
    row("balancers.*", "section", "One balancer"),
    row("balancers.*.type", "text", "Protocol", choices="http https tcp udp elastic-ip HTTP HTTPS TCP UDP"),
    row("balancers.*.port", "port", "Port of the instances that it leads to"),
    row("balancers.*.frontend-port", "port", "Port it listens on; the protocol's own when absent"),
    row("balancers.*.instances", "any", "Runnables that it leads to"),
    row("balancers.*.domain", "text", "Domain name, for https"),
    row("balancers.*.tls-certificate", "text", "Certificate, usually from `secret(…)`"),
    row("balancers.*.tls-key", "text", "Its key"),
    row("balancers.*.tls-chain", "text", "Its chain"),
    row("balancers.*.health-check", "section", "How it sees that an instance answers"),
    row("balancers.*.health-check.kind", "text", "A connection, or a request", choices="http https tcp HTTP HTTPS TCP"),
    row("balancers.*.health-check.url", "text", "Path of the request", default="/"),
    row("balancers.*.health-check.interval", "duration", "Seconds between checks"),
    row("balancers.*.health-check.request", "text", "What it sends, for tcp"),
    row("balancers.*.health-check.response", "text", "What must come back, for tcp"),
)

ACTIONS = (
    row("actions", "names", "What people can ask it to do: `provisioner do NAME/ACTION`"),
    row("actions.*", "section", "One action"),
    row("actions.*.description", "text", "One line for people"),
    row("actions.*.code", "code", 'ArrowScript; arguments are `$args["name"]`'),
    row("actions.*.arguments", "names", "What it takes"),
    row("actions.*.arguments.*", "section", "One argument; it must be given where it has no default"),
    row("actions.*.arguments.*.type", "text", "Type", choices="string int float bool bigint"),
    row("actions.*.arguments.*.description", "text", "One line for people"),
    row("actions.*.arguments.*.default", "any", "Value when it is not given"),
)
