"""Every simulated type against what its SDK class accepts and returns."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from provisioner.sandbox import paths, registry
from provisioner.sandbox.kinds import Kind
from provisioner.sandbox.registry import Catalog, load_catalogs

FOLDER = Path(registry.__file__).parent / "schemas"
CATALOGS = load_catalogs()
KINDS = [pytest.param(catalog, kind, id=kind.token) for catalog in CATALOGS.values() for kind in catalog.kinds.values()]


@pytest.mark.parametrize(("catalog", "kind"), KINDS)
def test_kind_speaks_of_properties_that_exist(catalog: Catalog, kind: Kind) -> None:
    shape = catalog.schemas["resources"][kind.token]
    named = [*(kind.defaults or {}), *kind.immutable, *kind.reshaped, *(rule.property for rule in kind.references)]
    if kind.autoname:
        named.append(kind.autoname.property)
    assert {paths.plain(name).partition(".")[0] for name in named} - shape["properties"].keys() == set()
    assert set(kind.computed) - set(shape["outputs"]) == set()


@pytest.mark.parametrize(("catalog", "kind"), KINDS)
def test_references_lead_to_simulated_types(catalog: Catalog, kind: Kind) -> None:
    for rule in kind.references:
        assert set(rule.tokens) - catalog.kinds.keys() == set(), rule.property
        rule.missing.format(token="t", value="v")
        rule.in_use.format(token="t", id="i", dependent="d")


@pytest.mark.parametrize("package", sorted(CATALOGS))
def test_schemas_cover_the_kinds(package: str) -> None:
    stale = CATALOGS[package].kinds.keys() ^ CATALOGS[package].schemas["resources"].keys()
    assert stale == set(), f"run `python -m provisioner.sandbox.schemas.generate --package {package}`"


@pytest.mark.engine
def test_committed_schemas_are_those_of_the_sdk() -> None:
    if find_spec("pulumi_aws") is None:
        pytest.skip("pulumi_aws is not installed")
    script = "from provisioner.sandbox.schemas.generate import *; print(generate('aws', discover('aws').kinds), end='')"
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert made.stdout == (FOLDER / "aws.json").read_text(encoding="utf-8")
