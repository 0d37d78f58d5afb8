"""Every definition that is known, by name, and the packages they came in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from provisioner.errors import NOWHERE, Place, Problem, Problems, nearest
from provisioner.package.collector import resting_collector
from provisioner.package.discover import MANIFESTS, Found, discover
from provisioner.package.embeds import Embedded, Embedder
from provisioner.package.files import SourceFile, is_inside
from provisioner.package.limits import MAXIMUM_DEFINITIONS, MAXIMUM_NAME
from provisioner.package.manifest import Manifest
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


class Definition(NamedTuple):
    """One named mapping as it was written; inheritance is not applied."""

    name: str
    namespace: str
    node: Node
    package: Package
    is_flat: bool = False
    """Is it sure that nothing within it inherits, or numbers elements of lists?"""

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
    real_files: tuple[str, ...] = ()
    """The `files`, one by one, without symbolic links."""
    embedded: tuple[Embedded, ...] = ()

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
        folders = (source.parent if source.name in MANIFESTS and source.is_file() else source for source in sources)
        roots = [str(folder.resolve()) for folder in folders]
        pairs = zip(self.files, self.real_files, strict=True)
        return tuple(file for file, real in pairs if any(is_inside(real, root) for root in roots))


def load(sources: Sequence[Path]) -> Catalog:
    """Everything in these files and folders, in order: a later definition shadows an earlier one of the same name, with a note.

    Nothing raises: what is wrong with a file is in the catalog's `problems`, and the rest is loaded.
    """
    problems = Problems()
    return assemble(discover(sources, problems), problems)


def assemble(found: Iterable[Found], problems: Problems) -> Catalog:
    """The catalog of what `discover` found; `problems` holds what is wrong so far."""
    with resting_collector():
        return _Loading(problems).catalog(found)


class _Loading:
    """A catalog in the making."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.definitions: dict[str, Definition] = {}
        self.packages: list[Package] = []
        self.manifests: list[Manifest] = []
        self.files: dict[str, str] = {}
        self.embedded: list[Embedded] = []

    def catalog(self, found: Iterable[Found]) -> Catalog:
        for one in found:
            new = [file for file in one.files if file.real not in self.files]
            if one.files and not new:
                continue
            package = _package(one)
            self.packages.append(package)
            if one.manifest:
                self.manifests.append(one.manifest)
            for file in new:
                if file.real not in self.files:
                    self.files[file.real] = file.path
                    self.file(file, one.root, package)
        self.check_entries()
        return Catalog(
            definitions=self.definitions,
            packages=tuple(self.packages),
            files=tuple(self.files.values()),
            problems=tuple(self.problems),
            real_files=tuple(self.files),
            embedded=tuple(self.embedded),
        )

    def file(self, file: SourceFile, root: str, package: Package) -> None:
        text = file.text(self.problems)
        if text is None:
            return
        documents = read(text, file.path, self.problems)
        if "<<<" in text:
            embedder = Embedder(file=file.path, root=root, problems=self.problems, found=self.embedded)
            documents = tuple(map(embedder.tree, documents))
        is_flat = _is_flat(text, documents)
        namespace = ""
        for document in documents:
            namespace = _namespace(document, namespace, self.problems)
            if namespace:
                _load_document(document, namespace, package, self.definitions, self.problems, is_flat=is_flat)

    def check_entries(self) -> None:
        """An ENTRY may name a definition of another package, so it is looked up when everything is loaded."""
        for manifest in self.manifests:
            entry = manifest.entry.strip("/")
            if entry and entry not in self.definitions:
                place = manifest.place_of(manifest.entry)
                close = nearest(entry, self.definitions)
                hint = f"did you mean {close}?" if close else ""
                self.problems.warning("missing-entry", place, f'ENTRY names "{entry}", which nothing loaded defines', hint=hint)


def _package(found: Found) -> Package:
    manifest = found.manifest
    files = tuple(file.path for file in found.files)
    if manifest is None:
        return Package(name=found.name, folder=found.folder, files=files)
    return Package(
        name=found.name,
        repo=manifest.repo,
        entry=manifest.entry,
        folder=found.folder,
        files=files,
        secrets=manifest.secrets,
        place=manifest.place,
    )


def _is_flat(text: str, documents: Iterable[Node]) -> bool:
    """Are the definitions' own `inherits` all that the text holds? Few files say more, and the rest need no closer look."""
    own = sum("inherits" in definition.entries for document in documents for definition in document.entries.values())
    return "!" not in text and "\\" not in text and text.count("inherits") == own


def _namespace(document: Node, before: str, problems: Problems) -> str:
    """A document's own, else that of the one `before` it in the file; "" after a problem."""
    if "sops" in document.entries:
        place = document.entries["sops"].key_place("sops")
        problems.error(
            "encrypted", place, "found a file encrypted with SOPS, expected plain text", hint="decrypt it first: sops -d"
        )
        return ""
    if not isinstance(document.value, dict):
        problems.error("not-a-mapping", document.place(), f"expected a mapping of definitions, found {document.shape}")
        return ""
    namespace = document.entries.get("namespace")
    if namespace is None and before:
        return before
    if namespace is None or not namespace.text.strip("/"):
        found = "none" if namespace is None else namespace.shape
        problems.error("no-namespace", document.place(), f"expected `namespace: NAME` in the file, found {found}")
        return ""
    if len(namespace.text) > MAXIMUM_NAME:
        message = f"expected a namespace of at most {MAXIMUM_NAME} characters, found more"
        problems.error("name-too-long", namespace.place("namespace"), message)
        return ""
    return namespace.text.strip("/")


def _load_document(
    document: Node, namespace: str, package: Package, definitions: dict[str, Definition], problems: Problems, *, is_flat: bool
) -> None:
    if len(document.entries) > MAXIMUM_DEFINITIONS:
        message = f"expected at most {MAXIMUM_DEFINITIONS} definitions in a file, found {len(document.entries) - 1}"
        problems.error("file-too-large", document.place(), message, hint="split it into several files")
        return
    for key, node in document.entries.items():
        if key != "namespace":
            _define(
                Definition(name=f"{namespace}/{key}", namespace=namespace, node=node, package=package, is_flat=is_flat),
                definitions,
                problems,
            )


def _define(definition: Definition, definitions: dict[str, Definition], problems: Problems) -> None:
    name, node = definition.name, definition.node
    if not isinstance(node.value, dict):
        problems.note("not-a-definition", node.key_place(name), f"ignored: a definition is a mapping, found {node.shape}")
        return
    earlier = definitions.get(name)
    if earlier is not None:
        where = f"{earlier.place.file}:{earlier.place.line}"
        problems.note("shadowed", node.key_place(name), f"{name} replaces the definition at {where}")
    definitions[name] = definition
