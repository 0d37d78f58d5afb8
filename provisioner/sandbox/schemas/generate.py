"""Writes `schemas/<package>.json` for every type that a kind simulates. Run by hand after adding a kind:

    python -m provisioner.sandbox.schemas.generate [--package aws]

Needs the cloud's SDK (`uv sync --extra aws`); the sandbox itself never imports one.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from provisioner.sandbox.registry import FOLDERS, discover
from provisioner.sandbox.schemas.introspect import Schemas

FOLDER = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description="Generate the sandbox's schemas from the cloud SDKs.")
    parser.add_argument("--package", choices=sorted(FOLDERS), action="append", help="only this package; may be repeated")
    for package in parser.parse_args().package or sorted(FOLDERS):
        tokens = discover(package).kinds
        (FOLDER / f"{package}.json").write_text(generate(package, tokens), encoding="utf-8")
        print(f"{package}: {len(tokens)} types")


def generate(package: str, tokens: Iterable[str]) -> str:
    """The JSON document of a package: one line a type, so that a change of the SDK reads well in a diff."""
    schemas = Schemas(package)
    for token in tokens:
        schemas.add(token)
    sections = (f"{json.dumps(name)}: {_lines(entries)}" for name, entries in schemas.document().items())
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _lines(entries: Mapping[str, Any]) -> str:
    lines = (f"  {json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}" for name, entry in entries.items())
    return "{\n" + ",\n".join(lines) + "\n}"


if __name__ == "__main__":
    main()
