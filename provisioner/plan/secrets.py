"""Secrets: those that the blueprint has generated, and those that workloads use and the stack's configuration gives."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from provisioner.plan import names
from provisioner.plan.fields import Section
from provisioner.plan.model import Secret
from provisioner.plan.readers import choice, integer, text
from provisioner.resolve.model import Container, Parts, Runnable, SecretRef, Text

STORES: Final[tuple[Literal["stack", "cloud"], ...]] = ("stack", "cloud")
"""Where a secret is: in the stack's state alone, encrypted, or in the store of the stack's cloud as well."""


def build(section: Section, runnables: Sequence[Runnable]) -> tuple[Secret, ...]:
    """By name. A declared secret that nothing uses is reported and kept."""
    used = {name: container for runnable in runnables for container in runnable.containers for name in used_by(container)}
    declared = {name: _secret(name, secret) for name, secret in section.sections()}
    for name, secret in declared.items():
        if name not in used and not secret.stored:
            section.problems.note("unused", secret.place, f"no workload uses the secret {name}")
    given = (Secret(name=name, place=container.place) for name, container in used.items() if name not in declared)
    return tuple(sorted((*declared.values(), *given), key=lambda secret: secret.name))


def used_by(container: Container) -> Iterator[str]:
    """The names of the secrets in anything that a container receives, some more than once."""
    for value in _texts(container):
        if isinstance(value, Parts):
            yield from (piece.name for piece in value.pieces if isinstance(piece, SecretRef))


def _texts(container: Container) -> Iterable[Text]:
    yield from container.command
    yield from container.entrypoint
    yield from container.environment.values()
    yield from container.labels.values()
    yield from (file.contents for file in container.files)


def _secret(name: str, secret: Section) -> Secret:
    secret.only("generate", "store", "readers")
    stored = secret.read("store", choice(STORES), default="stack") == "cloud"
    if stored:
        names.check(name, secret.place, secret.problems)
    elif "readers" in secret:
        message = "readers are those of a secret in the cloud's store, and this one is in the stack's state alone"
        secret.problems.error("conflict", secret.place_of("readers"), message, hint="add store: cloud, or leave readers out")
    return Secret(
        name=name,
        length=secret.read("generate", integer("a number of characters", 12, 128), default=0),
        stored=stored,
        readers=secret.read_list("readers", text),
        place=secret.place,
    )
