"""The reference page says what the clouds say of themselves."""

from pathlib import Path

from provisioner.clouds.contract import CAPABILITIES
from provisioner.clouds.reference import ASKED_BY, page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "clouds.md"


def test_the_page_is_what_the_clouds_say() -> None:
    assert PAGE.read_text() == page(), "run `python -m provisioner.clouds.reference > docs/reference/clouds.md`"


def test_every_capability_is_explained() -> None:
    assert set(ASKED_BY) == set(CAPABILITIES)
