"""The tables of the providers whose types are billed, by Pulumi package, and the packages that no cloud bills."""

from typing import Final

from provisioner.cost.resources import aws, azure, gcp

TABLES: Final = {"aws": aws.TABLE, "gcp": gcp.TABLE, "azure-native": azure.TABLE}

UNBILLED: Final = frozenset({"pulumi", "provisioner", "random", "tls", "command", "local", "null", "std", "time"})
"""Packages whose resources exist in the state, on the machine that deploys, or on hosts that are billed already."""


def package(kind: str) -> str:
    return kind.partition(":")[0]


def billed_types() -> int:
    """How many types have a row."""
    return sum(len(table.rows) for table in TABLES.values())
