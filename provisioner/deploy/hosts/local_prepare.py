"""Prepares the root file system of a new local host: what a cloud's image and its first boot with cloud-init do elsewhere."""

import os
import resource
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from provisioner.deploy.hosts.local_state import Machine
from provisioner.deploy.hosts.local_tools import call
from provisioner.errors import HostError

REGISTRIES: Final = "PROVISIONER_LOCAL_REGISTRIES"
"""Environment variable with the path of a registries.conf(5) for new hosts: mirrors, registries without TLS."""

_KNOWN: Final = {"package_update", "packages", "users", "write_files", "runcmd"}


def prepare(machine: Machine, user_data: str) -> None:
    """Give a host its name, keys and settings, then do what the cloud-init document says, in cloud-init's order."""
    root = machine.mount
    name = machine.hostname or machine.name
    _write(root / "etc/hostname", f"{name}\n")
    _write(root / "etc/hosts", f"127.0.0.1 localhost\n{machine.address} {name}\n")
    _write(
        root / "etc/containers/containers.conf", containers_conf(_limit(resource.RLIMIT_NOFILE), _limit(resource.RLIMIT_NPROC))
    )
    shutil.copyfile("/etc/resolv.conf", root / "etc/resolv.conf")
    if REGISTRIES in os.environ:
        shutil.copyfile(os.environ[REGISTRIES], root / "etc/containers/registries.conf.d/this-machine.conf")
    call("chroot", str(root), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/ssh_host_ed25519_key")
    if user_data:
        _follow(root, document(user_data))


def containers_conf(files: int, processes: int) -> str:
    """Settings of Podman on a host that shares this machine's kernel: limits cannot be raised, processes may not be counted."""
    return f'[containers]\ndefault_ulimits = ["nofile={files}:{files}", "nproc={processes}:{processes}"]\npids_limit = 0\n'


def document(user_data: str) -> Mapping[str, Any]:
    """The cloud-init document. Raises `HostError` for a module that local hosts do not know, so that none is passed over."""
    import yaml

    read = cast("Mapping[str, Any]", yaml.safe_load(user_data) if user_data.startswith("#cloud-config\n") else {"text": ""})
    unknown = sorted(set(read) - _KNOWN)
    if unknown:
        raise HostError(f"local hosts follow {', '.join(sorted(_KNOWN))} of a #cloud-config document, found {', '.join(unknown)}")
    return read


def _follow(root: Path, said: Mapping[str, Any]) -> None:
    """Packages are in the root file system already; the rest happens as cloud-init does it."""
    absent = [name for name in said.get("packages", ()) if not any((root / "var/lib/dpkg/info").glob(f"{name}[.:]*list"))]
    if absent:
        raise HostError(f"the root file system of local hosts lacks {', '.join(absent)}")
    for file in said.get("write_files", ()):
        _write(root / str(file["path"]).lstrip("/"), file["content"], int(file.get("permissions", "0644"), 8))
    for user in said.get("users", ()):
        if user != "default":
            _add(root, user)
    for command in said.get("runcmd", ()):
        if command[:1] != ["systemctl"]:
            call("chroot", str(root), *command)


def _add(root: Path, user: Mapping[str, Any]) -> None:
    name = str(user["name"])
    call("chroot", str(root), "useradd", "--create-home", "--shell", str(user["shell"]), "--comment", str(user["gecos"]), name)
    said = cast("str | Sequence[str]", user.get("sudo", ()))
    rules = [said] if isinstance(said, str) else said
    _write(root / "etc/sudoers.d" / name, "".join(f"{name} {rule}\n" for rule in rules), 0o440)
    keys = cast("Sequence[str]", user.get("ssh_authorized_keys", ()))
    if keys:
        _write(root / "home" / name / ".ssh/authorized_keys", "".join(f"{key}\n" for key in keys), 0o600)
        call("chroot", str(root), "chown", "-R", f"{name}:{name}", f"/home/{name}/.ssh")


def _write(path: Path, contents: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(contents, encoding="utf-8")
    path.chmod(mode)


def _limit(kind: int) -> int:
    """This process's hard limit, as a number that Podman takes."""
    hard = resource.getrlimit(kind)[1]
    return 1048576 if hard == resource.RLIM_INFINITY else hard
