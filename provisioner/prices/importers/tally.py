"""What an import left out, and why: nothing is dropped without a word."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """`count` rows were left out for `reason`; `example` names the first."""

    reason: str
    count: int
    example: str


@dataclass(slots=True)
class Tally:
    """Counts by reason."""

    _counts: Counter[str] = field(default_factory=Counter[str])
    _examples: dict[str, str] = field(default_factory=dict[str, str])

    def leave_out(self, reason: str, example: str, count: int = 1) -> None:
        self._counts[reason] += count
        self._examples.setdefault(reason, example)

    def __iter__(self) -> Iterator[LeftOut]:
        """The most frequent first."""
        for reason, count in self._counts.most_common():
            yield LeftOut(reason=reason, count=count, example=self._examples[reason])
