"""The document that prepares every machine, and the script in it that touches disks, run on real loop devices."""

import os
import re
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.host.cloud_init import FOLDERS, LIMIT, PACKAGES, cloud_init

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI tests@example.com"


def written(document: str) -> dict[str, Any]:
    return yaml.safe_load(document)


def test_the_document_prepares_a_machine_and_fits_every_cloud() -> None:
    document = cloud_init(KEY)
    assert document.startswith("#cloud-config\n")
    assert len(document.encode()) < LIMIT
    parsed = written(document)
    assert parsed["packages"] == list(PACKAGES)
    assert parsed["users"][1]["name"] == "provisioner"
    assert parsed["users"][1]["ssh_authorized_keys"] == [KEY]
    assert parsed["runcmd"][0] == ["mkdir", "-p", *FOLDERS]


def test_without_a_key_nobody_is_let_in() -> None:
    assert "ssh_authorized_keys" not in cloud_init()
    assert cloud_init("  ") == cloud_init()


def test_the_document_knows_no_workload() -> None:
    """The same input, the same bytes: a machine is never replaced because of what it runs."""
    assert cloud_init(KEY) == cloud_init(f"{KEY}\n")
    assert not re.search(r"image|container name|password", cloud_init(KEY), re.IGNORECASE)


def test_the_disk_unit_runs_the_script_that_is_written() -> None:
    files = {file["path"]: file for file in written(cloud_init())["write_files"]}
    script = files["/usr/local/sbin/provisioner-disk"]
    assert script["permissions"] == "0755"
    assert "ExecStart=/usr/local/sbin/provisioner-disk %i\n" in files["/etc/systemd/system/provisioner-disk@.service"]["content"]
    subprocess.run(["sh", "-n"], input=script["content"], text=True, check=True)


Disk = Callable[[], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def loop(tmp_path: Path) -> Generator[tuple[Path, Disk, Path]]:
    """A blank device of 16 MiB, the script as a call, and the folder where it mounts."""
    if os.geteuid() != 0 or not Path("/dev/loop-control").exists():
        pytest.skip("loop devices need root")
    image, mounted = tmp_path / "disk.img", tmp_path / "mounted"
    image.write_bytes(b"\0" * (16 << 20))
    made = subprocess.run(["losetup", "--find", "--show", str(image)], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no loop device: {made.stderr.strip()}")
    device = Path(made.stdout.strip())
    (tmp_path / "pgdata").write_text(f"DEVICE={device}\nMOUNT={mounted}\n")
    script = tmp_path / "provisioner-disk"
    text = written(cloud_init())["write_files"][0]["content"]
    script.write_text(text.replace("/etc/provisioner/disks", str(tmp_path)))

    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(["sh", str(script), "pgdata"], capture_output=True, text=True, check=False)

    yield device, run, mounted
    subprocess.run(["umount", str(mounted)], capture_output=True, check=False)
    subprocess.run(["losetup", "--detach", str(device)], check=True)


def test_a_blank_disk_is_formatted_once_and_keeps_its_data(loop: tuple[Path, Disk, Path]) -> None:
    _, run, mounted = loop
    assert run().returncode == 0
    (mounted / "kept").write_text("data")
    assert run().returncode == 0
    subprocess.run(["umount", str(mounted)], check=True)
    assert run().returncode == 0
    assert (mounted / "kept").read_text() == "data"


@pytest.mark.parametrize("offset", [0, 4096])
def test_a_disk_with_foreign_data_is_never_formatted(loop: tuple[Path, Disk, Path], offset: int) -> None:
    device, run, _ = loop
    with device.open("r+b") as disk:
        disk.seek(offset)
        disk.write(b"precious")
    done = run()
    assert done.returncode == 1
    assert "data without a file system, which is not ours to format" in done.stderr
    with device.open("rb") as disk:
        disk.seek(offset)
        assert disk.read(8) == b"precious"


def test_a_disk_with_another_file_system_is_left_alone(loop: tuple[Path, Disk, Path]) -> None:
    device, run, _ = loop
    subprocess.run(["mkswap", str(device)], capture_output=True, check=True)
    done = run()
    assert done.returncode == 1
    assert "holds swap, which is not ours to format" in done.stderr
