"""What a cloud's components give to its SDK is held against the SDK's own types: strictly, and without a way around them."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
AROUND = re.compile(r"\bAny\b|\bcast\(|#\s*(pyright|type):")


def test_the_types_are_checked_strictly() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pyright"]
    assert settings["typeCheckingMode"] == "strict"
    assert "provisioner" in settings["include"]
    assert not settings.keys() & {"exclude", "ignore"}
    weaker = {"reportMissingTypeStubs"}  # SDKs bring their types in their own code
    assert {name for name, value in settings.items() if name.startswith("report") and value is False} == weaker


def test_no_component_goes_around_them() -> None:
    for file in sorted((ROOT / "provisioner" / "clouds").rglob("*.py")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            assert not AROUND.search(line), f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
