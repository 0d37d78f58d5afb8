"""What an expression can ask of the definition it stands in. `resolve/` answers; `Nowhere` stands alone."""

from dataclasses import dataclass
from typing import Final, Protocol

from provisioner.script.values import Later, SecretRef, Value

REPORTED: Final = "reported"
"""The code of a refusal whose problem has been reported elsewhere."""


class RefusedError(ValueError):
    """An operator cannot give a value: `code` is the problem's, `hint` says what to do."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A connection's other end. `port` and `hostname` are nil where the target has none (an entity without an address)."""

    target: str
    service: str = ""
    hostname: str | Later | None = None
    port: int | Later | None = None


class Context(Protocol):
    """Every method may raise `RefusedError`."""

    def variable(self, name: str, *, guarded: bool) -> Value:
        """The variable's value. nil when nothing defines it, which is a problem unless `guarded` (`default` follows)."""
        ...

    def secret(self, name: str) -> SecretRef: ...

    def connection(self, name: str) -> Link: ...

    def hostname(self, path: str, container: str) -> str:
        """The host name of a container of the definition at `path`."""
        ...

    def service(self, path: str, service: str) -> Link: ...

    def entity(self, path: str) -> Value:
        """The definition at `path` as an object."""
        ...

    def self_path(self) -> str: ...

    def unique(self) -> str:
        """A UUID that stays the same for this place in this definition."""
        ...


class Nowhere:
    """The context of an expression that stands in no definition, as in `provisioner eval`."""

    def variable(self, name: str, *, guarded: bool) -> Value:
        if guarded:
            return None
        raise RefusedError("undefined-variable", f'the variable "{name}" is not defined here')

    def secret(self, name: str) -> SecretRef:
        return SecretRef(name=name)

    def connection(self, name: str) -> Link:
        raise RefusedError("unknown-connection", f'no connection "{name}" is declared here')

    def hostname(self, path: str, container: str) -> str:
        raise RefusedError("missing-reference", f'no container "{container}" of "{path}" is known here')

    def service(self, path: str, service: str) -> Link:
        raise RefusedError("missing-reference", f'no service "{service}" of "{path}" is known here')

    def entity(self, path: str) -> Value:
        return Later(operator="entity", arguments=(path,))

    def self_path(self) -> str:
        raise RefusedError("missing-reference", "there is no definition here")

    def unique(self) -> str:
        return "00000000-0000-4000-8000-000000000000"
