"""Inputs against the generated schema: unknown and missing properties, primitive types, enumerations, at every depth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from provisioner.errors import SandboxError, nearest
from provisioner.protocol.values import SIGNATURE
from provisioner.sandbox import paths
from provisioner.sandbox.kinds import UNKNOWN, Failure, Properties

_PRIMITIVES: Mapping[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}
_ARTICLES = {"string": "a string", "integer": "a whole number", "number": "a number", "boolean": "true or false"}


@dataclass(frozen=True, slots=True)
class Schema:
    """One package's generated document."""

    document: Mapping[str, Any]

    def check(self, token: str, inputs: Properties) -> tuple[Failure, ...]:
        """Every failure of a resource's inputs. Raises `SandboxError` where the document lacks the type."""
        resources = self.document.get("resources", {})
        if token not in resources:
            raise SandboxError(f"{token} has no schema: run `python -m provisioner.sandbox.schemas.generate`")
        return tuple(self._object(resources[token], inputs, ()))

    def _object(self, shape: Mapping[str, Any], found: Properties, steps: tuple[paths.Step, ...]) -> Iterator[Failure]:
        properties: Mapping[str, Any] = shape["properties"]
        for name in shape["required"]:
            if found.get(name) is None:
                yield Failure(property=paths.write((*steps, name)), reason=f"missing required property '{name}'")
        for name, value in found.items():
            place = (*steps, name)
            if name in properties:
                yield from self._value(properties[name], value, place)
            elif not name.startswith("__"):  # the engine's and the SDKs' own marks: `__defaults`, `__internal`
                close = nearest(name, properties)
                hint = f"; did you mean '{close}'?" if close else ""
                yield Failure(property=paths.write(place), reason=f"unknown property '{name}'{hint}")

    def _value(self, wanted: Any, found: object, steps: tuple[paths.Step, ...]) -> Iterator[Failure]:
        if found is None or found is UNKNOWN or wanted == "any" or _is_special(found):
            return
        if isinstance(wanted, str):
            yield from _primitive(wanted, found, steps)
            return
        ((form, detail),) = cast("Mapping[str, Any]", wanted).items()
        match form:
            case "list" if isinstance(found, list):
                for index, item in enumerate(cast("list[object]", found)):
                    yield from self._value(detail, item, (*steps, index))
            case "map" if isinstance(found, Mapping):
                for name, item in cast("Properties", found).items():
                    yield from self._value(detail, item, (*steps, name))
            case "object" if isinstance(found, Mapping):
                yield from self._object(self.document["types"][detail], cast("Properties", found), steps)
            case "enum":
                yield from self._enum(detail, found, steps)
            case "any-of":
                yield from self._any_of(detail, found, steps)
            case _:
                kind = {"list": "a list", "map": "a map", "object": "an object"}[form]
                yield _failure(steps, kind, found)

    def _enum(self, name: str, found: object, steps: tuple[paths.Step, ...]) -> Iterator[Failure]:
        values: Sequence[object] = self.document["enums"][name]
        if found not in values:
            yield _failure(steps, "one of " + ", ".join(str(value) for value in values), found)

    def _any_of(self, members: Sequence[Any], found: object, steps: tuple[paths.Step, ...]) -> Iterator[Failure]:
        attempts = [list(self._value(member, found, steps)) for member in members]
        if all(attempts):
            yield from min(attempts, key=len)


def _primitive(wanted: str, found: object, steps: tuple[paths.Step, ...]) -> Iterator[Failure]:
    if wanted == "asset":
        yield _failure(steps, "an asset or archive", found)
        return
    is_boolean = isinstance(found, bool)
    if not isinstance(found, _PRIMITIVES[wanted]) or is_boolean != (wanted == "boolean"):
        yield _failure(steps, _ARTICLES[wanted], found)


def _failure(steps: tuple[paths.Step, ...], expected: str, found: object) -> Failure:
    """Says the found value's type and not the value, which may be a secret; enumerations have no secrets."""
    shown = f"'{found}'" if expected.startswith("one of") and isinstance(found, str | int | float) else _type_name(found)
    return Failure(property=paths.write(steps), reason=f"expected {expected}, got {shown}")


def _type_name(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"


def _is_special(value: object) -> bool:
    return isinstance(value, Mapping) and SIGNATURE in value
