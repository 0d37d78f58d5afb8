"""The variables of one definition: its own, then those of the groups it runs in, then the built-in ones."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from provisioner.errors import nearest
from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import BROKEN, Evaluation
from provisioner.resolve.variables import Declaration, coerce, declarations, given
from provisioner.script.context import Link, RefusedError
from provisioner.script.values import Value

if TYPE_CHECKING:
    from provisioner.resolve.session import Session

VOLUMES: Final = "/var/lib/monkd/volumes"
BUILT_IN: Final = {"monk-volume-path": VOLUMES, "volume-path": VOLUMES, "moncc-volume-path": VOLUMES}


class Scope:
    """Values are worked out when first asked for, and kept."""

    def __init__(self, session: "Session", name: str, outer: "tuple[Scope, ...]") -> None:
        self.session = session
        self.name = name
        self.outer = outer
        self.around: tuple[Scope, ...] = tuple(dict.fromkeys(each for one in outer for each in (one, *one.around)))
        """The groups it runs in, theirs too, nearest first."""
        self.node: Node = session.node(name)
        self.declarations = declarations(self.node)
        self.bound: dict[str, Node] = {name: one.env for name, one in self.declarations.items() if one.env is not None}
        """Its variables with `env`, and what that says."""
        self.overrides = dict(session.variables.get(name, {}))
        self.values: dict[str, Value] = {}
        self.open: set[str] = set()
        self.links: dict[str, Link] = {}
        """Connections whose other end has been found."""

    def value(self, variable: str) -> Value:
        """The value of one of its own variables; `BROKEN` where a problem with it has been reported."""
        if variable not in self.values:
            if variable in self.open:
                raise RefusedError("variable-cycle", f'the value of "{variable}" goes round in a circle')
            self.open.add(variable)
            try:
                self.values[variable] = self._evaluate(variable)
            finally:
                self.open.discard(variable)
        return self.values[variable]

    def lookup(self, variable: str, *, evaluating: str = "") -> tuple[bool, Value]:
        """Is it defined, and its value. While a variable is being evaluated, its own name means the outer one."""
        if variable != evaluating and self.owns(variable):
            return True, self.value(variable)
        for scope in self.around:
            if scope.owns(variable):
                return True, scope.value(variable)
        return (True, BUILT_IN[variable]) if variable in BUILT_IN else (False, None)

    def owns(self, variable: str) -> bool:
        return variable in self.declarations or variable in self.overrides

    def permits(self, secret: str) -> bool:
        """May `secret(…)` read it: by its own `permitted-secrets`, a group's, or because the blueprint declares it for itself?"""
        waiting: list[Scope] = [self]
        seen = {self.name}
        while waiting:
            scope = waiting.pop()
            stated = scope.states(secret)
            if stated:
                return True
            if stated is None:
                waiting.extend(outer for outer in scope.outer if outer.name not in seen)
                seen.update(outer.name for outer in scope.outer)
        return False

    def states(self, secret: str) -> bool | None:
        """What its own `permitted-secrets` say of a secret; None where they say nothing."""
        permitted = self.node.entries.get("permitted-secrets")
        if permitted is None or secret not in permitted.entries:
            return None
        return permitted.entries[secret].text.lower() not in ("false", "no", "off")

    def evaluation(self, path: str) -> Evaluation:
        """Evaluates the nodes at `path` in this scope."""
        return Evaluation(self, path)

    def names(self) -> Iterator[str]:
        """Every name that `lookup` finds."""
        yield from self.declarations
        yield from self.overrides
        for scope in self.around:
            yield from scope.declarations
            yield from scope.overrides
        yield from BUILT_IN

    def undefined(self, variable: str) -> RefusedError:
        close = nearest(variable, self.names())
        message = f'the variable "{variable}" is not defined in {self.name}' + (" or its groups" if self.outer else "")
        return RefusedError("undefined-variable", message, f"did you mean {close}?" if close else "")

    def _evaluate(self, variable: str) -> Value:
        declaration = self.declarations.get(variable)
        evaluation = Evaluation(self, f"{self.name}/variables/{variable}", evaluating=variable)
        if variable in self.overrides:
            return given(self.overrides[variable], declaration or Declaration(name=variable), evaluation)
        if declaration is None or declaration.value is None:
            return None
        value = evaluation.value(declaration.value, typed=declaration.type or "any")
        return value if value is BROKEN else coerce(value, declaration, evaluation)
