"""Where the catalogue that comes with the project lies."""

from collections.abc import Sequence
from pathlib import Path


def catalogue_folder() -> Path:
    """`_catalogue` in an installed wheel, `blueprints` in the source tree."""
    package = Path(__file__).parent.parent
    installed = package / "_catalogue"
    return installed if installed.is_dir() else package.parent / "blueprints"


def sources(own: Sequence[Path]) -> tuple[Path, ...]:
    """The catalogue, then the user's own folders: what is loaded later wins. The catalogue is not loaded twice."""
    catalogue = catalogue_folder()
    return (catalogue, *(folder for folder in own if folder.resolve() != catalogue.resolve()))
