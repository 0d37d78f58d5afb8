"""Codes of what definitions say of each other: inheritance, groups, connections, secrets."""

from typing import Final

from provisioner.cli.codes.model import Code

CODES: Final = (
    Code(
        "credentials-differ",
        "A client names the user or password of its database otherwise than the database itself, while the rest agrees.",
        "db: {variables: {user: {value: shop, env: POSTGRES_USER}}}\nweb: {variables: {user: {value: shpo, env: DB_USER}}}",
        "Make both the same, best by one variable of their group.",
    ),
    Code(
        "depends-cycle",
        "Definitions wait for each other, so none could start.",
        "a: {depends: {wait-for: {runnables: [./b]}}}\nb: {depends: {wait-for: {runnables: [./a]}}}",
        "Remove one of the waits. Connections may go round in a circle, waits may not.",
    ),
    Code(
        "group-cycle",
        "Groups run each other in a circle.",
        "one: {defines: group, members: [./two]}\ntwo: {defines: group, members: [./one]}",
        "Remove one of the memberships.",
    ),
    Code(
        "inheritance-cycle",
        "Definitions inherit from each other in a circle.",
        "one: {inherits: ./two}\ntwo: {inherits: ./one}",
        "Let both inherit from a third.",
    ),
    Code(
        "inheritance-depth",
        "A chain of `inherits` is longer than any package needs.",
        "",
        "Inherit from fewer steps.",
    ),
    Code(
        "missing-reference",
        "A name leads to nothing that is loaded: a definition, a section of one, a host group, an address, a service.",
        "inherits: monk-nginks",
        "Correct the name. `provisioner check` lists what is loaded; `--from DIR` adds packages.",
    ),
    Code(
        "not-runnable",
        "A definition was asked to run that cannot: a base without `defines`, an entity, or an unknown kind.",
        "provisioner plan shop/base --cloud aws",
        "Name a runnable, a group or a blueprint.",
    ),
    Code(
        "secret-not-permitted",
        '`secret("name")` is used where neither the definition nor its groups permit the secret.',
        'variables: {password: {value: <- secret("db")}}',
        "Add `permitted-secrets: {db: true}` to the definition.",
    ),
    Code(
        "undefined-variable",
        "`$name` is neither a variable of the definition, nor of the groups that it runs in, nor built in.",
        "port: <- $prot",
        "Correct the name, declare the variable, or add `default(…)`.",
    ),
    Code(
        "unknown-connection",
        "An expression asks for a connection that is not declared. In a variable it gives nil, with a note or a warning.",
        'value: <- connection-hostname("databse")',
        "Declare it: `connections: {database: {runnable: …, service: …}}`.",
    ),
    Code(
        "unknown-container",
        "A service or file names a container that the runnable does not have.",
        "services: {http: {container: webb, port: 80}}",
        "Take one of the containers in the message.",
    ),
    Code(
        "unknown-service",
        "A connection names a service that its target does not have.",
        "connections: {db: {runnable: shop/database, service: sqll}}",
        "Take one of the services in the message.",
    ),
    Code(
        "unknown-type",
        "`defines: ns/name` names an entity type that is not loaded, so properties cannot be checked, or is no entity type.",
        "zone: {defines: aws/zonne}",
        "Correct the name, or load the package of the type.",
    ),
    Code(
        "unused-variables",
        "Variables are set from outside for a definition that plays no part in what is deployed.",
        "provisioner plan shop/web --cloud aws --set other/thing/size=3",
        "Correct the definition's name.",
    ),
    Code(
        "variable-cycle",
        "The values of variables need each other. A variable that names itself means the outer scope's and is no circle.",
        "variables: {a: <- $b, b: <- $a}",
        "Give one of them a value of its own.",
    ),
    Code(
        "wrong-member",
        "A group or blueprint runs something that does not run: a base, a blueprint, a module.",
        "members: [shop/base]",
        "Name runnables and groups.",
    ),
)
