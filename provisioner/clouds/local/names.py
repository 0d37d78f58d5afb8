"""Names on this machine: hosts and disks of all stacks share it, so each name says its stack."""

import hashlib
import re
from typing import Final

LONGEST: Final = 40


def physical(scope: str, *words: str) -> str:
    """Small letters, digits and hyphens, at most `LONGEST`; `scope` is `project/stack`. A digest of all keeps them apart."""
    digest = hashlib.sha256("/".join((scope, *words)).encode()).hexdigest()[:7]
    said = re.sub(r"[^a-z0-9]+", "-", "-".join((scope.rpartition("/")[2], *words)).lower()).strip("-")
    return f"{said[: LONGEST - 8].strip('-')}-{digest}"
