"""Definitions with inheritance applied, worked out when asked for, so that the order of loading is free."""

from collections.abc import Mapping

from provisioner.errors import Place, Problems
from provisioner.package.catalog import Catalog, Definition
from provisioner.package.nodes import Node
from provisioner.resolve.budget import Budgets
from provisioner.resolve.kinds import kind_of
from provisioner.resolve.merge import fold, merge, size, unfolded
from provisioner.resolve.reference import find, missing, namespaces

MAXIMUM_CHAIN = 50


class Inheritance:
    """Merged definitions of one catalog. Cycles and missing parents go to `problems`; the rest of the definition stays."""

    def __init__(self, catalog: Catalog, problems: Problems) -> None:
        self.catalog = catalog
        self.problems = problems
        self.namespaces = namespaces(catalog)
        self.merged: dict[str, Node] = {}
        self.ancestors: dict[str, tuple[str, ...]] = {}
        self.open: list[str] = []
        self.has_numbers = False
        self.budgets = Budgets(problems)
        self.validated: set[tuple[str, str]] = set()
        """Definitions that have been checked as they were written, by kind."""
        self.kinds: dict[str, str] = {}
        self.incomplete: set[str] = set()
        """Definitions with a parent that is missing or goes round in a circle."""

    def node(self, name: str) -> Node:
        """The definition's merged tree. `name` must be in the catalog."""
        if name not in self.merged:
            definition = self.catalog.definitions[name]
            self.open.append(name)
            self.ancestors[name] = ()
            self.merged[name] = self._expand(definition.node, definition, name, "definition")
            self.open.pop()
            self._report_unfolded(name)
        return self.merged[name]

    def kind(self, name: str) -> str:
        """What a definition is, after inheritance: `kinds.kind_of`."""
        if name not in self.kinds:
            self.kinds[name] = kind_of(self.node(name), self.catalog.definitions[name].namespace, self.catalog)
        return self.kinds[name]

    def _report_unfolded(self, name: str) -> None:
        if not self.has_numbers:
            return
        for path, node in unfolded(self.merged[name], name):
            message = "this element has no place: the list has fewer elements before it, or is no list"
            self.problems.error("list-gap", node.key_place(path), message)

    def _expand(self, node: Node, definition: Definition, path: str, section: str) -> Node:
        if not isinstance(node.value, dict):
            return node
        own = node if definition.is_flat else self._expand_below(node, definition, path, section)
        if not definition.is_flat and "!" in "".join(own.entries):
            self.has_numbers = True
            own = fold(own)
        if "inherits" not in own.entries:
            return own
        base = self._parent(own.entries["inherits"], definition, path)
        if base is None or not self.budgets.inherit(size(base), definition.place):
            self.incomplete.add(definition.name)
            return own
        return merge(base, own, section)

    def _expand_below(self, node: Node, definition: Definition, path: str, section: str) -> Node:
        changed: dict[str, Node] = {}
        for key, value in node.entries.items():
            if isinstance(value.value, dict) and _is_to_expand(value.value):
                changed[key] = self._expand(value, definition, f"{path}/{key}", key if section == "definition" else "")
        return node._replace(value={**node.entries, **changed}) if changed else node

    def _parent(self, reference: Node, definition: Definition, path: str) -> Node | None:
        place = reference.place(f"{path}/inherits")
        if not reference.text:
            self.problems.error("wrong-type", place, f"expected the name of a definition, found {reference.shape}")
            return None
        found = find(self.catalog, reference.text, definition.namespace, but=path)
        if found is None:
            refusal = missing(self.catalog, reference.text)
            self.problems.error(refusal.code, place, str(refusal), hint=refusal.hint)
            return None
        parent, steps = found
        if not self._is_open(parent.name, place):
            return None
        base = self.node(parent.name)
        if path == definition.name and not steps:
            self._remember(definition.name, parent.name)
        for step in steps:
            below = base.entries.get(step)
            if below is None:
                message = f'{parent.name} has no "{step}" on the way to "{reference.text}"'
                self.problems.error("missing-reference", place, message)
                return None
            base = below
        return base

    def _is_open(self, parent: str, place: Place) -> bool:
        if parent in self.open:
            circle = " → ".join((*self.open[self.open.index(parent) :], parent))
            self.problems.error("inheritance-cycle", place, f"inheritance goes round in a circle: {circle}")
            return False
        if len(self.open) >= MAXIMUM_CHAIN:
            self.problems.error("inheritance-depth", place, f"inheritance goes deeper than {MAXIMUM_CHAIN} definitions")
            return False
        return True

    def _remember(self, child: str, parent: str) -> None:
        names = (*self.ancestors.get(child, ()), parent, *self.ancestors.get(parent, ()))
        self.ancestors[child] = tuple(dict.fromkeys(names))


def _is_to_expand(entries: Mapping[str, Node]) -> bool:
    """Does a mapping within inherit, or number elements of lists? Few do, so most of them are left as they are."""
    if "inherits" in entries or "!" in "".join(entries):
        return True
    return any(isinstance(node.value, dict) and _is_to_expand(node.value) for node in entries.values())
