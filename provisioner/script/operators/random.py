"""Random values that stay: the same place in the same definition always gives the same one."""

from typing import Final

from provisioner.script.operators.registry import Machine, Operator
from provisioner.script.values import Value


def _uuid(machine: Machine) -> Value:
    return machine.context.unique()


OPERATORS: Final = (
    Operator(
        name="random-uuid",
        signature="| -> string",
        doc="A UUID of this place in this definition.",
        examples=(("random-uuid", '"6f1c0b52-8f1d-5a6e-9d53-0c5e8f6a7b10"'),),
        action=_uuid,
        on_machine=True,
    ),
)
