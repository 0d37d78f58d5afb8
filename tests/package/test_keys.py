"""The table of keys."""

import pytest

from provisioner.package.keys import kinds, rows, section
from provisioner.package.validate import check_scalar

ROWS = [(kind, key) for kind in kinds() for key in rows(kind)]


@pytest.mark.parametrize("kind", kinds())
def test_every_row_is_documented_once(kind: str) -> None:
    paths = [key.path for key in rows(kind)]
    assert len(paths) == len(set(paths))
    assert all(key.doc and not key.doc.endswith(".") for key in rows(kind))


@pytest.mark.parametrize("kind", kinds())
def test_every_section_has_a_row_of_its_own(kind: str) -> None:
    waiting = list(section(kind).keys.items())
    while waiting:
        name, table = waiting.pop()
        assert table.key is not None, name
        waiting.extend((f"{name}.{key}", below) for key, below in table.keys.items())
        if table.each is not None:
            waiting.append((f"{name}.*", table.each))


@pytest.mark.parametrize(("kind", "key"), [row for row in ROWS if row[1].choices and row[1].default], ids=str)
def test_a_default_is_among_the_choices(kind: str, key: object) -> None:
    known = next(row for row in rows(kind) if row is key)
    check_scalar(known, known.default)
