"""`docs/reference/secure-defaults.md` is the table of secure defaults in words. `UPDATE_GOLDEN=1 pytest …` writes it."""

import os
from collections.abc import Mapping
from pathlib import Path

from secure_checks import Absent, Cell
from test_secure_asked import ROWS as ASKED
from test_secure_defaults import ROWS

from provisioner.clouds.discovery import clouds

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "secure-defaults.md"
HEAD = """# Secure defaults

What every deployment gets unasked. "set" is set by this project and tested (`tests/clouds/test_secure_defaults.py`, from which
this page is written: a row a rule, a test a cell); other words say why nothing is set. Codes are those of AWS Foundational
Security Best Practices. Whether hosts are behind NAT is the blueprint's `network: {egress: …}`.

"""


WHERE_ASKED = """
## Where it is asked for

What else is set with the keys that ask for it: `network/flow-logs`, `buckets/readers`, `writers`, `secrets/store`
(`tests/clouds/test_secure_asked.py`).

"""


def test_the_page_says_what_is_tested() -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(page())
    assert PAGE.read_text() == page(), "UPDATE_GOLDEN=1 writes the page"


def page() -> str:
    return HEAD + table(ROWS) + WHERE_ASKED + table(ASKED)


def table(rows: Mapping[str, Mapping[str, Cell]]) -> str:
    labels = [cloud.label for cloud in clouds().values()]
    lines = [[rule, *(words(cells[name]) for name in clouds())] for rule, cells in rows.items()]
    return "".join(f"| {' | '.join(line)} |\n" for line in (["rule", *labels], ["---"] * (len(labels) + 1), *lines))


def words(cell: Cell) -> str:
    return f"not set: {cell.reason}" if isinstance(cell, Absent) else "set"
