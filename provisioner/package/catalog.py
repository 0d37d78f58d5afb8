"""Every definition that is known, by name, and the packages they came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from provisioner.errors import NOWHERE, Place, Problem, Problems
from provisioner.package.discover import Found, discover
from provisioner.package.embeds import embed
from provisioner.package.nodes import Node
from provisioner.package.reader import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """`name` is the folder's (or the single file's) name, `repo` the MANIFEST's label, `entry` what it is run by."""

    name: str
    repo: str = ""
    entry: str = ""
    folder: str = ""
    files: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One named mapping as it was written; inheritance is not applied."""

    name: str
    namespace: str
    node: Node
    package: Package

    @property
    def place(self) -> Place:
        return self.node.key_place(self.name)

    @property
    def defines(self) -> str:
        """What `defines:` says, "" where it is absent (it may be inherited)."""
        return self.node.entries["defines"].text if "defines" in self.node.entries else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """`definitions` in the order loaded. `problems` is what loading found: add it to your own before you raise."""

    definitions: Mapping[str, Definition] = field(default_factory=dict[str, Definition])
    packages: tuple[Package, ...] = ()
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def package(self, name: str) -> Package | None:
        """The package called `name` or `monk-NAME`: by folder, else by MANIFEST label. The last one loaded wins."""
        for wanted in dict.fromkeys((name, name.removeprefix("monk-"), f"monk-{name}")):
            for package in reversed(self.packages):
                if wanted in (package.name, package.repo):
                    return package
        return None

    def entry(self, package: Package) -> str:
        """The definition a package is run by: its ENTRY, else the only one it could mean, else ""."""
        if package.entry:
            return package.entry.strip("/")
        own = [definition for definition in self.definitions.values() if definition.package is package]
        for namespaces in ({package.name, package.name.removeprefix("monk-")}, {package.repo}):
            for definition in own:
                if definition.namespace in namespaces and definition.name == f"{definition.namespace}/{definition.namespace}":
                    return definition.name
        runs = [
            definition.name for definition in own if definition.defines in ("blueprint", "group", "process-group", "runnable")
        ]
        return runs[0] if len(runs) == 1 else ""

    def names_in(self, sources: Sequence[Path]) -> tuple[str, ...]:
        """Names of the definitions written in these files, or in files under these folders."""
        inside = set(self.files_in(sources))
        return tuple(name for name, definition in self.definitions.items() if definition.node.file in inside)

    def files_in(self, sources: Sequence[Path]) -> tuple[str, ...]:
        """The loaded files among these, or under these folders."""
        roots = [source.resolve() for source in sources]
        return tuple(file for file in self.files if any(Path(file).resolve().is_relative_to(root) for root in roots))


def load(sources: Sequence[Path]) -> Catalog:
    """Everything in these files and folders, in order: a later definition shadows an earlier one of the same name, with a note.

    Nothing raises: what is wrong with a file is in the catalog's `problems`, and the rest is loaded.
    """
    problems = Problems()
    definitions: dict[str, Definition] = {}
    packages: list[Package] = []
    files: dict[Path, str] = {}
    for found in discover(sources, problems):
        new = {file.resolve(): file for file in found.files if file.resolve() not in files}
        if found.files and not new:
            continue
        package = _package(found)
        packages.append(package)
        for resolved, file in new.items():
            files[resolved] = str(file)
            _load_file(file, found.folder, package, definitions, problems)
    return Catalog(definitions=definitions, packages=tuple(packages), files=tuple(files.values()), problems=tuple(problems))


def _package(found: Found) -> Package:
    manifest = found.manifest
    files = tuple(map(str, found.files))
    if manifest is None:
        return Package(name=found.name, folder=str(found.folder), files=files)
    return Package(
        name=found.name,
        repo=manifest.repo,
        entry=manifest.entry,
        folder=str(found.folder),
        files=files,
        secrets=manifest.secrets,
        place=manifest.place,
    )


def _load_file(file: Path, folder: Path, package: Package, definitions: dict[str, Definition], problems: Problems) -> None:
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        problems.error("unreadable", Place(file=str(file)), f"cannot be read: {error.strerror}")
        return
    except UnicodeDecodeError as error:
        problems.error("unreadable", Place(file=str(file)), f"expected UTF-8 text, found byte 0x{error.object[error.start]:02x}")
        return
    for document in read(text, str(file), problems):
        whole = embed(document, file, folder, problems) if "<<<" in text else document
        _load_document(whole, package, definitions, problems)


def _load_document(document: Node, package: Package, definitions: dict[str, Definition], problems: Problems) -> None:
    if "sops" in document.entries:
        place = document.entries["sops"].key_place("sops")
        problems.error(
            "encrypted", place, "found a file encrypted with SOPS, expected plain text", hint="decrypt it first: sops -d"
        )
        return
    if not isinstance(document.value, dict):
        problems.error("not-a-mapping", document.place(), f"expected a mapping of definitions, found {document.shape}")
        return
    namespace = document.entries.get("namespace")
    if namespace is None or not namespace.text.strip("/"):
        found = "none" if namespace is None else namespace.shape
        problems.error("no-namespace", document.place(), f"expected `namespace: NAME` in the file, found {found}")
        return
    for key, node in document.entries.items():
        if key != "namespace":
            _define(key, node, namespace.text.strip("/"), package, definitions, problems)


def _define(
    key: str, node: Node, namespace: str, package: Package, definitions: dict[str, Definition], problems: Problems
) -> None:
    name = f"{namespace}/{key}"
    if not isinstance(node.value, dict):
        problems.note("not-a-definition", node.key_place(name), f"ignored: a definition is a mapping, found {node.shape}")
        return
    earlier = definitions.get(name)
    if earlier is not None:
        where = f"{earlier.place.file}:{earlier.place.line}"
        problems.note("shadowed", node.key_place(name), f"{name} replaces the definition at {where}")
    definitions[name] = Definition(name=name, namespace=namespace, node=node, package=package)
