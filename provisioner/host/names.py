"""Names on a host, each a function of what it names alone: adding a workload never renames another's units.

Unit and secret names join their words with one hyphen and double the hyphens inside a word, so that two different lists
of words never meet: `shop/web` + `app` is `shop-web-app`, `shop/web-app` + `main` is `shop-web--app-main`.
"""

import hashlib
import re
from typing import Final

NETWORK: Final = "provisioner"
"""The Podman network that every container of a host joins, and its unit's name."""

NETWORK_SERVICE: Final = f"{NETWORK}-network.service"
"""The service that Quadlet makes of it. Podman refuses a network whose addresses are in use, so it comes before those."""

BRIDGE: Final = "provisioner0"
"""The bridge of that network, as `ip link` shows it."""

TUNNEL: Final = "provisioner-wg"
"""The WireGuard interface to the other hosts."""

LONGEST: Final = 100
"""File names take 255 bytes; this leaves room for suffixes, and keeps `systemctl` output readable."""

_PLAIN: Final = re.compile(r"[a-z0-9]+(-+[a-z0-9]+)*")
_OTHER: Final = re.compile(r"[^a-z0-9-]+")


def unit_name(workload: str, container: str, slot: str = "") -> str:
    """The unit of a container, without its ending: `shop-web-app`; of one of its slots, `shop-web-app_a`."""
    return joined(*workload.split("/"), container) + (f"_{slot}" if slot else "")


def service_name(workload: str, container: str, slot: str = "") -> str:
    """The systemd service that Quadlet makes of the unit: `shop-web-app.service`."""
    return f"{unit_name(workload, container, slot)}.service"


def joined(*words: str) -> str:
    """Any words as one name of lower-case letters, digits and hyphens; where that loses anything, with a digest after `_`."""
    if all(_PLAIN.fullmatch(word) for word in words):
        name = "-".join(word.replace("-", "--") for word in words)
        if len(name) <= LONGEST:
            return name
    readable = "-".join(filter(None, (_OTHER.sub("-", word.lower()).strip("-") for word in words)))
    digest = _digest("\0".join(words), 12)
    return f"{readable[: LONGEST - 13]}_{digest}".lstrip("_")


def disk_service(volume: str) -> str:
    """The service that mounts a volume's disk: an instance of the template that cloud-init installs."""
    return f"provisioner-disk@{volume}.service"


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
