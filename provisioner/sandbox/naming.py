"""Names that the provider gives where a program leaves them out: stable while the resource lives, new after a replacement."""

import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Literal

from provisioner.sandbox.kinds import UNKNOWN, Autoname, Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """The user's `pulumi:autonaming` settings, as the engine passes them on."""

    mode: Literal["propose", "enforce", "disable"] = "propose"
    proposed: str = ""


def choose_name(rule: Autoname, logical: str, seed: bytes, olds: Properties, naming: Naming) -> str | None:
    """The name for a resource whose program gives none; None where the user has switched such names off."""
    old = olds.get(rule.property)
    if isinstance(old, str) and is_automatic(rule, logical, old):
        return old
    if naming.mode == "disable":
        return None
    if naming.proposed:
        return naming.proposed
    return _uuid(seed, logical) if rule.uuid else f"{_stem(rule, logical)}{rule.separator}{seed.hex()[: rule.length]}"


def is_automatic(rule: Autoname, logical: str, name: object) -> bool:
    """Whether a name looks like one that was given here."""
    if name is UNKNOWN or not isinstance(name, str):
        return False
    if rule.uuid:
        return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", name))
    return bool(re.fullmatch(rf"{re.escape(_stem(rule, logical) + rule.separator)}[0-9a-f]{{{rule.length}}}", name))


def _uuid(seed: bytes, logical: str) -> str:
    return str(uuid.UUID(bytes=hashlib.sha256(seed + logical.encode()).digest()[:16], version=4))


def _stem(rule: Autoname, logical: str) -> str:
    cut = logical[: rule.maximum - len(rule.separator) - rule.length]
    return cut.lower() if rule.lower else cut
