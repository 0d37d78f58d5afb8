"""Codes of keys and values: the table of keys, types, variables."""

from typing import Final

from provisioner.cli.codes.model import Code

CODES: Final = (
    Code(
        "environment-twice",
        "Two variables of a definition bind the same environment variable; the last one counts.",
        "variables:\n  host: {value: a, env: HOST}\n  name: {value: b, env: HOST}",
        "Give one of them another `env`.",
    ),
    Code(
        "list-gap",
        "`key!N` stands for element N of a list, and the list has fewer elements before it, or is no list.",
        "paths: [/a:/a]\npaths!5: /b:/b",
        "Count from 0 without gaps.",
    ),
    Code(
        "missing-key",
        "A key that must be there is not, in the definition or in what it inherits.",
        "files: {settings: {path: /etc/app.conf, contents: x}}",
        "Add the key; the message says what it is for.",
    ),
    Code(
        "missing-property",
        "An entity lacks a property that its type requires.",
        "zone: {defines: aws/zone}",
        "Add the property; the message says what it is for.",
    ),
    Code(
        "no-code",
        "An action has no `code`: asking for it does nothing.",
        "actions: {backup: {description: Back up}}",
        "Write its `code`, or remove the action.",
    ),
    Code(
        "no-image-tag",
        "An image has no tag, so `latest` is taken: another image after each publication.",
        "image: nginx",
        "Name a version: `image: nginx:1.27`, or `image-tag`.",
    ),
    Code(
        "no-value",
        "An expression gave nil where a value is needed.",
        "port: <- $prot default(nil)",
        "Give the variable a value, or add `default(…)`.",
    ),
    Code(
        "not-planned",
        "A section of MonkScript is understood but not carried into the plan yet, so it has no effect.",
        "recovery: {when: always}",
        "Say it in a blueprint where that is possible (`hosts`, `balancers`); nothing otherwise.",
    ),
    Code(
        "not-published",
        "A service is to be published and has no port on the host, so nothing is opened.",
        "services:\n  http: {container: web, port: 80, publish: true}",
        "State `host-port`, or put a balancer in front of it.",
    ),
    Code(
        "out-of-range",
        "A number, size or range lies outside what is allowed; the message gives both ends.",
        "network: {zones: 9}",
        "Choose a value within.",
    ),
    Code(
        "relative-path",
        "A path must be absolute. In a container a relative one is taken from the root, with a warning; on a host it is refused.",
        "files: {settings: {path: etc/app.conf}}",
        "Write `/etc/app.conf`.",
    ),
    Code(
        "required-variable",
        "A variable says `required: true` and has no value.",
        "variables: {domain: {type: string, required: true}}",
        "Set it in an inheritor, in the stack's `provisioner:variables`, or with `--set domain=…`.",
    ),
    Code(
        "type-mismatch",
        "A value is not of the type that its variable or argument declares, or an operator takes another type.",
        "variables: {size: {type: int, value: large}}",
        "Change the value, or the `type`; `to-int` and `to-string` convert.",
    ),
    Code(
        "undeclared-argument",
        "An action's code reads an argument that its `arguments` do not declare.",
        'code: exec("db", "dump", $args["file"])',
        "Declare it: `arguments: {file: {type: string}}`.",
    ),
    Code(
        "undeclared-variable",
        "A variable is set from outside that the definition does not declare. It is set all the same.",
        "provisioner plan shop/web --cloud aws --set szie=3",
        "Correct the name, or declare the variable.",
    ),
    Code(
        "unknown-choice",
        "A word is not among the words allowed here.",
        "disk-kind: NVME",
        "Take one of the words in the message.",
    ),
    Code(
        "unknown-key",
        "A key that nothing reads: an error in a blueprint and in usage and account files, a warning elsewhere, since published "
        "packages have such keys.",
        "metatada: {name: Shop}",
        "Correct the spelling; `docs/reference/keys.md` lists the keys.",
    ),
    Code(
        "unknown-kind",
        "`defines` holds a word that is no kind, and no entity type of that name is loaded.",
        "web: {defines: runable}",
        "Write runnable, group, blueprint or entity, or load the package of the entity type.",
    ),
    Code(
        "unknown-property",
        "An entity states a property that the schema of its type does not have; it is passed on as it is.",
        "zone: {defines: aws/zone, nmae: example.com}",
        "Correct the name.",
    ),
    Code(
        "wrong-hook",
        "A hook before the start or after the end of a container runs a command in that container, which does not run then.",
        "hooks: {container-starting: greet}",
        "Use `container-started` or `container-stopping`.",
    ),
    Code(
        "wrong-image",
        "An image or its tag is none that Podman takes: upper-case letters, spaces and other signs are refused.",
        "image: Team/App:1.2",
        "Write the image as its registry does, the path in lower case.",
    ),
    Code(
        "wrong-mode",
        "A file's permission bits are no octal number, or would be nonsense in decimal: `644` without a leading zero is taken as "
        "octal, with a warning.",
        "mode: 644",
        "Write `0644`.",
    ),
    Code(
        "wrong-mount",
        "A mount is not `host:container[:options]` with absolute paths.",
        "paths: [data]",
        "Write `/var/lib/monkd/volumes/data:/data`, or a `mounted-volumes` entry.",
    ),
    Code(
        "wrong-port",
        "An entry of `ports` is not `[address:]host:container[/protocol]` with numbers from 1 to 65535.",
        'ports: ["80:http"]',
        "Write numbers, or use `services`.",
    ),
    Code(
        "wrong-property",
        "A property of an entity is not what the schema of its type asks for.",
        "zone: {defines: aws/zone, ttl: soon}",
        "The message says what is expected.",
    ),
    Code(
        "wrong-route",
        "An ingress route leads to nothing that speaks TCP, or its domain, path or expression cannot be one. A path that does "
        "not start with a slash gets one.",
        "ingress-routes: {api: {path-prefix: api}}",
        "Write `/api`; a route belongs to a service with a container and a port.",
    ),
    Code(
        "wrong-type",
        "A value is not of the type of its key. Types come from the table of keys, not from YAML.",
        "services: {http: {container: web, port: 99999}}",
        "The message says what is expected; `docs/reference/keys.md` lists every key's type.",
    ),
)
