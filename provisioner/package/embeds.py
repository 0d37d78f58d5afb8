"""`<<< path`: a scalar that stands for the text of another file of the same package."""

from pathlib import Path
from typing import Final

from provisioner.errors import Problems
from provisioner.package.nodes import EMBEDDED, Node

MAXIMUM_BYTES: Final = 2**20


def embed(node: Node, file: Path, folder: Path, problems: Problems, path: str = "") -> Node:
    """The tree with every `<<< path` replaced. `file` is where it was written; nothing outside `folder` is ever read."""
    if isinstance(node.value, str):
        return _embedded(node, file, folder, problems, path) if node.value[:3] == "<<<" and not node.style else node
    if isinstance(node.value, tuple):
        elements = tuple(embed(element, file, folder, problems, f"{path}/{at}") for at, element in enumerate(node.value))
        return node if all(map(_same, elements, node.value)) else node._replace(value=elements)
    entries = {key: embed(value, file, folder, problems, f"{path}/{key}" if path else key) for key, value in node.value.items()}
    return node if all(map(_same, entries.values(), node.value.values())) else node._replace(value=entries)


def _same(one: Node, other: Node) -> bool:
    return one is other


def _embedded(node: Node, file: Path, folder: Path, problems: Problems, path: str) -> Node:
    wanted = node.text[3:].strip()
    target = file.parent / wanted
    try:
        found = target.resolve()
        if not found.is_relative_to(folder.resolve()):
            hint = "copy the file into the package"
            problems.error("embed-outside", node.place(path), f'expected a file inside the package, found "{wanted}"', hint=hint)
        elif not found.is_file():
            problems.error("embed-missing", node.place(path), f'expected a file at "{wanted}", found none')
        elif found.stat().st_size > MAXIMUM_BYTES:
            problems.error("embed-too-large", node.place(path), f'"{wanted}" is larger than {MAXIMUM_BYTES} bytes')
        else:
            return node._replace(value=found.read_text("utf-8"), style=EMBEDDED)
    except UnicodeDecodeError:
        problems.error("embed-not-text", node.place(path), f'"{wanted}" is not UTF-8 text')
    except (OSError, ValueError) as error:
        problems.error("embed-missing", node.place(path), f'"{wanted}" cannot be read: {error}')
    return node._replace(value="", style=EMBEDDED)
