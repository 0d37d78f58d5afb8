"""The programs of a host that read what is written for it: this machine's own, or those of local hosts' root file system."""

import os
import subprocess
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from provisioner.clouds.local import tools
from provisioner.deploy.hosts.local_rootfs import folder, root_file_system
from provisioner.host.model import Unit

QUADLET = Path("usr/libexec/podman/quadlet")


@cache
def root() -> Path:
    """Skips the test, with the reason, where there is neither and none can be made (that takes a minute, once)."""
    for found in (Path("/"), folder()):
        if (found / QUADLET).exists():
            return found
    if reason := tools.reason():
        pytest.skip(f"no programs of a host here: {reason}")
    return root_file_system(print)


def dry_run(units: Iterable[Unit], into: Path) -> str:
    """What Quadlet says to its units among them: "" where it takes them all."""
    into.mkdir(exist_ok=True)
    for unit in units:
        if not unit.name.endswith(".service"):
            (into / unit.name).write_text(unit.text)
    environment = {"QUADLET_UNIT_DIRS": str(into)}
    done = subprocess.run([root() / QUADLET, "-dryrun"], env=environment, capture_output=True, text=True, check=False)
    return done.stderr or "refused without a word" if done.returncode else ""


def check_rules(rules: str) -> str:
    """What nftables says to a rule file: "" where it takes it."""
    return _check(rules, "/usr/sbin/nft", "--check", "--file")


def check_routes(configuration: str) -> str:
    """What HAProxy says to a configuration: "" where it takes it."""
    return _check(configuration, "/usr/sbin/haproxy", "-c", "-f")


def _check(text: str, *words: str) -> str:
    """What a program that ends its words with a file says to one: its errors, "" for none."""
    if os.geteuid() != 0:
        pytest.skip("programs of a host's root file system are run by root only")
    with tempfile.NamedTemporaryFile("w", dir=root() / "tmp") as file:
        file.write(text)
        file.flush()
        command = ["chroot", root(), *words, f"/{Path(file.name).relative_to(root())}"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stderr
