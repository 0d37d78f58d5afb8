"""The reference page follows the registry, and the registry has every operator that packages and public documentation use."""

from pathlib import Path

import pytest
import yaml

from provisioner.script.operators import REGISTRY
from provisioner.script.reference import page

ROOT = Path(__file__).parents[2]
KNOWN = yaml.safe_load((ROOT / "tests/cases/script/operators.yaml").read_text("utf-8"))


def test_what_is_written_follows_the_registry() -> None:
    written = (ROOT / "docs/reference/arrowscript.md").read_text("utf-8")
    assert written == page(), "run `python -m provisioner.script.reference`"


@pytest.mark.parametrize("where", KNOWN)
def test_every_operator_is_known(where: str) -> None:
    assert [name for name in KNOWN[where].split() if name not in REGISTRY.by_name] == []


def test_live_operators_are_those_that_ask_running_machines() -> None:
    assert {name for name, operator in REGISTRY.by_name.items() if operator.live} == set(KNOWN["live"].split())
