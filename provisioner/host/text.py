"""What a `Text` holds: known text, secrets, or values known only after the deploy."""

import re
from typing import Final

from provisioner.resolve.model import Later, Parts, SecretRef, Text

MARK: Final = re.compile("\ue000([^\ue001]*)\ue001")
"""Stands in a text where an address will be that the cloud gives; group 1 is what `delivery.address_slot` calls it."""


def mark(address: str) -> str:
    return f"\ue000{address}\ue001"


def known(text: Text) -> str | None:
    """The text where all of it is known now, else None."""
    if isinstance(text, str):
        return text
    if all(isinstance(piece, str) for piece in text.pieces):
        return str(text)
    return None


def secrets_of(text: Text) -> tuple[str, ...]:
    """Names of the secrets in it, in order."""
    return tuple(piece.name for piece in _pieces(text) if isinstance(piece, SecretRef))


def later_of(text: Text) -> Later | None:
    """The first piece that is known only after the deploy."""
    return next((piece for piece in _pieces(text) if isinstance(piece, Later)), None)


def whole_secret(text: Text) -> str:
    """The secret's name where the text is that secret and nothing else; "" otherwise."""
    named = [piece for piece in _pieces(text) if piece]
    return named[0].name if len(named) == 1 and isinstance(named[0], SecretRef) else ""


def _pieces(text: Text) -> tuple[str | SecretRef | Later, ...]:
    return text.pieces if isinstance(text, Parts) else (text,)
