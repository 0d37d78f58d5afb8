"""Codes of what hosts receive: units, files, secrets."""

from typing import Final

from provisioner.cli.codes.model import Code

CODES: Final = (
    Code(
        "bad-restart",
        "A container's `restart` is no policy.",
        "restart: sometimes",
        "Write no, on-failure, unless-stopped or always.",
    ),
    Code(
        "later-value",
        "A container needs a value that no host can be given: the state of an entity, or a public address where there is none.",
        'environment: [<- "ID=" entity-state("a/bucket") get-member("id") concat]',
        "State the value.",
    ),
    Code(
        "unit-group",
        "A unit file has a group that Quadlet does not know.",
        "[Contaner]",
        "Take one of the groups in the message.",
    ),
    Code("unit-image", "A container's unit has no image, or both an image and a root folder.", "", "State `image`."),
    Code("unit-key", "A unit file has a key that Quadlet refuses.", "Imagee=nginx", "Take the key that the message suggests."),
    Code(
        "unit-kind",
        "A unit file's ending is none that Quadlet reads.",
        "web.contaner",
        "Name it `.container`, `.volume`, `.network`.",
    ),
    Code("unit-mount", "A unit's mount has a form that Podman refuses.", "Mount=/data", "Write `type=…,source=…,target=…`."),
    Code("unit-port", "A unit's port has a form that Podman refuses.", "PublishPort=http", "Write `[address:]host:container`."),
    Code(
        "unit-reference",
        "A unit names another unit that the bundle does not hold.",
        "Network=none.network",
        "Add it, or correct it.",
    ),
    Code("unit-repeated", "Two units have the same name.", "", "Rename one of the containers."),
    Code("unit-service", "A unit's service section holds a value that Quadlet refuses.", "Type=forking", "Leave it to Quadlet."),
    Code("unit-syntax", "A line of a unit file is no `Key=value`, group or comment.", "Image nginx", "Correct the line."),
    Code("unit-value", "A unit's value has a form that Podman refuses.", "Memory=lots", "The message says what is expected."),
    Code(
        "unknown-volume",
        "A container mounts a named volume that its host does not have.",
        "mounted-volumes: {data: {path: /data}}",
        "State the volume in the runnable or in the blueprint.",
    ),
    Code(
        "unwritable-value",
        "A value holds something that a unit file cannot: a line break, a colon in a path, a control character.",
        "paths: ['/a:b:/c']",
        "Change the value, or bring it as a file.",
    ),
    Code(
        "visible-secret",
        "A secret would stand in a command line or label, where every process of the host can read it.",
        'command: [app, <- secret("key")]',
        "Give it in an environment variable or a file.",
    ),
)
