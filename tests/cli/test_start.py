"""The command line starts quickly: what is heavy is imported by the verbs that need it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"pulumi", "pydantic", "grpc", "google.protobuf", "rich", "numpy", "scipy", "jsonschema", "sqlite3"}
PROGRAM = """
import sys
sys.argv = ["provisioner", *{words!r}]
from provisioner.cli.main import main
try:
    main()
except SystemExit as ended:
    print("status", ended.code, file=sys.stderr)
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    [("--help",), ("check", "blueprints/postgresql"), ("check", "blueprints/postgresql", "--json"), ("explode",)],
    ids=" ".join,
)
def test_a_light_verb_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(words=words)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    modules = set(done.stderr.rsplit("\n", 2)[-2].split())
    assert "provisioner.cli.main" in modules
    assert not modules & HEAVY
