"""Which folders are packages, and which files they are made of."""

# os.path, as thousands of packages are looked through at each start and pathlib takes ten times as long.
# ruff: noqa: PTH110, PTH113, PTH118, PTH119

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from provisioner.errors import Place, Problems, nearest
from provisioner.package.files import SourceFile, is_inside, read_file
from provisioner.package.limits import MAXIMUM_FOLDERS
from provisioner.package.manifest import Manifest, read_manifest

_YAML: Final = (".yaml", ".yml")
MANIFESTS: Final = ("MANIFEST", "manifest", "Manifest")
_SKIPPED: Final = {"node_modules", "__pycache__", "venv"}
_NAMESPACE: Final = re.compile(rb"^(?:\xef\xbb\xbf)?/?[\"']?namespace[\"']?\s*:", re.MULTILINE)
_DEFINES: Final = re.compile(rb"(?:^[ \t]+|[{,][ \t]*)[\"']?(?:defines|inherits)[\"']?\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A package's files in load order. `root` bounds what they may embed: the outermost folder with a MANIFEST, without links."""

    name: str
    folder: str
    root: str
    files: tuple[SourceFile, ...]
    manifest: Manifest | None = None


def discover(sources: Sequence[Path], problems: Problems) -> Iterator[Found]:
    """The packages in files and folders, in the order given and by name within a folder.

    A folder with a MANIFEST is what the MANIFEST says. Elsewhere, files with a `namespace:` are loaded and folders are searched.
    """
    for source in sources:
        path = str(source)
        if source.is_dir():
            real = os.path.realpath(path)
            yield from _Search(root=real, problems=problems).folder(path, real, 0)
        elif source.name in MANIFESTS and source.is_file():
            folder = str(source.parent)
            real = os.path.realpath(folder)
            yield from _Search(root=real, problems=problems).package(path, folder, real, 0)
        elif source.is_file():
            folder = str(source.parent)
            yield Found(name=source.stem, folder=folder, root=os.path.realpath(folder), files=(read_file(path),))
        else:
            problems.error("missing-source", Place(file=path), "expected a file or a folder of packages, found nothing")


@dataclass(slots=True, kw_only=True)
class _Search:
    """One source. `seen` holds folders without links, so that links in a circle end; `real` is always such a path."""

    root: str
    problems: Problems
    seen: set[str] = field(default_factory=set[str])

    def folder(self, folder: str, real: str, depth: int) -> Iterator[Found]:
        if real in self.seen:
            return
        entries = {entry.name: entry for entry in self._listed(folder)}
        manifest = next((name for name in MANIFESTS if name in entries and entries[name].is_file()), None)
        if manifest:
            inner = _Search(root=real, problems=self.problems, seen=self.seen)
            yield from inner.package(f"{folder}/{manifest}", folder, real, depth)
            return
        self.seen.add(real)
        own = self._own_files(folder, entries)
        if depth and own:
            yield Found(name=os.path.basename(folder), folder=folder, root=real, files=own)
        elif own:
            yield from (Found(name=Path(file.path).stem, folder=folder, root=real, files=(file,)) for file in own)
        if depth >= MAXIMUM_FOLDERS:
            return
        for name, entry in entries.items():
            if name[0] != "." and name not in _SKIPPED and entry.is_dir():
                below = os.path.realpath(entry.path) if entry.is_symlink() else f"{real}/{name}"
                yield from self.folder(_joined(folder, name), below, depth + 1)

    def package(self, file: str, folder: str, real: str, depth: int) -> Iterator[Found]:
        if real in self.seen:
            return
        self.seen.add(real)
        text = read_file(file, file).text(self.problems)
        if text is None:
            return
        manifest = read_manifest(text, str(Path(file)) if file[0] == "." else file, self.problems)
        if manifest.load or manifest.folders:
            files = tuple(self._loaded(manifest, folder, real))
        else:
            files = self._own_files(folder, {entry.name: entry for entry in self._listed(folder)})
        self._resources(manifest, folder)
        yield Found(name=os.path.basename(real), folder=folder, root=self.root, files=files, manifest=manifest)
        for name in manifest.folders:
            child = str(Path(folder, name))
            below = os.path.realpath(child)
            inside = next((path for path in (f"{child}/{each}" for each in MANIFESTS) if os.path.isfile(path)), None)
            if inside is None or not is_inside(below, self.root):
                message = f'expected a folder of the package with a MANIFEST at "{name}", found none'
                self.problems.error("missing-folder", manifest.place_of(name), message)
            elif depth < MAXIMUM_FOLDERS:
                yield from self.package(inside, child, below, depth + 1)

    def _loaded(self, manifest: Manifest, folder: str, real: str) -> Iterator[SourceFile]:
        for name in manifest.load:
            path = _joined(folder, name)
            below = _real(path, real, name)
            if below and is_inside(below, self.root):
                yield read_file(path, below)
                continue
            close = nearest(name, (entry.name for entry in self._listed(folder) if entry.name.endswith(_YAML)))
            message = f'LOAD expected a file of the package at "{name}", found none'
            hint = f"did you mean {close}?" if close else ""
            self.problems.error("missing-file", manifest.place_of(name), message, hint=hint)

    def _resources(self, manifest: Manifest, folder: str) -> None:
        for name in manifest.resources:
            if not os.path.exists(os.path.join(folder, name)):
                message = f'RESOURCES names "{name}", which is not there'
                self.problems.note("missing-resource", manifest.place_of(name), message)

    def _own_files(self, folder: str, entries: "dict[str, os.DirEntry[str]]") -> tuple[SourceFile, ...]:
        """The folder's MonkScript files: YAML with a namespace. Of other YAML (compose files, workflows) there is a word."""
        names = [name for name, entry in entries.items() if name.endswith(_YAML) and name[0] != "." and entry.is_file()]
        found: list[SourceFile] = []
        for name in names:
            file = read_file(_joined(folder, name))
            if file.refusal or _NAMESPACE.search(file.data):
                found.append(file)
            else:
                self._left_out(file)
        return tuple(found)

    def _left_out(self, file: SourceFile) -> None:
        """A file that defines something most likely forgot its namespace; any other is somebody else's."""
        if _DEFINES.search(file.data):
            message = "the file is left out: it defines something and has no `namespace`"
            self.problems.warning("no-namespace", Place(file=file.path), message, hint="write namespace: NAME at its head")
        else:
            message = "the file is left out: it has no `namespace`, as files of packages have"
            self.problems.note("no-namespace", Place(file=file.path), message)

    def _listed(self, folder: str) -> list["os.DirEntry[str]"]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=_entry_name)
        except OSError as error:
            self.problems.error("unreadable", Place(file=folder), f"the folder cannot be read: {error.strerror}")
            return []


def _entry_name(entry: "os.DirEntry[str]") -> str:
    return entry.name


def _joined(folder: str, name: str) -> str:
    """As pathlib prints it: without `./` and doubled slashes."""
    if folder == ".":
        return name
    return f"{folder}/{name}" if name[:1] not in "./" and "/" not in name else str(Path(folder, name))


def _real(path: str, folder: str, name: str) -> str:
    """A file's path without links, "" where there is none; most are plain files of the folder, which one question tells."""
    try:
        if "/" not in name and stat.S_ISREG(os.lstat(path).st_mode):
            return f"{folder}/{name}"
        real = os.path.realpath(path)
        return real if os.path.isfile(real) else ""
    except (OSError, ValueError):
        return ""
