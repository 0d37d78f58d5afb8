"""Which connections a host's rules let through, read back from the rules themselves."""

import re
from typing import Any

import pytest
from placed_plan import cases, placement, plan

from provisioner.errors import Problems
from provisioner.host.addresses import NONE, allocate
from provisioner.host.bundle import bundles
from provisioner.host.model import Bundle

CASES = cases("network.yaml")


def elements(made: Bundle, name: str) -> list[list[str]]:
    text = next(file.contents for file in made.files if file.path == "/etc/provisioner/firewall.nft")
    found = re.search(rf"set {name} {{\n[^}}]*?elements = {{([^}}]*)}}", text)
    return [row.strip().split(" . ") for row in found[1].split(",")] if found else []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_rules_let_through_what_is_declared_and_nothing_else(case: dict[str, Any]) -> None:
    addresses = allocate(plan(case), placement(case), NONE, Problems())
    names = {address: name for name, address in addresses.containers.items()}
    names |= {f"10.210.{number}.254": host for host, number in addresses.hosts.items()}
    for made in bundles(plan(case), placement(case)):
        declared = [f"{names[row[0]]} > {names[row[1]]} {row[2]} {row[3]}" for row in elements(made, "declared")]
        together = [f"{names[row[0]]} > {names[row[1]]}" for row in elements(made, "together")]
        published = [" ".join(row) for row in elements(made, "published")]
        assert sorted(declared) == case.get("declared", {}).get(made.host, [])
        assert sorted(together) == case.get("together", {}).get(made.host, [])
        assert published == case.get("published", {}).get(made.host, [])
