"""Canonical JSON of frozen data, and its digest. Places are left out: moving a line in a file changes nothing."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import cast

from provisioner.errors import Place


def digest(value: object) -> str:
    """`sha256:` and the hexadecimal digest of the canonical JSON."""
    text = json.dumps(canonical(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def canonical(value: object) -> object:
    """Plain JSON data: dataclasses as mappings without their places, mappings with text keys, sets sorted."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Decimal):
        return str(value.normalize())
    if is_dataclass(value) and not isinstance(value, type):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: canonical(part) for name, part in named.items() if not isinstance(part, Place)}
    if isinstance(value, Mapping):
        return {str(key): canonical(part) for key, part in cast("Mapping[object, object]", value).items()}
    if isinstance(value, AbstractSet):
        return sorted((canonical(part) for part in cast("AbstractSet[object]", value)), key=repr)
    if isinstance(value, Sequence):
        return [canonical(part) for part in cast("Sequence[object]", value)]
    raise TypeError(f"no canonical JSON for {type(value).__name__}")
