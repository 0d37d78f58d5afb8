"""The containers of a runnable."""

import re
import shlex
from collections.abc import Mapping
from typing import Final

from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve import writable
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import BROKEN, Evaluation
from provisioner.resolve.model import Container, File, Later, Needs, Parts, Port, Recovery, SecretRef, Text
from provisioner.resolve.mounts import mounts
from provisioner.resolve.pairs import listed, pairs
from provisioner.resolve.ports import ports
from provisioner.resolve.recovery import recovering
from provisioner.script.values import to_text
from provisioner.units import parse_cpu, parse_mib

SHELL: Final = ("/bin/sh", "-c")
MAXIMUM_IMAGE: Final = 500
"""Characters."""

_TAG: Final = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_REFERENCE: Final = re.compile(
    r"(?:docker://|docker-archive:|oci:)?(?:[\w.-]+(?::\d+)?/|\[[0-9a-f:]+\](?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
    r"(?::\w[\w.-]{0,127})?(?:@[a-z0-9+.-]+:[0-9a-f]+)?",
    re.ASCII,
)
"""What Podman takes for an image: an optional registry, a path in lower case, a tag, a digest."""


def containers(
    section: Node,
    evaluation: Evaluation,
    *,
    environment: Mapping[str, Text],
    files: Mapping[str, tuple[File, ...]],
    health: Mapping[str, tuple[str, ...]],
    opened: Mapping[str, tuple[Port, ...]],
    recovery: Recovery | None,
) -> tuple[Container, ...]:
    """Every container. `files`, `health` and `opened` (the services' ports) come from their sections, by container."""
    found: list[Container] = []
    for name, node in named(section):
        if not isinstance(node.value, dict):
            continue
        here = evaluation.at(name)
        evaluation.scope.session.spend(len(environment) // 8)
        own = ports(node.entries.get("ports"), here.at("ports"))
        made = Container(
            name=name,
            image=_image(node, here),
            command=_command(node, here),
            entrypoint=_words(node.entries.get("entrypoint"), here.at("entrypoint")),
            environment={**environment, **pairs(node.entries.get("environment"), here.at("environment"))},
            mounts=mounts(node, here),
            ports=_all_ports(own, opened.get(name, ())),
            files=files.get(name, ()),
            needs=_needs(node, here),
            restart=here.text_at(node, "restart") or "always",
            user=here.text_at(node, "user") or "",
            workdir=here.text_at(node, "workdir") or "",
            cap_add=tuple(str(text) for text in listed(node.entries.get("cap-add"), here.at("cap-add"))),
            labels=pairs(node.entries.get("labels"), here.at("labels")),
            ulimits=_ulimits(node.entries.get("ulimits"), here.at("ulimits")),
            health=health.get(name, ()),
            place=node.key_place(here.path),
        )
        writable.check(made, node, here)
        found.append(recovering(made, recovery, is_stated="restart" in node.entries))
    writable.check_names(found, evaluation.scope.name, evaluation)
    return tuple(found)


def _image(node: Node, evaluation: Evaluation) -> str:
    """Image and tag. `image-tag` replaces a tag in `image`; no tag at all means `latest`, with a warning."""
    if "image" not in node.entries:
        if evaluation.is_incomplete:
            return ""
        evaluation.problems.error("missing-key", node.key_place(evaluation.path), "expected an `image`, found none")
        return ""
    image = evaluation.needed_at(node, "image", "an image") or ""
    tag_node = node.entries.get("image-tag")
    tag = evaluation.text_at(node, "image-tag")
    if not _is_taken(image, tag, node, evaluation):
        return ""
    repository, colon, _ = image.rpartition(":")
    has_tag = bool(colon) and "/" not in image[len(repository) :]
    if tag:
        return f"{repository if has_tag else image}:{tag}"
    if not image or has_tag or "@" in image:
        return image
    place = (tag_node or node.entries["image"]).place(f"{evaluation.path}/image-tag")
    evaluation.problems.warning("no-image-tag", place, f'the image "{image}" has no tag; taken is latest', hint="name a version")
    return f"{image}:latest"


def _is_taken(image: str, tag: str | None, node: Node, evaluation: Evaluation) -> bool:
    """Does Podman take the image and its tag? What it does not take is reported."""
    if image and (len(image) > MAXIMUM_IMAGE or not _REFERENCE.fullmatch(image)):
        key, message = "image", f'expected an image such as registry.example.com/team/app:1.2, in lower case, found "{image}"'
    elif tag and not _TAG.fullmatch(tag):
        key, message = "image-tag", f'expected letters, digits, dots, hyphens and underscores, 128 at most, found "{tag}"'
    else:
        return True
    evaluation.problems.error("wrong-image", node.entries[key].place(f"{evaluation.path}/{key}"), message)
    return False


def _command(node: Node, evaluation: Evaluation) -> tuple[Text, ...]:
    """`bash` before `command`, `command` before `cmd`; of what else is stated, a warning says that it is left out."""
    stated = [key for key in ("bash", "command", "cmd") if key in node.entries]
    if not stated:
        return ()
    script = evaluation.at("bash").text(node.entries["bash"]) if stated[0] == "bash" else None
    if stated[0] == "bash" and script is None:
        del stated[0]
    for key in stated[1:]:
        place = node.entries[key].key_place(f"{evaluation.path}/{key}")
        evaluation.problems.warning("not-planned", place, f"`{key}` is left out: `{stated[0]}` is the command")
    if script is not None:
        return (*SHELL, script)
    return _words(node.entries[stated[0]], evaluation.at(stated[0])) if stated else ()


def _words(node: Node | None, evaluation: Evaluation) -> tuple[Text, ...]:
    """The words of a list as they are, also of one that an expression gives; of a text, split as a shell splits."""
    if node is None or isinstance(node.value, tuple):
        return tuple(listed(node, evaluation))
    value = evaluation.expression(node) if node.is_arrow else None if node.is_empty else node.text
    if value is None or value is BROKEN:
        return ()
    if isinstance(value, list):
        return tuple(to_text(word) for word in value if word is not None)
    text = to_text(value)
    evaluation.scope.session.spend(len(str(text)))
    try:
        return split(text)
    except ValueError as error:
        evaluation.problems.error("wrong-type", node.place(evaluation.path), f"expected a command line: {error}")
        return ()


def split(text: Text) -> tuple[Text, ...]:
    """Words as a shell splits them; a secret or later value belongs to the word it stands in. `ValueError` for open quotes."""
    if isinstance(text, str):
        return tuple(shlex.split(text))
    marks = {f"\x00{number}\x00": piece for number, piece in enumerate(text.pieces) if not isinstance(piece, str)}
    numbered = (piece if isinstance(piece, str) else f"\x00{number}\x00" for number, piece in enumerate(text.pieces))
    return tuple(_restored(word, marks) for word in shlex.split("".join(numbered)))


def _restored(word: str, marks: Mapping[str, SecretRef | Later]) -> Text:
    pieces = [marks.get(piece, piece) for piece in re.split("(\x00[0-9]+\x00)", word) if piece]
    return Parts(tuple(pieces)) if any(not isinstance(piece, str) for piece in pieces) else word


def _ulimits(node: Node | None, evaluation: Evaluation) -> dict[str, str]:
    """`soft[:hard]` by name. A limit that states one of the two means it for both."""
    written = node.entries if node is not None else {}
    apart = {name: entry for name, entry in written.items() if entry.entries}
    rest = node._replace(value={**written, **dict.fromkeys(apart, _NOTHING)}) if node is not None and apart else node
    found = {name: str(text) for name, text in pairs(rest, evaluation).items()}
    for name, entry in apart.items():
        here = evaluation.at(name)
        soft, hard = here.text_at(entry, "soft"), here.text_at(entry, "hard")
        if soft or hard:
            found[name] = f"{soft or hard}:{hard or soft}"
    return found


_NOTHING: Final = Node("")


def _all_ports(own: tuple[Port, ...], opened: tuple[Port, ...]) -> tuple[Port, ...]:
    """Ports of the container and of its services; one that both state is there once, as the service says."""
    stated = {(port.container, port.protocol, port.host) for port in opened}
    return (*(port for port in own if (port.container, port.protocol, port.host) not in stated), *dict.fromkeys(opened))


def _needs(node: Node, evaluation: Evaluation) -> Needs:
    resources = node.entries.get("resources")
    if resources is None or not resources.entries:
        return Needs()
    entries = dict(resources.entries)
    for older in ("limits", "requests"):
        entries = {**(entries[older].entries if older in entries else {}), **entries}
    here = evaluation.at("resources")
    default = Needs()
    millicpu = here.at("cpu").parse(entries.get("cpu"), parse_cpu)
    memory = here.at("memory").parse(entries.get("memory"), parse_mib)
    gpu = here.at("gpu").parse(entries.get("gpu", entries.get("nvidia.com/gpu")), scalars.to_int)
    return Needs(
        millicpu=default.millicpu if millicpu is None else millicpu,
        memory_mib=default.memory_mib if memory is None else memory,
        gpu=gpu or 0,
        stated=millicpu is not None and memory is not None,
    )
