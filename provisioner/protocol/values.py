"""Property values between the engine's protocol and Python. Secrets keep their mark, unknown values are `UNKNOWN`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from google.protobuf.struct_pb2 import NULL_VALUE, Struct, Value

UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes in place of a value that is not known in a preview."""
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks an object as a special value."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  (the protocol's mark)
"""The mark of a secret."""


class Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""The one object that stands for a value not known yet."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that the engine encrypts in its state and hides in its output. Its representation hides it too."""

    value: Any = field(repr=False)


def decode(struct: Struct) -> dict[str, Any]:
    """A message's properties. Whole numbers become `int`; nulls go."""
    return {name: _decode(value) for name, value in struct.fields.items() if value.WhichOneof("kind") != "null_value"}


def decode_plain(properties: Struct) -> dict[str, Any]:
    """A message's properties without the marks of secrets, for a provider that tells the engine it takes none."""
    return {name: plain(value) for name, value in decode(properties).items()}


def encode(properties: Mapping[str, Any]) -> Struct:
    struct = Struct()
    for name, value in properties.items():
        _encode(value, struct.fields[name])
    return struct


def plain(value: Any) -> Any:
    """The same without the marks of secrets, anywhere in the tree. Unknown values stay `UNKNOWN`."""
    match value:
        case Secret():
            return plain(value.value)
        case dict():
            return {name: plain(part) for name, part in cast("dict[str, Any]", value).items()}
        case list():
            return [plain(part) for part in cast("list[Any]", value)]
        case _:
            return value


def is_known(value: Any) -> bool:
    """Whether nothing in the tree is unknown."""
    match value:
        case Unknown():
            return False
        case Secret():
            return is_known(value.value)
        case dict():
            return all(map(is_known, cast("dict[str, Any]", value).values()))
        case list():
            return all(map(is_known, cast("list[Any]", value)))
        case _:
            return True


def _decode(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "list_value":
            return [_decode(item) for item in value.list_value.values]
        case "struct_value":
            found = decode(value.struct_value)
            return Secret(found.get("value")) if found.get(SIGNATURE) == SECRET else found
        case _:
            return value.bool_value if value.HasField("bool_value") else None


def _encode(value: Any, target: Value) -> None:
    match value:
        case None:
            target.null_value = NULL_VALUE
        case Unknown():
            target.string_value = UNKNOWN_TEXT
        case Secret():
            target.struct_value.CopyFrom(encode({SIGNATURE: SECRET, "value": value.value}))
        case bool():
            target.bool_value = value
        case int() | float():
            target.number_value = value
        case str():
            target.string_value = value
        case Mapping():
            target.struct_value.CopyFrom(encode(cast("Mapping[str, Any]", value)))
        case Sequence():
            items = target.list_value.values
            for item in cast("Sequence[Any]", value):
                _encode(item, items.add())
            target.list_value.SetInParent()
        case _:
            raise TypeError(f"a property of the type {type(value).__name__} cannot be sent to the engine")
