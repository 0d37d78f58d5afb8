"""`--variables-file FILE`: what `--set` says, for many variables, in YAML. Values are texts as written: `3.10`, `yes`."""

from collections.abc import Iterator
from pathlib import Path

from provisioner.errors import Problems
from provisioner.package.nodes import Node
from provisioner.package.reader import read


def assignments(file: Path) -> tuple[str, ...]:
    """`NAME/VARIABLE=VALUE` for every value; a mapping in a mapping is a step of the name. Raises `InputError`."""
    problems = Problems()
    found = tuple(
        line for document in read(_text(file, problems), str(file), problems) for line in _lines(document, "", problems)
    )
    problems.raise_errors()
    return found


def _text(file: Path, problems: Problems) -> str:
    from provisioner.errors import Place

    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.error("unreadable", Place(file=str(file)), f"cannot be read: {error}")
        return ""


def _lines(node: Node, path: str, problems: Problems) -> Iterator[str]:
    if isinstance(node.value, str) and path:
        yield f"{path}={node.value}"
    elif isinstance(node.value, dict):
        for key, below in node.value.items():
            yield from _lines(below, f"{path}/{key.strip('/')}".strip("/"), problems)
    else:
        problems.error("wrong-type", node.place(path), f"expected VARIABLE: VALUE, or a mapping of them, found {node.shape}")
