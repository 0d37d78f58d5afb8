"""Who gets what, where each thing goes to one at most: hosts take machines, and make way for each other along chains.

Shortest augmenting paths in a bipartite graph: whoever has something keeps having something, and as few as possible change.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """`choices`: by taker what would do, the best first. `holders`: what is taken, by whom; `add` changes it."""

    choices: Mapping[str, tuple[str, ...]]
    holders: dict[str, str]

    def add(self, taker: str, *, fixed: Container[str] = NOBODY, less: Container[str] = NOBODY) -> bool:
        """Whether the taker has something afterwards. The `fixed` never change; one of the `less` may lose what it has."""
        has = {holder: thing for thing, holder in self.holders.items()}
        if taker in has:
            return True
        came: dict[str, str] = {}
        queue = [taker]
        for current in queue:
            for thing in self.choices[current]:
                if thing in came:
                    continue
                came[thing] = current
                holder = self.holders.get(thing)
                if holder is None or (holder in less and holder not in fixed):
                    self._hand_on(taker, thing, came, has)
                    return True
                if holder not in fixed:
                    queue.append(holder)
        return False

    def _hand_on(self, taker: str, thing: str, came: Mapping[str, str], has: Mapping[str, str]) -> None:
        """Along the chain from its end: each gets what was found for it, and leaves what it had to the one before."""
        while True:
            holder = came[thing]
            self.holders[thing] = holder
            if holder == taker:
                return
            thing = has[holder]
