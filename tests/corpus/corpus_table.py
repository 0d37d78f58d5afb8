"""The one table: rows of counted outcomes, with an example of each."""

from collections import Counter, defaultdict
from collections.abc import Sequence


class Table:
    """`count(row, outcome, example)`: examples of every outcome are kept for `--list`."""

    def __init__(self) -> None:
        self.rows: dict[str, Counter[str]] = defaultdict(Counter)
        self.examples: dict[tuple[str, str], list[str]] = defaultdict(list)

    def count(self, row: str, outcome: str, example: str = "") -> None:
        self.rows[row][outcome] += 1
        self.examples[row, outcome].append(example)

    def print(self, wanted: Sequence[str] = ()) -> None:
        width = max(map(len, self.rows), default=0)
        for row, outcomes in self.rows.items():
            words = ", ".join(f"{outcome} {count}" for outcome, count in outcomes.most_common())
            print(f"{row:{width}}  {sum(outcomes.values()):5}  {words}")
        for (row, outcome), examples in self.examples.items():
            if "all" in wanted or row in wanted or outcome in wanted or f"{row} {outcome}" in wanted:
                print(f"\n{row}: {outcome}")
                for example, times in Counter(examples).items():
                    print(f"  {example}" + (f" ({times} times)" if times > 1 else ""))
