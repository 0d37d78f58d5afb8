"""Create, read, change and delete in the simulated cloud, as plain functions of the state. No protocol here."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from provisioner.errors import SandboxError
from provisioner.sandbox import references
from provisioner.sandbox.kinds import UNKNOWN, Call, CloudRefusal, Kind, Properties
from provisioner.sandbox.state import Resource, State
from provisioner.sandbox.world import StateWorld


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The resource a call is about, as the engine names it, and the configuration of its provider."""

    package: str
    urn: str
    config: Mapping[str, str]

    @property
    def token(self) -> str:
        """The last type of the URN's chain: a child's URN holds its parents' types as well."""
        return self.urn.split("::")[2].rpartition("$")[2]

    @property
    def name(self) -> str:
        return self.urn.split("::", 3)[3]


def call(subject: Subject, inputs: Properties, digest: str, world: StateWorld) -> Call:
    """What a kind's functions receive."""
    return Call(token=subject.token, name=subject.name, inputs=inputs, config=subject.config, digest=digest, world=world)


def make_digest(urn: str, count: int = 0) -> str:
    """64 hex characters that are a resource's own: its successor after a replacement gets others."""
    return hashlib.sha256(f"{urn}#{count}".encode()).hexdigest()


def preview_create(kind: Kind, inputs: Properties) -> Properties:
    """Outputs before the create: what is computed is unknown."""
    return {**dict.fromkeys(kind.computed, UNKNOWN), **inputs, **dict.fromkeys(kind.reshaped, UNKNOWN)}


def create(state: State, kind: Kind, subject: Subject, inputs: Properties) -> Resource:
    """Create within the running transaction. Raises `CloudRefusal`."""
    _undo_unheard(state, kind, subject)
    count = state.take(f"created {subject.urn}")
    world = StateWorld(state)
    asked = call(subject, inputs, make_digest(subject.urn, count), world)
    held = references.resolve(kind, inputs, world)
    kind.refuse(asked)
    identity = kind.identify(asked)
    if state.get(kind.token, identity) is not None:
        raise CloudRefusal(f"AlreadyExists: {kind.token} '{identity}' already exists")
    computed = _computed(kind, asked, identity)
    resource = state.insert(
        Resource(
            package=subject.package,
            token=kind.token,
            id=identity,
            name=subject.name,
            urn=subject.urn,
            inputs=inputs,
            outputs={**inputs, **computed},
            computed=computed,
            taken=world.taken,
            config=subject.config,
            digest=asked.digest,
        )
    )
    references.hold(state, resource, held)
    return resource


def preview_update(kind: Kind, olds: Properties, old_inputs: Properties, news: Properties) -> Properties:
    """Outputs before an update: computed ones are expected to stay, unless the input of the same name changes."""
    kept = {name: value for name, value in olds.items() if name in kind.computed or name not in old_inputs}
    changed = {name: value for name, value in news.items() if name not in olds or old_inputs.get(name) != value}
    unchanged = {name: olds[name] for name in news if name not in changed}
    reshaped = dict.fromkeys((name for name in kind.reshaped if name in changed), UNKNOWN)
    return {**kept, **unchanged, **changed, **reshaped}


def update(state: State, kind: Kind, subject: Subject, id: str, news: Properties) -> Resource:
    """Change in place within the running transaction. Raises `CloudRefusal`."""
    old = state.get(kind.token, id)
    if old is None:
        raise CloudRefusal(f"NotFound: {kind.token} '{id}' does not exist")
    world = StateWorld(state, without=old.number, taken=old.taken)
    asked = replace(call(subject, news, old.digest, world), olds=old.inputs)
    held = references.resolve(kind, news, world)
    kind.refuse(asked)
    computed = _computed(kind, asked, id)
    outputs = _changed_outputs(old, news, computed)
    changed = replace(old, inputs=news, outputs=outputs, computed=computed, taken=world.taken)
    state.save(changed)
    state.unlink(changed)
    references.hold(state, changed, held)
    return changed


def delete(state: State, kind: Kind, subject: Subject, id: str) -> None:
    """Delete within the running transaction; what is gone already is fine. Raises `CloudRefusal` for a dependency violation."""
    old = state.get(kind.token, id)
    if old is None:
        return
    holder = state.first_holder(old)
    if holder is not None:
        raise CloudRefusal(holder[1])
    _remove(state, kind, replace(subject, config=old.config), old)


def _remove(state: State, kind: Kind, subject: Subject, old: Resource) -> None:
    state.delete(old)
    if kind.deleted is not None:
        kind.deleted(call(subject, old.inputs, old.digest, StateWorld(state)), old.id)


def _undo_unheard(state: State, kind: Kind, subject: Subject) -> None:
    """Remove what an earlier run created for the same URN when the engine died before it could note the answer.

    Clouds recognise a repeated request by its client token; the sandbox does by the URN.
    """
    for orphan in state.select("urn = ? AND heard = 0", subject.urn):
        if state.first_holder(orphan) is None:
            _remove(state, kind, replace(subject, config=orphan.config), orphan)


def _changed_outputs(old: Resource, news: Properties, computed: Properties) -> Properties:
    """Keeps what other resources made of this one, an attachment or a member, unless the change gives the value anew."""
    own = old.inputs.keys() | old.computed.keys()
    foreign = {name: value for name, value in old.outputs.items() if name not in own}
    unchanged = [name for name, value in computed.items() if name in old.outputs and old.computed.get(name) == value]
    return {**foreign, **news, **computed, **{name: old.outputs[name] for name in unchanged}}


def _computed(kind: Kind, asked: Call, id: str) -> dict[str, Any]:
    computed = dict(kind.outputs(asked, id))
    undeclared = sorted(computed.keys() - {*kind.computed, *kind.reshaped} - asked.inputs.keys())
    if undeclared:
        raise SandboxError(f"{kind.token}: its outputs {', '.join(undeclared)} are missing from `computed`")
    return computed
