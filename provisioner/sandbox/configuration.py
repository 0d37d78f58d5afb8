"""What each provider package is configured with: values that the sandbox needs, and which change moves every resource."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioner.sandbox.kinds import Failure, Properties

SUBSCRIPTION = "00000000-0000-4000-8000-000000000001"
TENANT = "00000000-0000-4000-8000-000000000002"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`required` must be set; `defaults` stand in for an account; a change of `replaces` replaces all that the provider made."""

    required: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name to an example value."""
    defaults: Mapping[str, str] = field(default_factory=dict[str, str])
    replaces: frozenset[str] = frozenset()


RULES = {
    "aws": Rule(required={"region": "eu-west-1"}, replaces=frozenset({"region"})),
    "gcp": Rule(defaults={"project": "sandbox-project"}, replaces=frozenset({"project"})),
    "azure-native": Rule(defaults={"subscriptionId": SUBSCRIPTION, "tenantId": TENANT}, replaces=frozenset({"subscriptionId"})),
}


def check(package: str, inputs: Properties) -> tuple[Failure, ...]:
    """What is missing; the real providers refuse it as well."""
    missing = {name: example for name, example in RULES[package].required.items() if inputs.get(name) is None}
    return tuple(
        Failure(property=name, reason=f"missing {package}:{name}: set it with `pulumi config set {package}:{name} {example}`")
        for name, example in missing.items()
    )


def complete(package: str, inputs: Properties) -> Mapping[str, str]:
    """The configuration that kinds see: plain strings, objects as JSON."""
    given = {name: value if isinstance(value, str) else json.dumps(value) for name, value in inputs.items() if value is not None}
    return {**RULES[package].defaults, **given}
