"""Everything that is wrong with the definitions of a catalog, in pieces."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

from provisioner.errors import Problems
from provisioner.package.catalog import Catalog
from provisioner.resolve.budget import ExhaustedError
from provisioner.resolve.kinds import GROUPS, RUNNABLES, is_outside
from provisioner.resolve.members import direct, gather
from provisioner.resolve.model import Resolved
from provisioner.resolve.resolver import check_alone, resolve_root, validate_all
from provisioner.resolve.session import Session


class Listed(NamedTuple):
    """One line of a listing of definitions. `kind` is `base` where nothing is defined, `instance` for an entity of some type."""

    name: str
    kind: str
    file: str
    line: int


def check(
    catalog: Catalog, names: Sequence[str] | None, problems: Problems, then: Callable[[Resolved, Problems], None] | None = None
) -> tuple[Listed, ...]:
    """Resolve every definition named (None: all) and collect every problem; returns the listing of them.

    `then` is that of `Checking`.
    """
    checking = Checking(catalog, names, problems, then)
    checking.run(0, len(checking))
    return checking.listing()


class Checking:
    """The definitions `names` (None: all) of a catalog, in pieces that do not depend on each other.

    What runs in a group or blueprint is resolved there, with the variables it has there, and not once more by itself. Groups that
    no other group runs come first. `then` is called with each piece that has no error: what later stages find.
    """

    def __init__(
        self,
        catalog: Catalog,
        names: Sequence[str] | None,
        problems: Problems,
        then: Callable[[Resolved, Problems], None] | None = None,
    ) -> None:
        problems.extend(catalog.problems)
        definitions = catalog.definitions
        self.names = tuple(definitions) if names is None else tuple(name for name in names if name in definitions)
        self.catalog = catalog
        self.problems = problems
        self.then = then
        self.session = Session(catalog, {}, problems)
        self.kinds = {name: self.session.kind(name) for name in self.names}
        self.roots = self._roots()
        """Each with the session in which it is resolved."""
        covered = {name for root, session in self.roots.items() for name in _resolved_with(root, session)}
        self.pieces = [name for name in self.names if name in self.roots or name not in covered]
        """In the order loaded."""

    def __len__(self) -> int:
        return len(self.pieces)

    def run(self, start: int, stop: int) -> None:
        """Check the pieces from `start` up to `stop`; what is wrong goes to the problems."""
        for name in self.pieces[start:stop]:
            with suppress(ExhaustedError):
                if name in self.roots:
                    self._root(name, self.roots[name])
                else:
                    self.session.payer = self.catalog.definitions[name].place
                    check_alone(self.session, name, self.kinds[name])

    def listing(self) -> tuple[Listed, ...]:
        places = ((name, self.catalog.definitions[name].place) for name in self.names)
        return tuple(
            Listed(name=name, kind=self.kinds[name] or "unknown", file=place.file, line=place.line) for name, place in places
        )

    def _roots(self) -> dict[str, Session]:
        """What nothing else runs, or what is left of a circle, in sessions that know who runs in which group."""
        found: dict[str, Session] = {}
        covered: set[str] = set()
        inner = self._inner()
        for level in (("blueprint",), GROUPS, RUNNABLES):
            of_level = [name for name in self.names if self.kinds[name] in level and not self._is_outside(name)]
            for name in sorted(of_level, key=inner.__contains__):
                if name not in covered:
                    found[name] = self._gathered(name)
                    covered.update(_resolved_with(name, found[name]))
        return found

    def _inner(self) -> set[str]:
        """What groups run."""
        found: set[str] = set()
        for name in self.names:
            if self.kinds[name] in GROUPS:
                self.session.payer = self.catalog.definitions[name].place
                with suppress(ExhaustedError):
                    found.update(direct(self.session, name))
        return found

    def _gathered(self, name: str) -> Session:
        session = Session(self.catalog, {}, self.problems, inheritance=self.session.inheritance)
        session.payer = self.catalog.definitions[name].place
        if self.kinds[name] not in RUNNABLES:
            with suppress(ExhaustedError):
                gather(session, name)
        return session

    def _is_outside(self, name: str) -> bool:
        return is_outside(self.session.node(name), self.kinds[name])

    def _root(self, name: str, session: Session) -> None:
        """Resolve what nothing else runs, with all it runs."""
        before = self.problems.count("error")
        try:
            resolved = resolve_root(session, name)
            validate_all(session, dict.fromkeys(_resolved_with(name, session)))
            if self.then is not None and self.problems.count("error") == before:
                self.then(resolved, self.problems)
        finally:
            session.scopes.clear()  # they and the session hold each other


def _resolved_with(root: str, session: Session) -> tuple[str, ...]:
    return (root, *session.members, *session.entities, *session.gathered.get(root, ()))
