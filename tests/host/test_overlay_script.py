"""Tunnels in the kernel where it can, else in user space: what the host's script runs, with stand-ins for the programs."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioner.host import overlay

KEY = "kE9yKE9yKE9yKE9yKE9yKE9yKE9yKE9yKE9yKE9yKEA="
CONFIGURATION = "ListenPort = 51820\n\n[Peer] # app-2\nPublicKey = other\nEndpoint = 10.0.0.5:51820\nAllowedIPs = 10.210.2.0/24\n"
RECORD = 'echo "$(basename "$0") $*" >>"${0%/*}/ran"\n'
SOCKET = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"

PROGRAMS = {
    "ip": 'case "$*" in "link add"*) exit $KERNEL ;; "-4 route show default") echo "default via 10.0.0.1 dev none" ;; esac',
    "wg": 'cat >"${0%/*}/given"',
    "wireguard-go": f'python3 -c "{SOCKET}" "${{0%/*}}/$2.sock"',
    "systemd-notify": "",
    "sleep": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Folders that stand for `/etc/provisioner`, `/var/run/wireguard` and what is on the path."""

    folder: Path

    def run(self, verb: str, *, kernel: bool) -> list[str]:
        """The programs that the script ran, in order."""
        text = (Path(overlay.__file__).parent / "machine" / "overlay.sh").read_text("utf-8")
        text = text.replace("/etc/provisioner", str(self.folder)).replace("/var/run/wireguard", str(self.folder))
        text = text.replace("/proc/sys/net/ipv4/ip_forward", str(self.folder / "ip_forward"))
        environment = {"PATH": f"{self.folder}:/usr/bin:/bin", "KERNEL": "0" if kernel else "1"}
        done = subprocess.run(
            ["sh", "-s", verb], input=text, env=environment, text=True, capture_output=True, timeout=20, check=False
        )
        assert done.returncode == 0, done.stderr
        return (self.folder / "ran").read_text().splitlines()


@pytest.fixture
def host(tmp_path: Path) -> Host:
    for name, script in PROGRAMS.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{RECORD}{script}\n")
        program.chmod(0o755)
    (tmp_path / "python3").symlink_to(shutil.which("python3") or "/usr/bin/python3")
    (tmp_path / "overlay.key").write_text(f"{KEY}\n")
    (tmp_path / "overlay.conf").write_text(CONFIGURATION)
    return Host(folder=tmp_path)


@pytest.mark.parametrize("kernel", [True, False], ids=["kernel", "user space"])
def test_the_interface_is_the_kernels_where_it_can(host: Host, kernel: bool) -> None:  # noqa: FBT001  (pytest gives it by name)
    ran = host.run("run", kernel=kernel)
    assert "ip link add provisioner-wg type wireguard" in ran
    assert ("wireguard-go -f provisioner-wg" in ran) is not kernel
    assert ("sleep infinity" in ran) is kernel
    made = "ip link add provisioner-wg type wireguard" if kernel else "wireguard-go -f provisioner-wg"
    steps = (made, "wg syncconf provisioner-wg /dev/stdin", "ip link set provisioner-wg mtu 1420 up", "systemd-notify --ready")
    found = [ran.index(step) for step in steps]
    assert found == sorted(found)
    assert "ip route replace 10.210.2.0/24 dev provisioner-wg" in ran


def test_the_private_key_is_given_and_is_no_argument(host: Host) -> None:
    ran = host.run("load", kernel=True)
    assert KEY not in "\n".join(ran)
    assert (host.folder / "given").read_text() == f"[Interface]\nPrivateKey = {KEY}\n{CONFIGURATION}"
