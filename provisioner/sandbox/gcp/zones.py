"""Regions, zones and the machine types in them. Regions and machine types are those that the project has prices of."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Final

from provisioner.sandbox.kinds import CloudRefusal

DATA: Final = Path(__file__).parent.parent.parent / "clouds" / "gcp"

ZONES: Final = {"us-central1": "abcf", "us-east1": "bcd", "europe-west1": "bcd"}
"""Letters of a region's zones where they are not a, b and c (cloud.google.com/compute/docs/regions-zones)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    arch: str
    gpus: int
    vcpus: int
    """Whole ones, as quotas count them."""


def region_of(zone: str) -> str:
    return zone.rpartition("-")[0]


def check_region(region: str) -> None:
    if region not in machines_by_region():
        raise CloudRefusal(f"googleapi: Error 400: Invalid value for field 'region': '{region}'. Unknown region., invalid")


def check_zone(zone: str) -> None:
    region, _, letter = zone.rpartition("-")
    if region not in machines_by_region() or letter not in tuple(ZONES.get(region, "abc")):
        raise CloudRefusal(f"googleapi: Error 400: Invalid value for field 'zone': '{zone}'. Unknown zone., invalid")


def find_machine(project: str, zone: str, machine: str) -> Machine:
    """Raises `CloudRefusal` where the zone's region does not have the type."""
    if machine not in machines_by_region()[region_of(zone)]:
        path = f"projects/{project}/zones/{zone}/machineTypes/{machine}"
        raise CloudRefusal(f"googleapi: Error 404: The resource '{path}' was not found, notFound")
    return machines()[machine]


@cache
def machines() -> Mapping[str, Machine]:
    with (DATA / "machines.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["machine"]: Machine(arch=row["arch"], gpus=int(row["gpu"]), vcpus=ceil(float(row["vcpu"])))
            for row in csv.DictReader(file)
        }


@cache
def machines_by_region() -> Mapping[str, frozenset[str]]:
    found = dict[str, set[str]]()
    with (DATA / "prices.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "machine":
                found.setdefault(row["region"], set()).add(row["item"])
    return {region: frozenset(names) for region, names in found.items()}
