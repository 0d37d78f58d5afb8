"""Do definitions agree with what a README shows of a run? Compared is the commit that last changed that part of the README."""

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus_table import Table

from provisioner.errors import Problems
from provisioner.package import Catalog, load
from provisioner.package.nodes import Node
from provisioner.resolve import resolve
from provisioner.resolve.model import Container, Resolved
from provisioner.resolve.scope import VOLUMES
from provisioner.resolve.session import Session

_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+:(\d+)")


def agreement(transcripts: Path, folder: Path, others: Sequence[Path], table: Table) -> None:
    """Images, mounts and ports of every container that a README of the repository shows."""
    own = [one for one in json.loads(transcripts.read_text("utf-8")) if one["file"].split("/")[0] == folder.name]
    history = History(folder, others)
    for one in own:
        name = one["runnable"].removeprefix("templates/").removeprefix("local/").removeprefix("monk/")
        catalog = history.catalog(one["file"].partition("/")[2], one["container"], name)
        if catalog is None:
            table.count("transcript images", "no such definition", f"{one['file']}: {name}")
        else:
            _compare(one, name, catalog, table)


class History:
    """Catalogs of a repository's commits, each loaded once. Without history there is the folder as it is."""

    def __init__(self, folder: Path, others: Sequence[Path]) -> None:
        self.folder = folder
        self.others = others
        self.loaded: dict[str, Catalog] = {}

    def catalog(self, readme: str, text: str, name: str) -> Catalog | None:
        """At the last commit that changed how often `text` stands in the README; where `name` came later, at its first commit."""
        for commit in self._commits(readme, text):
            if commit not in self.loaded:
                self.loaded[commit] = self._load(commit)
            if self._defines(self.loaded[commit], name):
                return self.loaded[commit]
        return None

    def _commits(self, readme: str, text: str) -> list[str]:
        if not (self.folder / ".git").exists():
            return [""]
        changes = _git(self.folder, "log", "--format=%H", f"-S{text}", "--", readme).split()
        if not changes:
            return ["HEAD"]
        return [changes[0], *_git(self.folder, "log", "--reverse", "--format=%H", f"{changes[0]}..HEAD").split()]

    def _load(self, commit: str) -> Catalog:
        if not commit:
            return load([*self.others, self.folder])
        with tempfile.TemporaryDirectory() as root:
            target = Path(root) / self.folder.name
            target.mkdir()
            archive = subprocess.run(["git", "-C", str(self.folder), "archive", commit], check=True, capture_output=True).stdout
            subprocess.run(["tar", "-x", "-C", str(target)], check=True, input=archive)
            return load([*self.others, target])

    def _defines(self, catalog: Catalog, name: str) -> bool:
        definition = catalog.definitions.get(name)
        return definition is not None and f"/{self.folder.name}/" in definition.place.file


def _compare(shown: dict[str, Any], name: str, catalog: Catalog, table: Table) -> None:
    where = f"{shown['file']} {name} ({shown['container']})"
    problems = Problems()
    container = _container(shown["container"], name, _resolved(catalog, name, problems))
    if container is None:
        table.count("transcript images", "no such container", f"{where}: {'; '.join(map(str, problems.errors))}")
        return
    written = "\n".join(_texts(Session(catalog, {}, Problems()).node(name)))
    for image in shown["images"]:
        outcome = _outcome(_image(image) == _image(container.image), _image(image).replace(":", "\n").split("\n"), written)
        table.count("transcript images", outcome, f"{where}: shown {image}, found {container.image}")
    mounts = {(mount.host.rstrip("/"), mount.container) for mount in container.mounts}
    for host, inside in shown["vols"]:
        outcome = _outcome((host.rstrip("/"), inside) in mounts, (f"}}{host.removeprefix(VOLUMES)}:{inside}",), written)
        table.count("transcript mounts", outcome, f"{where}: shown {host}:{inside}, found {sorted(mounts)}")
    ports = {(str(port.host), str(port.container)) for port in container.ports if port.host is not None}
    for _, words, inside in shown["ports"]:
        address = _ADDRESS.search(words)
        host = address[1] if address else ""
        outcome = _outcome((host, inside.split("/")[0]) in ports, (host,), written)
        table.count("transcript ports", outcome, f"{where}: shown {words}→{inside}, found {sorted(ports)}")


def _outcome(agrees: bool, words: Sequence[str], written: str) -> str:  # noqa: FBT001 - an answer, not an option
    """Where they differ: does the definition state what is shown at all?"""
    if agrees:
        return "agree"
    return (
        "differ"
        if all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", written) for word in words)
        else "not what the definition says"
    )


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node.value, str):
        yield node.value
    for below in (*node.entries.values(), *node.elements):
        yield from _texts(below)


def _resolved(catalog: Catalog, name: str, problems: Problems) -> Resolved:
    """In a group that runs it, where there is one: that is how transcripts are made."""
    for definition in catalog.definitions.values():
        lists = (definition.node.entries.get(key) for key in ("runnable-list", "members"))
        if any(element.text.strip("/") == name for node in lists if node for element in node.elements):
            return resolve(catalog, definition.name, problems=problems)
    return resolve(catalog, name, problems=problems)


def _container(shown: str, name: str, resolved: Resolved) -> Container | None:
    """The container whose name the shown one ends in; the only one where there is no choice."""
    runnables = [one for one in resolved.runnables if one.name == name]
    candidates = [container for runnable in runnables for container in runnable.containers]
    if len(candidates) == 1:
        return candidates[0]
    matching = [one for one in candidates if shown.endswith(f"-{one.name}"[-30:])]
    return max(matching, key=lambda one: len(one.name), default=None)


def _image(image: str) -> str:
    """Without the registry that everybody means."""
    return image.removeprefix("docker.io/").removeprefix("library/")


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout
