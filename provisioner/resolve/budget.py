"""How much work one file may cause, counted in steps, so that the answer is the same on every machine.

Inheritance, groups and expressions multiply what is written: a few lines can mean millions of values. Each file pays for the
definitions in it, and beyond its budget it is refused, once.
"""

from typing import Final

from provisioner.errors import Place, Problems

MAXIMUM_INHERITED: Final = 100_000
"""Values that the definitions of one file inherit. A definition of the open corpus has fewer than 800."""
MAXIMUM_WORK: Final = 1_000_000
"""Steps, about a microsecond each: items of expressions, pieces of 64 characters, elements of lists, values passed on."""
PROBLEM: Final = 1000
"""Steps that a problem with a name or an expression costs: the nearest name is looked for."""


class ExhaustedError(Exception):
    """The work stops here; that it does has been reported."""


class Budgets:
    """What every file of a catalog has left."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.inherited: dict[str, int] = {}
        self.work: dict[str, int] = {}

    def inherit(self, amount: int, place: Place) -> bool:
        """Charge `amount` inherited values to the file of `place`; False where it has not so many left."""
        before = self.inherited.get(place.file, 0)
        self.inherited[place.file] = before + amount
        if before <= MAXIMUM_INHERITED < before + amount:
            message = f"the definitions of this file inherit more than {MAXIMUM_INHERITED} values; the rest is not resolved"
            self.problems.error("too-much-work", place, message, hint="split it into several files, or inherit less")
        return before + amount <= MAXIMUM_INHERITED

    def spend(self, steps: int, place: Place) -> None:
        """Charge `steps` to the file of `place`. Raises `ExhaustedError` where it has not so many left."""
        before = self.work.get(place.file, 0)
        self.work[place.file] = before + steps
        if before + steps <= MAXIMUM_WORK:
            return
        if before <= MAXIMUM_WORK:
            message = f"the definitions of this file take more than {MAXIMUM_WORK} steps to resolve; the rest is not resolved"
            self.problems.error("too-much-work", place, message, hint="split it into several files, or compute less")
        raise ExhaustedError
