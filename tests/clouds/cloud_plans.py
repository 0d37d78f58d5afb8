"""Definitions that a test writes itself, planned for a cloud."""

import textwrap
from pathlib import Path

from provisioner.clouds.discovery import targets
from provisioner.deploy.prepare import Prepared, Request, prepare


def planned(folder: Path, cloud: str, text: str, *, name: str = "t/b") -> Prepared:
    """The blueprint `name` of a package's text, in the cloud's own region."""
    (folder / "t.yaml").write_text(textwrap.dedent(text))
    return prepare(Request(name=name, cloud=cloud, region=targets()[cloud].default_region, sources=(folder,)))
