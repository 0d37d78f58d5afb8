"""What an expression sees of the definition it stands in."""

import uuid
from typing import TYPE_CHECKING, Final

from provisioner.resolve import connect
from provisioner.resolve.merge import size
from provisioner.resolve.names import hostname
from provisioner.resolve.reference import name_of
from provisioner.script.context import REPORTED, Link, RefusedError
from provisioner.script.values import Failure, SecretRef, Value

if TYPE_CHECKING:
    from provisioner.resolve.evaluation import Evaluation

_UUIDS: Final = uuid.UUID("0e4b6f9a-4c1d-5f0e-9b57-5f2f5d0c6c1b")
"""The root of the UUIDs that `random-uuid` gives."""


class Surroundings:
    """The context of one expression, which `evaluation` evaluates."""

    __slots__ = ("evaluation", "scope")

    def __init__(self, evaluation: "Evaluation") -> None:
        self.evaluation = evaluation
        self.scope = evaluation.scope

    def variable(self, name: str, *, guarded: bool) -> Value:
        evaluating = self.evaluation.evaluating
        found, value = self.scope.lookup(name, evaluating=evaluating)
        if isinstance(value, Failure):
            raise RefusedError(REPORTED, f'the variable "{name}" has no value')
        if not found and not guarded and name != evaluating:
            raise self.scope.undefined(name)
        return value

    def secret(self, name: str) -> SecretRef:
        if not self.scope.permits(name) and not self.evaluation.is_incomplete:
            hint = f"add permitted-secrets: {{{name}: true}} to {self.scope.name}"
            raise RefusedError("secret-not-permitted", f'the secret "{name}" is not among the permitted secrets', hint)
        return SecretRef(name=name)

    def connection(self, name: str) -> Link:
        section = self.scope.node.entries.get("connections")
        declared = section.entries.get(name) if section else None
        if declared is None:
            return connect.link(self.scope, name)
        end = connect.reported_link(self.scope, name, declared)
        if end is None:
            raise RefusedError(REPORTED, f'the connection "{name}" leads nowhere')
        return end

    def hostname(self, path: str, container: str) -> str:
        session = self.scope.session
        name = name_of(session.catalog, path, self._namespace)
        containers = session.node(name).entries.get("containers")
        if containers is None or container not in containers.entries:
            if session.is_incomplete(name):
                raise RefusedError(REPORTED, f"{name} is incomplete")
            raise RefusedError("missing-reference", f'{name} has no container "{container}"')
        return hostname(container, name)

    def service(self, path: str, service: str) -> Link:
        return connect.service_link(self.scope.session, name_of(self.scope.session.catalog, path, self._namespace), service)

    def entity(self, path: str) -> Value:
        """The whole definition. One that asks for itself, also by way of others, sees itself without expressions."""
        session = self.scope.session
        name = name_of(session.catalog, path, self._namespace)
        evaluation = session.scope(name).evaluation(name)
        if name in session.asked:
            return evaluation.known(session.node(name))
        session.asked.add(name)
        session.spend(size(session.node(name)))
        try:
            return evaluation.value(session.node(name))
        finally:
            session.asked.discard(name)

    def self_path(self) -> str:
        return self.scope.name

    def unique(self) -> str:
        return str(uuid.uuid5(_UUIDS, self.evaluation.path))

    @property
    def _namespace(self) -> str:
        return self.scope.name.rsplit("/", 1)[0]
