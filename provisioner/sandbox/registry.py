"""Finds what the sandbox simulates: the kinds and functions in `sandbox/<cloud>/<family>.py`, and their schemas."""

import importlib
import json
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from provisioner.errors import SandboxError
from provisioner.sandbox.kinds import Function, Kind

FOLDERS = {"aws": "aws", "gcp": "gcp", "azure-native": "azure"}
"""Provider package to the folder of its kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """What one provider package of the sandbox knows."""

    package: str
    kinds: Mapping[str, Kind]
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
    schemas: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The generated document: `types`, `enums`, `resources`."""

    def kind(self, token: str) -> Kind:
        """Raises `SandboxError` for a type that is not simulated."""
        if token not in self.kinds:
            known = ", ".join(sorted(self.kinds)) or f"nothing of {self.package}"
            raise SandboxError(f"the sandbox does not know {token}; it simulates {known}")
        return self.kinds[token]

    def function(self, token: str) -> Function:
        """Raises `SandboxError` for a function that is not simulated."""
        if token not in self.functions:
            known = ", ".join(sorted(self.functions)) or f"no function of {self.package}"
            raise SandboxError(f"the sandbox does not know the function {token}; it simulates {known}")
        return self.functions[token]


def load_catalogs() -> Mapping[str, Catalog]:
    """Every package's catalogue with its schemas."""
    return {package: discover(package, _read_schemas(package)) for package in FOLDERS}


def discover(package: str, schemas: Mapping[str, Any] | None = None) -> Catalog:
    """Import the kinds of one package. Raises `SandboxError` where two modules list the same token."""
    kinds = dict[str, Kind]()
    functions = dict[str, Function]()
    for name in _module_names(FOLDERS[package]):
        module = importlib.import_module(name)
        listed: Iterable[Kind] = getattr(module, "KINDS", ())
        for kind in listed:
            if kind.token in kinds:
                raise SandboxError(f"{name}: {kind.token} is listed twice")
            kinds[kind.token] = kind
        functions.update(getattr(module, "FUNCTIONS", {}))
    return Catalog(package=package, kinds=kinds, functions=functions, schemas=schemas or {})


def _module_names(folder: str) -> Iterable[str]:
    path = Path(__file__).parent / folder
    return sorted(f"provisioner.sandbox.{folder}.{module.name}" for module in pkgutil.iter_modules([str(path)]))


def _read_schemas(package: str) -> Mapping[str, Any]:
    path = Path(__file__).parent / "schemas" / f"{package}.json"
    if not path.exists():
        return {}
    return json.loads(path.read_text(encoding="utf-8"))
