"""Property paths: the engine's `tags["a.b"][0].key`, and the patterns of a kind, `networkInterfaces[].subnetwork`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

Step = str | int

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def write(steps: Iterable[Step]) -> str:
    """`("tags", "a.b", 0)` as `tags["a.b"][0]`."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text


def pattern(steps: Iterable[Step]) -> str:
    """The steps with their list positions left out: `networkInterfaces.subnetwork`."""
    return ".".join(step for step in steps if isinstance(step, str))


def plain(path: str) -> str:
    """A kind's pattern, or the engine's path, in the form of `pattern`: `a[].b` and `a[0].b` as `a.b`."""
    return re.sub(r"\[(\d*|\*)\]", "", path)


def values(properties: object, path: str) -> Iterator[tuple[str, Any]]:
    """Every value that a kind's pattern reaches, with its own path. Absent ones are passed over."""
    yield from _walk(properties, path.replace("[]", ".[]").split("."), ())


def _walk(value: object, rest: Sequence[str], steps: tuple[Step, ...]) -> Iterator[tuple[str, Any]]:
    if not rest:
        yield write(steps), value
    elif rest[0] == "[]" and isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _walk(item, rest[1:], (*steps, index))
    elif isinstance(value, Mapping):
        found = cast("Mapping[str, object]", value)
        if found.get(rest[0]) is not None:
            yield from _walk(found[rest[0]], rest[1:], (*steps, rest[0]))
