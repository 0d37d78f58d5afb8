"""Secrets: only their names are ever known here."""

from typing import Final

from provisioner.script.operators.registry import Machine, Operator, text_of
from provisioner.script.values import Value


def _secret(machine: Machine, name: Value) -> Value:
    return machine.context.secret(text_of(name))


OPERATORS: Final = (
    Operator(
        name="secret",
        aliases=("secret-get",),
        signature="| name -> secret",
        doc="A secret that `permitted-secrets` permits; the host puts its value in.",
        examples=(('secret("password")', "«secret password»"), ('"password" secret', "«secret password»")),
        action=_secret,
        on_machine=True,
    ),
)
