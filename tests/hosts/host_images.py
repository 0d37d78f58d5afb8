"""Images that keep the conventions of the well-known ones, made from Debian packages: no registry of the internet is needed.

All but `busybox` share one layer, so that a host fetches it once.
"""

import fcntl
import hashlib
import json
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from host_oci import Settings

from provisioner.deploy.engine import cache_folder

HERE = Path(__file__).parent / "images"
PACKAGES = ("busybox-static", "curl", "gettext-base", "nginx-light", "postgresql", "redis-server")
APPLETS = ("cat", "echo", "env", "httpd", "ls", "nc", "sh", "sleep", "test", "touch", "true", "false")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

UNUSED = (
    "etc/postgresql usr/lib/*/libLLVM* usr/lib/*/libz3* usr/lib/*/perl usr/lib/postgresql/*/lib/bitcode usr/share/doc"
    " usr/share/i18n usr/share/locale usr/share/man usr/share/perl var/cache var/lib/apt var/lib/postgresql var/log/postgresql"
)
"""What no container here uses, half of the size: compiled queries, Perl, translations, the cluster that Debian makes."""

STRIP = (
    f'cd "$1" && rm -rf {UNUSED}',
    'mkdir -p "$1"/data "$1"/docker-entrypoint-initdb.d "$1"/docker-entrypoint.d "$1"/usr/share/nginx/html "$1"/etc/nginx/conf.d',
    # One version is installed: its programs are where everybody looks.
    'ln -s $(cd "$1" && ls -d usr/lib/postgresql/*/bin/* | sed s,^,/,) "$1"/usr/local/bin/',
    'chroot "$1" useradd --system --no-create-home nginx',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    settings: Settings
    files: Mapping[str, tuple[bytes, int]] = field(default_factory=dict[str, tuple[bytes, int]])
    """Path to contents and mode: a layer of its own on top."""
    tiny: bool = False
    """Whether it holds BusyBox alone instead of the shared layer."""


def images() -> dict[str, Image]:
    """The images by the name under which packages ask for them, without the registry."""
    return {
        "library/busybox:latest": Image(tiny=True, settings=Settings(command=["sh"], environment={"PATH": PATH})),
        "library/nginx:latest": Image(
            settings=Settings(
                entrypoint=["/docker-entrypoint.sh"],
                command=["nginx", "-g", "daemon off;"],
                environment={"PATH": PATH},
                ports=[80],
            ),
            files={
                "docker-entrypoint.sh": (_read("nginx-entrypoint.sh"), 0o755),
                "etc/nginx/nginx.conf": (_read("nginx.conf"), 0o644),
                "etc/nginx/conf.d/default.conf": (_read("nginx-default.conf"), 0o644),
                "usr/share/nginx/html/index.html": (b"<h1>Welcome to nginx!</h1>\n", 0o644),
            },
        ),
        "library/postgres:latest": Image(
            settings=Settings(
                entrypoint=["docker-entrypoint.sh"],
                command=["postgres"],
                environment={"PATH": PATH, "PGDATA": "/var/lib/postgresql/data", "LANG": "C.UTF-8"},
                ports=[5432],
                volumes=["/var/lib/postgresql/data"],
            ),
            files={
                "usr/local/bin/docker-entrypoint.sh": (_read("postgres-entrypoint.sh"), 0o755),
                "usr/local/bin/gosu": (_read("gosu.sh"), 0o755),
                "run/postgresql/": (b"", 0o3777),
            },
        ),
        "library/redis:latest": Image(
            settings=Settings(
                entrypoint=["docker-entrypoint.sh"],
                command=["redis-server"],
                environment={"PATH": PATH},
                ports=[6379],
                volumes=["/data"],
                folder="/data",
            ),
            files={"usr/local/bin/docker-entrypoint.sh": (_read("redis-entrypoint.sh"), 0o755)},
        ),
    }


def catalogue_images() -> dict[str, Image]:
    """The same under the tags that the packages of our catalogue ask for."""
    tags = {"busybox": "1.37", "nginx": "1.28", "postgres": "17.5", "redis": "7.4"}
    return {f"library/{name}:{tag}": images()[f"library/{name}:latest"] for name, tag in tags.items()}


def corpus_images() -> dict[str, Image]:
    """The same under the names that open packages ask for, with the folders that they mount."""
    redis = images()["library/redis:latest"]
    return {
        "library/postgres:17": images()["library/postgres:latest"],
        "bitnamilegacy/redis:latest": replace(redis, settings=replace(redis.settings, volumes=(), folder="/bitnami/redis/data")),
    }


def shared_layer() -> Path:
    """The layer of Debian packages as a tar, made once and kept by its recipe."""
    command = ["mmdebstrap", "--variant=minbase", "--format=tar", f"--include={','.join(PACKAGES)}"]
    command += [f"--customize-hook={hook}" for hook in STRIP]
    digest = hashlib.sha256(json.dumps(command).encode()).hexdigest()[:16]
    ready = cache_folder() / "test-images" / f"{digest}.tar"
    ready.parent.mkdir(parents=True, exist_ok=True)
    with ready.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            partial = ready.with_suffix(".partial")
            partial.unlink(missing_ok=True)
            subprocess.run([*command, "trixie", str(partial)], check=True, capture_output=True, timeout=1200)
            partial.rename(ready)
    return ready


def busybox() -> bytes:
    """The program BusyBox, which holds a small system's commands."""
    with tarfile.open(shared_layer()) as archive:
        member = next(entry for entry in archive if entry.name in {"./bin/busybox", "./usr/bin/busybox"})
        stream = archive.extractfile(member)
        assert stream is not None
        return stream.read()


def _read(name: str) -> bytes:
    return (HERE / name).read_bytes()
