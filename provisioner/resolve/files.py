"""Files that are written into containers before they start."""

from collections.abc import Mapping
from typing import Final

from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import BROKEN, Evaluation
from provisioner.resolve.model import File, Text
from provisioner.resolve.surroundings import Surroundings
from provisioner.resolve.templates import TemplateError, render
from provisioner.script.context import RefusedError
from provisioner.script.values import Value, to_text

DEFAULT_MODE: Final = 0o600


def files(node: Node | None, known: Mapping[str, Node], evaluation: Evaluation) -> dict[str, tuple[File, ...]]:
    """Files by container, rendered; `known` are the runnable's containers."""
    found: dict[str, tuple[File, ...]] = {}
    for name, entry in named(node):
        if not isinstance(entry.value, dict):
            continue
        file = _file(name, entry, known, evaluation.at(name))
        if file is not None:
            found[file.container] = (*found.get(file.container, ()), file)
    return found


def _file(name: str, node: Node, known: Mapping[str, Node], evaluation: Evaluation) -> File | None:
    entries, problems = node.entries, evaluation.problems
    container = evaluation.needed_at(node, "container", "the name of a container") or ""
    path = evaluation.needed_at(node, "path", "a path in the container") or ""
    if container and container not in known:
        place = entries["container"].place(f"{evaluation.path}/container")
        problems.error("unknown-container", place, f'expected one of the containers ({", ".join(known)}), found "{container}"')
        return None
    if path and not path.startswith("/"):
        message = f'expected an absolute path, found "{path}"; it is taken from the root'
        problems.warning("relative-path", entries["path"].place(f"{evaluation.path}/path"), message, hint=f"write /{path}")
        path = f"/{path}"
    contents = _contents(node, evaluation.at("contents"))
    if not container or not path or contents is None:
        return None
    return File(name=name, container=container, path=path, contents=contents, mode=_mode(node, evaluation))


def _contents(node: Node, evaluation: Evaluation) -> Text | None:
    """None after a problem, and where none are stated; nil makes an empty file."""
    written = node.entries.get("contents")
    if written is None:
        return None
    value = evaluation.expression(written) if written.is_arrow else written.text
    text = "" if value is None or written.is_empty else to_text(value)
    is_raw = evaluation.flag_at(node, "raw")
    if value is BROKEN:
        return None
    if is_raw or not isinstance(text, str) or "{{" not in text:
        return text
    surroundings = Surroundings(evaluation)
    evaluation.scope.session.spend(len(text) // 64 + 5 * text.count("{{"))

    def lookup(name: str, asking: bool) -> Value:  # noqa: FBT001 - the template's own calling convention
        return surroundings.variable(name, guarded=asking)

    try:
        return render(text, lookup)
    except TemplateError as error:
        hint = "raw: true takes the contents as they are"
        message = f"line {error.line} of the contents: {error}"
        evaluation.problems.error("broken-template", written.place(evaluation.path), message, hint=hint)
    except RefusedError as refusal:
        evaluation.scope.session.report(refusal, written.place(evaluation.path))
    return None


def _mode(node: Node, evaluation: Evaluation) -> int:
    """Permission bits, 0600 when none are stated. `0644` is octal; a plain `644` is decimal in YAML and almost surely a slip."""
    key = "mode" if "mode" in node.entries else "chmod"
    written = node.entries.get(key)
    text = evaluation.text_at(node, key)
    mode = evaluation.parsed_at(node, key, scalars.to_int)
    if mode is None or written is None or text is None:
        return DEFAULT_MODE
    place = written.place(f"{evaluation.path}/{key}")
    is_slip = text.isdigit() and mode > 0o777 and text[0] != "0"
    if 0 <= mode <= 0o7777 and not is_slip:
        return mode
    octal = int(text, 8) if is_slip and set(text) <= set("01234567") else None
    if octal is None or octal > 0o7777:
        evaluation.problems.error("wrong-mode", place, f'expected permission bits, found "{text}"')
        return DEFAULT_MODE
    evaluation.problems.warning("wrong-mode", place, f'"{text}" is taken as octal', hint=f"write 0{text}")
    return octal
