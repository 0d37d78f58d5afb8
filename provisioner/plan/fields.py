"""A section of a blueprint, read key by key. Every mistake is reported at its place; reading goes on with the default."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from provisioner.errors import Place, Problems, nearest
from provisioner.plan.readers import UnreadableError, found
from provisioner.resolve.model import Field, Later, Parts

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A mapping of the blueprint. An absent or empty one reads as all defaults."""

    field: Field
    problems: Problems

    @property
    def place(self) -> Place:
        return self.field.place

    @property
    def fields(self) -> dict[str, Field]:
        return cast("dict[str, Field]", self.field.value) if _is_mapping(self.field) else {}

    def __contains__(self, key: str) -> bool:
        return key in self.fields

    def place_of(self, key: str) -> Place:
        """Where `key` stands, or would stand."""
        if key in self.fields:
            return self.fields[key].place
        return self.place._replace(path=f"{self.place.path}/{key}")

    def section(self, key: str) -> "Section":
        """The mapping under `key`; an empty one where it is absent or not a mapping (which is reported)."""
        field = self.fields.get(key, Field(value={}, place=self.place_of(key)))
        if field.value is not None and not isinstance(field.value, dict):
            self.problems.error("wrong-type", field.place, f"expected a mapping, found {found(field.value)}")
        return Section(field=field, problems=self.problems)

    def sections(self) -> Iterator[tuple[str, "Section"]]:
        """Every key with the mapping under it, in the order written."""
        return ((key, self.section(key)) for key in self.fields)

    def only(self, *known: str) -> None:
        """Report every key that is not one of `known`."""
        for key, field in self.fields.items():
            if key not in known:
                close = nearest(key, known)
                hint = f"did you mean {close}?" if close else f"known keys are {', '.join(known)}"
                self.problems.error("unknown-key", field.place, f'unknown key "{key}"', hint=hint)

    def require(self, *keys: str) -> None:
        """Report every one of `keys` that is absent."""
        for key in keys:
            if key not in self.fields:
                self.problems.error("missing-key", self.place, f"{key} is missing", hint=f"state {key} here")

    def read(self, key: str, reader: Callable[[object], Value], *, default: Value) -> Value:
        """The value of `key` as `reader` makes of it; `default` where it is absent, or cannot be read (reported)."""
        return self._convert(self.fields[key], default, reader) if key in self.fields else default

    def read_list(self, key: str, reader: Callable[[object], Value]) -> tuple[Value, ...]:
        """Every element of the list under `key`. One scalar reads as a list of one."""
        if key not in self.fields:
            return ()
        field = self.fields[key]
        elements = cast("list[Field]", field.value) if _is_list(field) else [field]
        values = [self._convert(element, None, reader) for element in elements]
        return tuple(value for value in values if value is not None)

    def _convert(self, field: Field, default: Value, reader: Callable[[object], Value]) -> Value:
        if isinstance(field.value, Parts):
            secret = not any(isinstance(piece, Later) for piece in field.value.pieces)
            what = "a secret" if secret else "a value that is known only after the deploy"
            message = f"expected a value that is known before the deploy, found {what}: {field.value}"
            self.problems.error("not-known-yet", field.place, message)
            return default
        try:
            return reader(field.value)
        except UnreadableError as error:
            self.problems.error(error.code, field.place, str(error), hint=error.hint)
            return default


def plain(value: object, place: Place) -> Field:
    """Plain data, as YAML and JSON give it, as evaluated fields, so that a section reads it."""
    if isinstance(value, dict):
        mapping = cast("dict[object, object]", value)
        return Field(value={str(key): plain(one, _below(place, key)) for key, one in mapping.items()}, place=place)
    if isinstance(value, list):
        listed = cast("list[object]", value)
        return Field(value=[plain(one, _below(place, number)) for number, one in enumerate(listed)], place=place)
    return Field(value=value, place=place)


def _below(place: Place, key: object) -> Place:
    return place._replace(path=f"{place.path}/{key}")


def _is_mapping(field: Field) -> bool:
    return isinstance(field.value, dict)


def _is_list(field: Field) -> bool:
    return isinstance(field.value, list)
