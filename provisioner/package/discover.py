"""Which folders are packages, and which files they are made of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisioner.errors import Place, Problems
from provisioner.package.manifest import Manifest, read_manifest

_YAML: Final = (".yaml", ".yml")
_SKIPPED: Final = {"node_modules", "__pycache__", "venv"}
_NAMESPACE: Final = re.compile(rb"^/?[\"']?namespace[\"']?\s*:", re.MULTILINE)
_MAXIMUM_DEPTH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A package's files in load order. `folder` bounds what they may embed: the outermost folder with a MANIFEST."""

    name: str
    folder: Path
    files: tuple[Path, ...]
    manifest: Manifest | None = None


def discover(sources: Sequence[Path], problems: Problems) -> Iterator[Found]:
    """The packages in files and folders, in the order given and by name within a folder.

    A folder with a MANIFEST is what the MANIFEST says. Elsewhere, files with a `namespace:` are loaded and folders are searched.
    """
    for source in sources:
        if source.is_dir():
            yield from _folder(source, problems, 0)
        elif source.name.upper() == "MANIFEST" and source.is_file():
            yield from _package(source, source.parent, problems, 0)
        elif source.is_file():
            yield Found(name=source.stem, folder=source.parent, files=(source,))
        else:
            problems.error("missing-source", Place(file=str(source)), "expected a file or a folder of packages, found nothing")


def _folder(folder: Path, problems: Problems, depth: int) -> Iterator[Found]:
    manifest = _manifest_file(folder)
    if manifest:
        yield from _package(manifest, folder, problems, depth)
        return
    own = _own_files(folder)
    if depth:
        if own:
            yield Found(name=folder.name, folder=folder, files=own)
    else:
        for file in own:
            yield Found(name=file.stem, folder=folder, files=(file,))
    if depth < _MAXIMUM_DEPTH:
        for child in sorted(folder.iterdir()):
            if child.is_dir() and not child.name.startswith(".") and child.name not in _SKIPPED:
                yield from _folder(child, problems, depth + 1)


def _package(file: Path, root: Path, problems: Problems, depth: int) -> Iterator[Found]:
    folder = file.parent
    try:
        manifest = read_manifest(file.read_text("utf-8"), str(file), problems)
    except (OSError, UnicodeDecodeError) as error:
        problems.error("unreadable", Place(file=str(file)), f"cannot be read: {error}")
        return
    listed = tuple(_listed(manifest, folder, root, problems)) if manifest.load or manifest.folders else _own_files(folder)
    yield Found(name=folder.resolve().name, folder=root, files=listed, manifest=manifest)
    for name in manifest.folders:
        child = _manifest_file(folder / name) if (folder / name).is_dir() else None
        if child is None or depth >= _MAXIMUM_DEPTH or not _inside(child, root):
            problems.error(
                "missing-folder", manifest.place, f'expected a folder of the package with a MANIFEST at "{name}", found none'
            )
        else:
            yield from _package(child, root, problems, depth + 1)


def _listed(manifest: Manifest, folder: Path, root: Path, problems: Problems) -> Iterator[Path]:
    for name in manifest.load:
        file = folder / name
        if file.is_file() and _inside(file, root):
            yield file
        else:
            problems.error("missing-file", manifest.place, f'LOAD expected a file of the package at "{name}", found none')


def _own_files(folder: Path) -> tuple[Path, ...]:
    """The folder's MonkScript files: YAML with a namespace. Other YAML (compose files, workflows) is not ours to judge."""
    return tuple(
        file
        for file in sorted(folder.iterdir())
        if file.suffix in _YAML and file.is_file() and not file.name.startswith(".") and _NAMESPACE.search(file.read_bytes())
    )


def _manifest_file(folder: Path) -> Path | None:
    for name in ("MANIFEST", "manifest", "Manifest"):
        if (folder / name).is_file():
            return folder / name
    return None


def _inside(file: Path, root: Path) -> bool:
    return file.resolve().is_relative_to(root.resolve())
