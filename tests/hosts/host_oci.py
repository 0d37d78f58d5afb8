"""Writes OCI images from layers, without a container engine: https://github.com/opencontainers/image-spec."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A file that its digest names."""

    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an image says about running it."""

    entrypoint: Sequence[str] = ()
    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    ports: Sequence[int] = ()
    volumes: Sequence[str] = ()
    folder: str = "/"

    def data(self) -> dict[str, Any]:
        return {
            "Entrypoint": list(self.entrypoint),
            "Cmd": list(self.command),
            "Env": [f"{name}={value}" for name, value in self.environment.items()],
            "ExposedPorts": {f"{port}/tcp": {} for port in self.ports},
            "Volumes": {path: {} for path in self.volumes},
            "WorkingDir": self.folder,
        }


def small_layer(files: Mapping[str, tuple[bytes, int]], links: Mapping[str, str]) -> bytes:
    """A tar with these files, path to contents and mode, and symbolic links: the same bytes for the same files.

    A path that ends with a slash is a folder.
    """
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, (contents, mode) in sorted(files.items()):
            entry = tarfile.TarInfo(path.strip("/"))
            entry.type = tarfile.DIRTYPE if path.endswith("/") else tarfile.REGTYPE
            entry.size, entry.mode = len(contents), mode
            archive.addfile(entry, io.BytesIO(contents))
        for path, target in sorted(links.items()):
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
    return buffer.getvalue()


def add_file(layout: Path, file: Path) -> Blob:
    """Put a layer into the layout by a hard link: it may be large."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    target = _path(layout, digest)
    if not target.exists():
        os.link(file, target)
    return Blob(digest=digest, size=file.stat().st_size)


def add_bytes(layout: Path, contents: bytes) -> Blob:
    digest = hashlib.sha256(contents).hexdigest()
    _path(layout, digest).write_bytes(contents)
    return Blob(digest=digest, size=len(contents))


def write_image(layout: Path, layers: Sequence[Blob], settings: Settings) -> str:
    """Make the layout hold one image of these layers; the digest of its manifest."""
    config = {
        "architecture": ARCHITECTURE,
        "os": "linux",
        "config": settings.data(),
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.digest}" for layer in layers]},
    }
    described = add_bytes(layout, json.dumps(config).encode())
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": _descriptor("application/vnd.oci.image.config.v1+json", described),
        "layers": [_descriptor(LAYER, layer) for layer in layers],
    }
    written = add_bytes(layout, json.dumps(manifest).encode())
    index = {"schemaVersion": 2, "manifests": [_descriptor(MANIFEST, written)]}
    (layout / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
    (layout / "index.json").write_text(json.dumps(index))
    return f"sha256:{written.digest}"


def _descriptor(media: str, blob: Blob) -> dict[str, Any]:
    return {"mediaType": media, "digest": f"sha256:{blob.digest}", "size": blob.size}


def _path(layout: Path, digest: str) -> Path:
    folder = layout / "blobs" / "sha256"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / digest
