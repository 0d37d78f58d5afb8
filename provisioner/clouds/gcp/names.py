"""Names as Google Cloud takes them: resource names, label values and service account ids.

A resource whose logical name is legal is left to the provider, which appends seven random hexadecimal digits, so that a
replacement can stand beside what it replaces. Only a name that would be refused is spelled out here.
"""

import hashlib
import re
from typing import Final

AUTONAMED: Final = re.compile(r"[a-z]([-a-z0-9]{0,53}[a-z0-9])?")
"""Leaves room for the provider's `-` and seven digits within the 63 characters of RFC 1035."""


def physical(logical: str, scope: str) -> str | None:
    """The name to ask for: None where the provider's own naming serves. `scope` is `project/stack`."""
    return None if AUTONAMED.fullmatch(logical) else shortened(logical, scope, 63)


def account_id(logical: str, scope: str) -> str:
    """The id of a service account: 6 to 30 characters, unique in a project, so every stack gets its own."""
    return shortened(logical, scope, 30)


def shortened(logical: str, scope: str, length: int) -> str:
    """`logical` made legal and cut to `length`, with a digest of all that was said at its end."""
    digest = hashlib.sha256(f"{scope}/{logical}".encode()).hexdigest()[:7]
    words = re.sub(r"[^a-z0-9]+", "-", logical.lower()).strip("-")
    start = words if words[:1].isalpha() else f"r-{words}"
    return f"{start[: length - 8].rstrip('-')}-{digest}"


def label(value: str) -> str:
    """A label's value: lower-case letters, digits, `_` and `-`, at most 63."""
    return re.sub(r"[^a-z0-9_-]", "-", value.lower())[:63]


def device(volume: str) -> str:
    """The device name of an attached disk, which the guest sees as `/dev/disk/by-id/google-NAME`: one host, one namespace."""
    return volume if AUTONAMED.fullmatch(volume) else shortened(volume, "", 63)
