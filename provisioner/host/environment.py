"""A container's environment: plain values in the unit, whatever holds a secret as a Podman secret."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from provisioner.host.model import SecretSlot
from provisioner.host.names import joined, unit_name
from provisioner.host.scene import Subject
from provisioner.host.text import known, later_of, secrets_of, whole_secret
from provisioner.resolve.model import Text

_AS_IS: Final = re.compile(r"[A-Za-z0-9_-]+")
"""What Podman takes in a secret's name, but for the dots that separate its parts."""


def environment(subject: Subject) -> tuple[list[tuple[str, str]], list[SecretSlot]]:
    """`Environment=` and `Secret=` lines, sorted by variable, and the slots that the secrets come from."""
    lines: list[tuple[str, str]] = []
    slots: list[SecretSlot] = []
    for variable, text in sorted(subject.container.environment.items()):
        what = f"environment variable {variable}"
        plain = known(text)
        if plain is not None:
            lines.append(("Environment", subject.word(what, f"{variable}={plain}")))
        elif knowable(subject, what, text):
            slot = secret_slot(subject, text, "env", variable)
            slots.append(slot)
            lines.append(("Secret", secret_words(subject, what, slot, ("type", "env"), ("target", variable))))
    return lines, slots


def labels(subject: Subject) -> Iterator[tuple[str, str]]:
    """`Label=` lines: ours, by which `ps` finds containers, then the user's."""
    own = {"provisioner.workload": subject.workload.name, "provisioner.container": subject.container.name}
    for name, text in {**own, **subject.container.labels}.items():
        plain = visible(subject, f"label {name}", text)
        if plain is not None:
            yield "Label", subject.word(f"label {name}", f"{name}={plain}")


def visible(subject: Subject, what: str, text: Text) -> str | None:
    """Text for a spot that everybody on the host can read. A secret there is a problem."""
    plain = known(text)
    if plain is None and knowable(subject, what, text):
        names = ", ".join(secrets_of(text))
        hint = "give it in an environment variable or a file instead"
        subject.error("visible-secret", f"{what} would show the secret {names} to every process on the host", hint=hint)
    return plain


def visible_all(subject: Subject, what: str, texts: Iterable[Text]) -> list[str]:
    return [plain for text in texts if (plain := visible(subject, what, text)) is not None]


def knowable(subject: Subject, what: str, text: Text) -> bool:
    """Whether a host can compose the text from secrets; a value that must be asked for after the deploy is a problem."""
    later = later_of(text)
    if later is None:
        return True
    hint = f"state the value instead of asking {later.operator} for it"
    subject.error("later-value", f"{what} needs {later.operator}, which no host can be given here", hint=hint)
    return False


def secret_slot(subject: Subject, text: Text, kind: str, name: str) -> SecretSlot:
    """One slot per secret used whole, shared on the host; one per variable or file where text and secrets are composed."""
    whole = whole_secret(text)
    if whole:
        return SecretSlot(name=f"secret.{joined(whole)}", value=text)
    unit = unit_name(subject.workload.name, subject.container.name)
    return SecretSlot(name=f"{kind}.{unit}.{name if _AS_IS.fullmatch(name) else joined(name)}", value=text)


def secret_words(subject: Subject, what: str, slot: SecretSlot, *options: tuple[str, str]) -> str:
    """`Secret=NAME,type=env,target=X`. Podman splits at commas and has no escape, so a comma is a problem."""
    for option, value in options:
        if "," in value:
            subject.error("unwritable-value", f'{what}: expected a {option} without commas, found "{value}"')
    return subject.word(what, ",".join((slot.name, *(f"{option}={value}" for option, value in options))))
