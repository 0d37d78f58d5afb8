"""The context of an expression that is evaluated where its containers run: what was asked of the definition in the plan."""

from collections.abc import Mapping

from provisioner.script.context import Link, RefusedError
from provisioner.script.values import SecretRef, Value


class Recorded:
    """A `Context` that answers what `resolve.live_check` noted, and refuses what it did not."""

    def __init__(self, answers: Mapping[str, Value]) -> None:
        self.answers = answers

    def variable(self, name: str, *, guarded: bool) -> Value:
        return self._answer(f"variable {name}")

    def secret(self, name: str) -> SecretRef:
        raise RefusedError("not-known", f"the secret {name} is no part of a check")

    def connection(self, name: str) -> Link:
        return self._link(f"connection {name}")

    def hostname(self, path: str, container: str) -> str:
        return str(self._answer(f"hostname {path} {container}"))

    def service(self, path: str, service: str) -> Link:
        return self._link(f"service {path} {service}")

    def entity(self, path: str) -> Value:
        return self._answer(f"entity {path}")

    def self_path(self) -> str:
        return str(self._answer("self"))

    def unique(self) -> str:
        return str(self._answer("unique"))

    def _link(self, question: str) -> Link:
        found = self._answer(question)
        if not isinstance(found, Mapping):
            raise RefusedError("not-known", f"the {question} has no address")
        hostname, port = found["hostname"], found["port"]
        return Link(
            target=str(found["target"]),
            service=str(found["service"]),
            hostname=None if hostname is None else str(hostname),
            port=port if isinstance(port, int) else None,
        )

    def _answer(self, question: str) -> Value:
        if question not in self.answers:
            raise RefusedError("not-known", f"the {question} was not asked for in the plan, so it is not known here")
        return self.answers[question]
