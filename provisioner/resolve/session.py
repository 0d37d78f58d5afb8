"""What one resolution shares: merged definitions, who runs in which group, scopes, findings."""

from collections.abc import Mapping

from provisioner.errors import NOWHERE, Place, Problems
from provisioner.package.catalog import Catalog
from provisioner.package.nodes import Node
from provisioner.resolve.budget import PROBLEM
from provisioner.resolve.inherit import Inheritance
from provisioner.resolve.reference import name_of
from provisioner.resolve.scope import Scope
from provisioner.script.context import REPORTED, RefusedError

Variables = Mapping[str, Mapping[str, object]]
"""Values from outside (`--set`, the stack): definition, variable, value."""


class Session:
    """`groups` says in which groups (nearest first) a definition runs here; it is filled before anything is evaluated.

    Merged definitions do not depend on who runs them: several sessions on one catalog share `inheritance`.
    """

    def __init__(
        self, catalog: Catalog, variables: Variables, problems: Problems, *, inheritance: Inheritance | None = None
    ) -> None:
        self.catalog = catalog
        self.payer = NOWHERE
        """The place of the definition that is resolved with all it runs: its file pays for the work."""
        self.variables = variables
        self.problems = problems
        self.inheritance = inheritance or Inheritance(catalog, problems)
        self.groups: dict[str, list[str]] = {}
        self.members: dict[str, tuple[str, ...]] = {}
        self.gathered: dict[str, tuple[str, ...]] = {}
        """What runs in a group or blueprint, by its name."""
        self.entities: dict[str, None] = {}
        self.nesting = 0
        """How many evaluations are under way, one inside the other."""
        self.asked: set[str] = set()
        """Definitions that are being read as objects, and services whose address is being worked out."""
        self.scopes: dict[str, Scope] = {}

    def node(self, name: str) -> Node:
        return self.inheritance.node(name)

    def kind(self, name: str) -> str:
        return self.inheritance.kind(name)

    def namespace(self, node: Node, name: str) -> str:
        """The namespace that relative references in `node` start from: that of the file it is written in."""
        return self.inheritance.namespaces.get(node.file, name.rsplit("/", 1)[0])

    def reference(self, node: Node, name: str, path: str) -> str:
        """The full name of the definition that a scalar of definition `name` refers to; "" after reporting that there is none."""
        text = self.scope(name).evaluation(path).known_text(node) if node.is_arrow else node.text
        if text is None:
            return ""
        try:
            return name_of(self.catalog, text, self.namespace(node, name))
        except RefusedError as refusal:
            self.report(refusal, node.place(path))
            return ""

    def scope(self, name: str) -> Scope:
        """The variables of a definition as it is run here: its own, then those of its groups."""
        if name not in self.scopes:
            outer = tuple(self.scope(group) for group in self.groups.get(name, ()) if group != name)
            self.scopes[name] = Scope(self, name, outer)
        return self.scopes[name]

    def is_incomplete(self, name: str) -> bool:
        """Has a parent of this definition not been found? Then what it lacks is no news."""
        broken = self.inheritance.incomplete
        return name in broken or not broken.isdisjoint(self.inheritance.ancestors.get(name, ()))

    def spend(self, steps: int) -> None:
        """Charge work to the file of what is resolved. Raises `ExhaustedError` beyond its budget."""
        self.inheritance.budgets.spend(steps, self.payer)

    def report(self, refusal: RefusedError, place: Place) -> None:
        if refusal.code == REPORTED:
            return
        self.spend(PROBLEM)
        self.problems.error(refusal.code, place, str(refusal), hint=refusal.hint)
