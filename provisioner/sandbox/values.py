"""Property values between the engine's protocol and plain Python. Unknown values become `UNKNOWN`; secrets lose their wrapper.

The sandbox tells the engine that it takes no secrets: the engine then unwraps them before each call, and wraps what
comes back under the same names again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from google.protobuf.struct_pb2 import Struct, Value

from provisioner.sandbox.kinds import UNKNOWN, Properties

UNKNOWN_SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes in place of a value that is not known in a preview."""
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that marks an object as a special value: a secret, an asset, an archive."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  (the protocol's signature)


def decode(struct: Struct) -> dict[str, Any]:
    """A message's properties as plain data. Whole numbers become `int`; nulls go."""
    return {name: _decode(value) for name, value in struct.fields.items() if value.WhichOneof("kind") != "null_value"}


def encode(properties: Properties) -> Struct:
    """Plain data as a message's properties."""
    struct = Struct()
    for name, value in properties.items():
        _encode(value, struct.fields[name])
    return struct


def _decode(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value == UNKNOWN_SENTINEL else value.string_value
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_decode(item) for item in value.list_value.values]
        case "struct_value":
            plain = decode(value.struct_value)
            return plain.get("value") if plain.get(SIGNATURE) == SECRET else plain
        case _:
            return None


def _encode(value: object, target: Value) -> None:
    match value:
        case None:
            target.null_value = cast("Any", 0)
        case bool():
            target.bool_value = value
        case int() | float():
            target.number_value = value
        case str():
            target.string_value = value
        case Mapping():
            target.struct_value.CopyFrom(encode(cast("Properties", value)))
        case Sequence():
            items = target.list_value.values
            for item in cast("Sequence[object]", value):
                _encode(item, items.add())
            if not items:
                target.list_value.SetInParent()
        case _ if value is UNKNOWN:
            target.string_value = UNKNOWN_SENTINEL
        case _:
            raise TypeError(f"a property of the type {type(value).__name__} cannot be sent to the engine: {value!r}")
