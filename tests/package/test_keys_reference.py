"""What is generated from the table of keys: the reference page and the editor's schema."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from provisioner.package.manifest import DIRECTIVES
from provisioner.package.reference import documents
from provisioner.package.schema import schema

ROOT = Path(__file__).parents[2]
CATALOGUE = [path for path in sorted((ROOT / "blueprints").rglob("*.yaml")) if "\nnamespace" in f"\n{path.read_text()}"]
WRONG = [
    ("web: {defines: runnable, containers: {a: {imag: nginx}}}", "imag"),
    ("web: {defines: runnable, services: {http: {port: 99999}}}", "99999"),
    ("one: {defines: blueprint, network: {egress: natt}}", "natt"),
    ("one: {defines: blueprint, network: {cidr: 10.0.0.0}}", "10.0.0.0"),
    ("one: {defines: blueprint, secrets: {db: {generate: 4}}}", "4"),
    ("web: {defines: group, members: ./one}", "./one"),
]


@pytest.mark.parametrize("name", documents())
def test_what_is_written_follows_the_table(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text("utf-8")
    assert written == documents()[name], "run `python -m provisioner.package.reference`"


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_the_catalogue_keeps_to_the_editors_schema(path: Path) -> None:
    document = yaml.safe_load(path.read_text("utf-8"))
    jsonschema.validate(document, dict(schema()))


@pytest.mark.parametrize(("text", "found"), WRONG, ids=lambda word: str(word)[:40])
def test_the_editors_schema_finds_mistakes(text: str, found: str) -> None:
    document: Any = {"namespace": "shop", **yaml.safe_load(text)}
    with pytest.raises(jsonschema.ValidationError, match=re.escape(found)):
        jsonschema.validate(document, dict(schema()))


def test_the_schema_takes_what_the_language_takes() -> None:
    text = """\
namespace: shop
base: {containers: {a: {image: nginx, restart: no, resources: {cpu: <- $cpu, memory: 512MiB}}}, variables: {cpu: 2}}
web:
  defines: runnable
  inherits: ./base
  containers:
    defines: containers
    a: {image-tag: 3.10, paths!0: "/a:/b", entrypoint: [a, b]}
  files: {one: {container: a, path: /x, contents: <<< x.conf, mode: 0644, raw: true}}
  services: {http: {port: <- $port, protocol: TCP}}
all: {defines: process-group, runnable-list: [/shop/web]}
zone: {defines: aws/zone, anything: {goes: here}}
"""
    jsonschema.validate(yaml.safe_load(text), dict(schema()))


def test_every_directive_is_documented() -> None:
    assert all(DIRECTIVES.values())
