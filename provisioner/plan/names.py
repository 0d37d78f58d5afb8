"""The rule for names that become part of resource names on every cloud."""

import hashlib
import re
from typing import Final

from provisioner.errors import Place, Problems

LONGEST: Final = 30
"""Clouds take 63 characters at most for most resources; the rest is for the deployment's prefix and suffixes."""

_NAME: Final = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")


def check(name: str, place: Place, problems: Problems) -> None:
    """Report a definition key that cannot be part of a resource's name."""
    if len(name) <= LONGEST and _NAME.fullmatch(name) and "--" not in name:
        return
    message = f'expected a name of lower-case letters, digits and single hyphens, at most {LONGEST} long, found "{name}"'
    suggestion = slug(name)
    hint = f"{suggestion} would do" if _NAME.fullmatch(suggestion) else "start with a letter"
    problems.error("bad-name", place, message, hint=hint)


def slug(name: str) -> str:
    """A name made of any text, such as `shop-db` of `shop/db`: too long ones end in a digest of the whole."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if len(words) <= LONGEST:
        return words
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{words[: LONGEST - 7].rstrip('-')}-{digest}"


def domain_name(name: str, zone: str) -> str:
    """A name in a zone, written relative to it, in full, or as `@` for the zone itself."""
    bare = name.rstrip(".")
    if bare in ("@", "", zone):
        return zone
    return bare if bare.endswith(f".{zone}") else f"{bare}.{zone}"
