"""Finds the clouds: every folder beside this file with a module `cloud` that holds `CLOUD`."""

import functools
import importlib
import types
from collections.abc import Mapping
from pathlib import Path

from provisioner.clouds.contract import Cloud
from provisioner.clouds.inventory import Inventory


@functools.cache
def clouds() -> Mapping[str, Cloud]:
    """The clouds that sell machines, by their names in a target, in alphabetical order: those that can be compared by price."""
    return types.MappingProxyType({name: cloud for name, cloud in targets().items() if cloud.sells})


@functools.cache
def targets() -> Mapping[str, Cloud]:
    """Whatever a target's `cloud` can say: the clouds, and machines that are there already. Imports no Pulumi, no SDK."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/cloud.py"))
    found = (_load(folder) for folder in folders)
    return types.MappingProxyType({cloud.name: cloud for cloud in found})


def stocked(inventory: Inventory) -> Mapping[str, Cloud]:
    """The targets, those whose machines a stack states with these ones."""
    return {name: cloud.stocked(inventory) if cloud.stocked else cloud for name, cloud in targets().items()}


def _load(folder: str) -> Cloud:
    module = importlib.import_module(f"provisioner.clouds.{folder}.cloud")
    cloud: Cloud = module.CLOUD
    return cloud
