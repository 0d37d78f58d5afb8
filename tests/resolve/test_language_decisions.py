"""What the language leaves open is decided on one page, and every decision is held by a case that names its number."""

import re
from pathlib import Path

import yaml

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs/reference/language-decisions.md"
FILES = [TESTS / "cases" / name for name in ("resolve", "plan")]


def test_every_decision_has_its_case() -> None:
    rows = [int(number) for number in re.findall(r"^\| (\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)]
    held = {
        case["decision"]
        for folder in FILES
        for file in folder.glob("*.yaml")
        for case in yaml.safe_load(file.read_text("utf-8"))
        if "decision" in case
    }
    assert rows == list(range(1, len(rows) + 1))
    assert set(rows) == held
