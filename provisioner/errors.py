"""Everything that can go wrong, as one tree.

    ProvisionerError
    ├── InputError          problems in what the user wrote (exit status 1); carries every problem found
    │   └── BudgetError     the plan costs more than its budget allows
    ├── UsageError          the command was called wrongly (exit status 2)
    ├── EngineError         no usable Pulumi engine, or it failed
    ├── SandboxError        the simulated clouds cannot be started or reached
    ├── MissingPrice        no price for an item in a region (`prices.tariff`): reported, never counted as free
    ├── AmbiguousPrice      several prices for one item (`prices.tariff`)
    ├── FetchError          a cloud's price list cannot be had (`prices.refresh.fetch`)
    └── HostError           a host refused a bundle, or cannot be reached

A `Problem` says where, what was found, what was expected and, in `hint`, what to do. Stages collect problems in
`Problems` and raise once, so that several mistakes are reported together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Place(NamedTuple):
    """A spot in a source file. `line` and `column` count from 1; 0 means unknown. `path` names the key, `ns/name/section`.

    A tuple, as nodes are: a folder of packages makes a hundred thousand of them.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        numbers = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{numbers} {self.path}".strip()


NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding. `code` is a stable kebab-case word that `provisioner explain` knows."""

    severity: Severity
    code: str
    message: str
    place: Place = NOWHERE
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        label = "" if self.severity == "error" else f"{self.severity}: "
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{label}{self.message}{hint}"


class ProvisionerError(Exception):
    """The root: whatever this project raises on purpose."""


class InputError(ProvisionerError):
    """What the user wrote cannot be used. `problems` holds at least one error."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BudgetError(InputError):
    """The estimate is over a hard budget: nothing may be created."""


class UsageError(ProvisionerError):
    """The command line was used wrongly."""


class EngineError(ProvisionerError):
    """The Pulumi engine is missing, too old, or ended with an error."""


class SandboxError(ProvisionerError):
    """The simulated clouds cannot be started or reached."""


class HostError(ProvisionerError):
    """A host refused what it was given, or cannot be reached."""


@dataclass(slots=True)
class Problems:
    """Collects findings in the order found, without repeats."""

    _found: dict[Problem, None] = field(default_factory=dict[Problem, None])
    _counts: Counter[Severity] = field(default_factory=Counter[Severity])

    def add(self, problem: Problem) -> None:
        if problem not in self._found:
            self._found[problem] = None
            self._counts[problem.severity] += 1

    def count(self, severity: Severity) -> int:
        """How many findings of this severity there are."""
        return self._counts[severity]

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(problem)

    def error(self, code: str, place: Place, message: str, *, hint: str = "") -> None:
        self.add(Problem(severity="error", code=code, message=_short(message), place=place, hint=hint))

    def warning(self, code: str, place: Place, message: str, *, hint: str = "") -> None:
        self.add(Problem(severity="warning", code=code, message=_short(message), place=place, hint=hint))

    def note(self, code: str, place: Place, message: str, *, hint: str = "") -> None:
        self.add(Problem(severity="note", code=code, message=_short(message), place=place, hint=hint))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self if problem.severity == "error")

    def raise_errors(self) -> None:
        """Raise `InputError` with every error found; return when there is none."""
        if self.errors:
            raise InputError(self.errors)


_LONGEST: Final = 1000


def _short(message: str) -> str:
    """A message that quotes what was found is no longer than people read."""
    return message if len(message) <= _LONGEST else f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 4 :]}"


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to `name`, or "" where none is close: for hints.

    Among many names only those of about the same length and with the same first letter are compared, 40 at most, so that
    a file full of wrong names costs no more than its size.
    """
    import difflib

    names = [*known]
    if len(names) > 100 or len(name) > 100:
        names = [one for one in names if one[:1] == name[:1] and abs(len(one) - len(name)) <= 3 and len(one) <= 100]
        names = sorted(names)[:40]
    names.sort()
    return next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.6)), "")
