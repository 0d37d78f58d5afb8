"""Host names: computable from names alone, before anything exists."""

import hashlib
import re
from functools import lru_cache
from typing import Final

DOMAIN: Final = "internal"
MAXIMUM_LABEL: Final = 63

_OUTSIDE: Final = re.compile(r"[^a-z0-9-]+")


def hostname(container: str, runnable: str) -> str:
    """`postgres.db.shop.internal` for container `postgres` of `shop/db`; nested namespaces go outwards, `a/b/r` is `r.b.a`."""
    return ".".join((label(container), *map(label, reversed(runnable.split("/"))), DOMAIN))


@lru_cache(maxsize=4096)
def label(name: str) -> str:
    """A DNS label: lower case, other characters a hyphen; a name over 63 characters ends in a digest of the whole."""
    cleaned = _OUTSIDE.sub("-", name.lower()).strip("-")
    if cleaned and len(cleaned) <= MAXIMUM_LABEL:
        return cleaned
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{cleaned[: MAXIMUM_LABEL - 9].rstrip('-')}-{digest}".lstrip("-")
