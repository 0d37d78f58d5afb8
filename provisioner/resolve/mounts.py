"""What containers see of their host's file system: `paths` and `mounted-volumes`."""

from typing import Final

from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Mount, Parts
from provisioner.resolve.pairs import listed
from provisioner.resolve.scope import VOLUMES

BLOBS: Final = "blobs://"
"""What a source tree of the package, named in its MANIFEST, starts with."""


def mounts(container: Node, evaluation: Evaluation) -> tuple[Mount, ...]:
    """Bind mounts in the order written, then mounts of named volumes."""
    return (*_paths(container.entries.get("paths"), evaluation.at("paths")), *_volumes(container, evaluation))


def _paths(node: Node | None, evaluation: Evaluation) -> list[Mount]:
    found: list[Mount] = []
    for text in listed(node, evaluation):
        if text == "":
            continue
        mount = None if isinstance(text, Parts) else bind(text)
        if mount is not None:
            found.append(mount)
        elif node is not None:
            message = f'expected host:container[:options] with absolute paths, found "{text}"'
            evaluation.problems.error("wrong-mount", node.place(evaluation.path), message)
    return found


def bind(text: str) -> Mount | None:
    """A mount from `host:container[:options]` or `blobs://name:/path`; None where it is neither."""
    scheme = BLOBS if text.startswith(BLOBS) else ""
    pieces = text.strip().removeprefix(scheme).split(":")
    if len(pieces) not in (2, 3) or not pieces[0] or not pieces[1].startswith("/"):
        return None
    if not scheme and not pieces[0].startswith(("/", "~", "./")):
        return None
    host = pieces[0] if scheme or pieces[0] == "/" else pieces[0].rstrip("/")
    return Mount(host=scheme + host, container=pieces[1], options=pieces[2] if len(pieces) == 3 else "")


def _volumes(container: Node, evaluation: Evaluation) -> list[Mount]:
    section = container.entries.get("mounted-volumes")
    found: list[Mount] = []
    for name, node in section.entries.items() if section else ():
        here = evaluation.at("mounted-volumes", name)
        target = here.needed_at(node, "path", "the path in the container")
        if target is None:
            if "path" not in node.entries:
                here.problems.error("missing-key", node.key_place(here.path), "expected the `path` in the container, found none")
            continue
        folder = (here.text_at(node, "subdir") or "").strip("/")
        if ".." in folder.split("/"):
            here.problems.error("wrong-mount", node.place(here.path), f'expected a folder inside the volume, found "{folder}"')
            continue
        root = _volume_path(name, evaluation)
        found.append(Mount(host=f"{root}/{folder}" if folder else root, container=target, volume=name))
    return found


def _volume_path(name: str, evaluation: Evaluation) -> str:
    """Where the host mounts a volume: of the runnable itself, else of the blueprint or group it runs in."""
    for scope in (evaluation.scope, *evaluation.scope.around):
        section = scope.node.entries.get("volumes")
        if section is not None and name in section.entries:
            volume = section.entries[name]
            path = scope.evaluation(f"{scope.name}/volumes/{name}/path").known_text(volume.entries.get("path"))
            return (path or f"{VOLUMES}/{name}").rstrip("/")
    return f"{VOLUMES}/{name}"
