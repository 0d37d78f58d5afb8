"""The simulated cloud as a kind sees it while one call runs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from provisioner.sandbox.kinds import Properties, Stored
from provisioner.sandbox.state import Resource, State


class StateWorld:
    """Reads and changes the state inside the running transaction.

    While a resource is changed or deleted it is left out (`without`), so that an overlap is one with another resource; and
    the counters give it the numbers that it took when it was created (`taken`), so that its addresses stay. A function
    finds what is to be seen (`seen_only`); a kind's own rules hold against everything that exists.
    """

    def __init__(
        self, state: State, *, without: int = 0, taken: Mapping[str, Sequence[int]] | None = None, seen_only: bool = False
    ) -> None:
        self._state = state
        self._seen_only = seen_only
        self._without = without
        self._replay = {counter: list(numbers) for counter, numbers in (taken or {}).items()}
        self.taken = dict[str, list[int]]()

    def all(self, token: str) -> Iterable[Stored]:
        found = self._state.select("token = ? AND number <> ?", token, self._without)
        return [_stored(resource) for resource in found if not (self._seen_only and self.is_late(resource))]

    def is_late(self, resource: Resource) -> bool:
        """Whether a resource exists and is not to be seen yet."""
        return self._state.is_late(resource)

    def get(self, token: str, id: str) -> Stored | None:
        found = self.locate(token, {"id": id})
        return _stored(found) if found else None

    def find(self, token: str, **properties: object) -> Stored | None:
        found = self.locate(token, properties)
        return _stored(found) if found else None

    def locate(self, token: str, properties: Mapping[str, object]) -> Resource | None:
        """`find`, with everything that is stored. Dots in a property's name go into objects; `id` is the resource's own."""
        conditions = ["token = ?", "number <> ?"]
        values: list[object] = [token, self._without]
        for name, value in properties.items():
            if name == "id":
                conditions.append("id = ?")
                values.append(value)
            else:
                conditions.append("json_extract(outputs, ?) IS ?")
                values += [_json_path(name), _json_value(value)]
        found = next(iter(self._state.select(" AND ".join(conditions), *values)), None)
        return None if found is not None and self._seen_only and self.is_late(found) else found

    def take(self, counter: str) -> int:
        replay = self._replay.get(counter)
        number = replay.pop(0) if replay else self._state.take(counter)
        self.taken.setdefault(counter, []).append(number)
        return number

    def update(self, resource: Stored, properties: Properties) -> None:
        found = self._state.get(resource.token, resource.id)
        if found is not None:
            self._state.save(replace(found, outputs={**found.outputs, **properties}))

    def forget(self, resource: Stored) -> None:
        found = self._state.get(resource.token, resource.id)
        if found is not None:
            self._state.delete(found)


def _stored(resource: Resource) -> Stored:
    return Stored(token=resource.token, id=resource.id, name=resource.name, properties=resource.outputs)


def _json_path(name: str) -> str:
    return "$" + "".join(f'."{part}"' for part in name.split("."))


def _json_value(value: object) -> object:
    """As SQLite compares it: lists and objects as compact JSON."""
    return value if isinstance(value, str | int | float | None) else json.dumps(value, separators=(",", ":"))
