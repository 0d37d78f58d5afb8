"""References between simulated resources: what is named must exist, and what is named cannot go."""

from collections.abc import Sequence
from dataclasses import dataclass

from provisioner.sandbox import paths
from provisioner.sandbox.kinds import UNKNOWN, CloudRefusal, Kind, Properties, Reference
from provisioner.sandbox.state import Resource, State
from provisioner.sandbox.world import StateWorld


class NotSeenYet(CloudRefusal):
    """What is named exists and is not seen yet: the clouds are eventually consistent, and providers ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An existing resource that the checked one names."""

    target: Resource
    rule: Reference


def resolve(kind: Kind, inputs: Properties, world: StateWorld) -> Sequence[Held]:
    """Everything that the inputs name. Raises `CloudRefusal` for the first that does not exist, or is not seen yet."""
    return [
        Held(target=_seen(rule, value, world), rule=rule)
        for rule in kind.references
        for _, value in paths.values(inputs, rule.property)
        if value is not UNKNOWN
    ]


def hold(state: State, holder: Resource, held: Sequence[Held]) -> None:
    """Note what the resource keeps from being deleted."""
    for each in held:
        if each.rule.holds:
            words = each.rule.in_use.format(token=each.target.token, id=each.target.id, dependent=holder.id)
            state.link(holder, each.target.number, words)


def _seen(rule: Reference, value: object, world: StateWorld) -> Resource:
    found = _locate(rule, value, world)
    if world.is_late(found):
        raise NotSeenYet(rule.missing.format(token=rule.tokens[0], value=value))
    return found


def _locate(rule: Reference, value: object, world: StateWorld) -> Resource:
    for token in rule.tokens:
        for field in (rule.field, *rule.also):
            found = world.locate(token, {field: value})
            if found is not None:
                return found
    raise CloudRefusal(rule.missing.format(token=rule.tokens[0], value=value))
