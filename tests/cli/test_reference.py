"""The reference page says what the commands say of themselves."""

from pathlib import Path

from provisioner.cli.main import VERBS
from provisioner.cli.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "command-line.md"


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text() == page(), "run `python -m provisioner.cli.reference > docs/reference/command-line.md`"


def test_every_verb_stands_in_it() -> None:
    for verb in VERBS:
        assert f"\n## provisioner {verb}\n" in PAGE.read_text()
