"""Finds the clouds: every folder beside this file with a module `cloud` that holds `CLOUD`."""

import functools
import importlib
import types
from collections.abc import Mapping
from pathlib import Path

from provisioner.clouds.contract import Cloud


@functools.cache
def clouds() -> Mapping[str, Cloud]:
    """Every cloud by its name in a target, in alphabetical order. Imports no Pulumi and no cloud SDK."""
    folders = sorted(path.parent.name for path in Path(__file__).parent.glob("*/cloud.py"))
    found = (_load(folder) for folder in folders)
    return types.MappingProxyType({cloud.name: cloud for cloud in found})


def _load(folder: str) -> Cloud:
    module = importlib.import_module(f"provisioner.clouds.{folder}.cloud")
    cloud: Cloud = module.CLOUD
    return cloud
