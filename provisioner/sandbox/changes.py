"""What differs between old and new inputs, and whether the cloud can change it in place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Literal, cast

from provisioner.sandbox import paths
from provisioner.sandbox.kinds import Properties

How = Literal["add", "delete", "update"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed property. `steps` lead to it; `replaces` where the cloud cannot change it in place."""

    steps: tuple[paths.Step, ...]
    how: How
    replaces: bool = False

    @property
    def path(self) -> str:
        return paths.write(self.steps)


def find_changes(
    olds: Properties, news: Properties, *, immutable: Iterable[str], ignored: Iterable[str] = ()
) -> tuple[Change, ...]:
    """Every change from `olds` to `news`, except at or below the paths in `ignored`."""
    fixed = tuple(immutable)
    left_out = tuple(paths.plain(path) for path in ignored)
    found = (change for change in _compare(olds, news, ()) if not _is_under(paths.pattern(change.steps), left_out))
    return tuple(_with_replacement(fixed, change, olds, news) for change in found)


def shrunk(grows_only: Iterable[str], olds: Properties, news: Properties) -> frozenset[str]:
    """The properties of these that are smaller than before."""
    return frozenset(name for name in grows_only if _is_less(news.get(name), olds.get(name)))


def _is_less(new: object, old: object) -> bool:
    if isinstance(new, str) and isinstance(old, str):
        return not IPv4Network(old).subnet_of(IPv4Network(new))
    return isinstance(new, int | float) and isinstance(old, int | float) and new < old


def _compare(old: object, new: object, steps: tuple[paths.Step, ...]) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _compare_objects(cast("Properties", old), cast("Properties", new), steps)
    elif isinstance(old, list) and isinstance(new, list):
        olds, news = cast("list[object]", old), cast("list[object]", new)
        for index in range(max(len(olds), len(news))):
            before = olds[index] if index < len(olds) else None
            after = news[index] if index < len(news) else None
            yield from _compare(before, after, (*steps, index))
    elif old is None and new is not None:
        yield Change(steps=steps, how="add")
    elif old is not None and new is None:
        yield Change(steps=steps, how="delete")
    elif old != new:
        yield Change(steps=steps, how="update")


def _compare_objects(olds: Properties, news: Properties, steps: tuple[paths.Step, ...]) -> Iterator[Change]:
    for name in sorted(olds.keys() | news.keys()):
        yield from _compare(olds.get(name), news.get(name), (*steps, name))


def _with_replacement(immutable: Iterable[str], change: Change, olds: Properties, news: Properties) -> Change:
    place = paths.pattern(change.steps)
    replaces = any(_reaches(place, pattern, olds, news) for pattern in immutable)
    return Change(steps=change.steps, how=change.how, replaces=replaces)


def _reaches(place: str, pattern: str, olds: Properties, news: Properties) -> bool:
    """Whether a change at `place` touches an immutable property: at it, below it, or above it with another value there."""
    wanted = paths.plain(pattern)
    if _is_under(place, (wanted,)):
        return True
    return wanted.startswith(f"{place}.") and _values(olds, pattern) != _values(news, pattern)


def _values(properties: Properties, pattern: str) -> list[Any]:
    return [value for _, value in paths.values(properties, pattern)]


def _is_under(place: str, patterns: Iterable[str]) -> bool:
    return any(place == pattern or place.startswith(f"{pattern}.") for pattern in patterns)
