"""What is written for hosts, read by what reads it there: Quadlet, nftables, cloud-init, systemd and the shell."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from host_programs import check_routes, check_rules, dry_run
from placed_plan import cases, placement, plan

from provisioner.clouds.discovery import clouds
from provisioner.deploy.prepare import Request, prepare
from provisioner.host.bundle import bundles
from provisioner.host.cloud_init import cloud_init
from provisioner.host.delivery import checkable
from provisioner.host.model import Bundle
from provisioner.package.catalog import Catalog, load
from provisioner.package.catalogue import catalogue_folder

NETWORKS = cases("network.yaml")
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI tests@example.com"


@cache
def catalogue() -> Catalog:
    return load((catalogue_folder(),))


def entries() -> list[str]:
    """What each package is run by; n8n in the demo only, because it needs connections."""
    return sorted({*(catalogue().entry(package) for package in catalogue().packages), "demo/platform"} - {"n8n/main"})


@cache
def catalogue_bundles(name: str) -> tuple[Bundle, ...]:
    found = prepare(Request(name=name, cloud="aws", region=clouds()["aws"].default_region))
    return bundles(found.plan, found.placement)


@pytest.mark.parametrize("name", entries())
def test_quadlet_takes_every_unit_of_the_catalogue(name: str, tmp_path: Path) -> None:
    for made in catalogue_bundles(name):
        assert dry_run(checkable(made), tmp_path / made.host) == ""


@pytest.mark.parametrize("case", [*cases("units.yaml"), *NETWORKS], ids=lambda case: case["name"])
def test_quadlet_takes_every_unit_of_the_cases(case: dict[str, Any], tmp_path: Path) -> None:
    for made in bundles(plan(case), placement(case)):
        assert dry_run(checkable(made), tmp_path / made.host) == ""


@pytest.mark.parametrize("case", NETWORKS, ids=lambda case: case["name"])
def test_nftables_takes_the_rules(case: dict[str, Any]) -> None:
    for made in bundles(plan(case), placement(case)):
        files = {file.path: file.contents for file in made.files}
        switches = [files[slot.rules] for gate in made.gates for slot in gate.slots]
        assert check_rules("\n".join((files["/etc/provisioner/firewall.nft"], *switches))) == ""


def test_the_proxy_takes_the_routes() -> None:
    files = [file for case in NETWORKS for made in bundles(plan(case), placement(case)) for file in made.files]
    found = [file.contents for file in files if file.path == "/etc/provisioner/ingress.cfg"]
    assert found
    assert [check_routes(configuration) for configuration in found] == [""] * len(found)


@pytest.mark.parametrize("case", [*cases("units.yaml"), *NETWORKS], ids=lambda case: case["name"])
def test_the_shell_takes_the_scripts(case: dict[str, Any]) -> None:
    files = [file for made in bundles(plan(case), placement(case)) for file in made.files]
    scripts = {file.contents for file in files if file.contents.startswith("#!/bin/sh")}
    for script in scripts:
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)


@pytest.mark.skipif(shutil.which("cloud-init") is None, reason="the Debian package cloud-init is not installed")
@pytest.mark.parametrize("key", ["", KEY])
def test_cloud_init_takes_the_document(key: str, tmp_path: Path) -> None:
    document = tmp_path / "user-data"
    document.write_text(cloud_init(key))
    done = subprocess.run(["cloud-init", "schema", "-c", str(document)], capture_output=True, text=True, check=False)
    assert (done.returncode, "Valid" in done.stdout) == (0, True), done.stderr
