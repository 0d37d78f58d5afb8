"""Every operator of ArrowScript, by family. A family is a file with a tuple `OPERATORS`."""

from typing import Final

from provisioner.script.operators import (
    collections,
    internals,
    json,
    live,
    logic,
    numbers,
    random,
    secrets,
    text,
    topology,
    types,
)
from provisioner.script.operators.registry import Registry

FAMILIES: Final = (text, logic, numbers, types, collections, json, internals, topology, secrets, random, live)

REGISTRY: Final = Registry()
"""All operators by name and alias."""

for family in FAMILIES:
    REGISTRY.add(*family.OPERATORS)
