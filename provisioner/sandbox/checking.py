"""Check: the program's inputs as the provider would accept, default and name them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from provisioner.sandbox.kinds import Call, Failure, Kind, Properties
from provisioner.sandbox.naming import Naming, choose_name
from provisioner.sandbox.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Inputs as they go on, or the reasons why they cannot."""

    inputs: Properties
    failures: tuple[Failure, ...] = ()


def check(kind: Kind, schema: Schema, call: Call, olds: Properties, seed: bytes, naming: Naming) -> Checked:
    """`call.inputs` are the program's. Formats are looked at only when the shape is right."""
    inputs: dict[str, Any] = {**(kind.defaults or {}), **call.inputs}
    shape = list(schema.check(call.token, inputs))
    shape += _name(kind, call, inputs, olds, seed, naming)
    if shape:
        return Checked(inputs=inputs, failures=tuple(shape))
    found: Iterable[Failure] = kind.check(replace(call, inputs=inputs))
    return Checked(inputs=inputs, failures=tuple(found))


def _name(
    kind: Kind, call: Call, inputs: dict[str, Any], olds: Mapping[str, Any], seed: bytes, naming: Naming
) -> Iterable[Failure]:
    rule = kind.autoname
    if rule is None or inputs.get(rule.property) is not None:
        return
    name = choose_name(rule, call.name, seed, olds, naming)
    if name is None:
        reason = f"missing required property '{rule.property}': automatic names are switched off (pulumi:autonaming)"
        yield Failure(property=rule.property, reason=reason)
        return
    inputs[rule.property] = name
