"""A registry on the bridge of the local hosts that stands in for `docker.io`: hosts of tests ask it first."""

import http.client
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from host_images import APPLETS, Image, busybox, catalogue_images, images, shared_layer
from host_oci import MANIFEST, add_bytes, add_file, small_layer, write_image

from provisioner.deploy.engine import cache_folder
from provisioner.deploy.hosts import local_network
from provisioner.deploy.hosts.local_state import locked

MIRROR = '[[registry]]\nprefix = "docker.io"\nlocation = "docker.io"\n\n[[registry.mirror]]\nlocation = "{}"\ninsecure = true\n'

CONFIG = """version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}}}, delete: {{enabled: true}}}}
http: {{addr: "{address}"}}
log: {{level: warn}}
"""


class Registry:
    """Serves while it is entered. `address` is host and port as the local hosts reach it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder() / "test-images"
        with locked():
            local_network.create_bridge()
        self.address = f"{local_network.GATEWAY}:{_free_port()}"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / f"registry-{self.address.rpartition(':')[2]}.yml"
        config.write_text(CONFIG.format(folder=self.folder / "registry", address=self.address))
        log = config.with_suffix(".log").open("wb")
        self._process = subprocess.Popen(["docker-registry", "serve", str(config)], stdout=log, stderr=log)
        log.close()
        self.hosts_file = config.with_suffix(".conf")
        self._layout = config.with_suffix(".layout")
        self._files = (config, config.with_suffix(".log"), self.hosts_file)
        self._await()
        for name, image in (images() | catalogue_images()).items():
            self.push(name, image)
        self.hosts_file.write_text(self.mirror)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        for file in self._files:
            file.unlink(missing_ok=True)
        shutil.rmtree(self._layout, ignore_errors=True)

    @property
    def mirror(self) -> str:
        """What a host's `registries.conf.d` says to find the images here; `hosts_file` holds it."""
        return MIRROR.format(self.address)

    def push(self, name: str, image: Image) -> str:
        """Serve an image as `docker.io/NAME`, `shop/web:2`; the digest of its manifest."""
        layout = self._layout
        layers = [] if image.tiny else [add_file(layout, shared_layer())]
        files = {**image.files, "bin/busybox": (busybox(), 0o755)} if image.tiny else image.files
        links = {f"bin/{applet}": "busybox" for applet in APPLETS} if image.tiny else {}
        layers += [add_bytes(layout, small_layer(files, links))] if files else []
        digest = write_image(layout, layers, image.settings)
        if not self._serves(name, digest):
            to = f"docker://{self.address}/{name}"
            copy = ["skopeo", "copy", "--quiet", "--dest-tls-verify=false", f"oci:{layout}", to]
            subprocess.run(copy, check=True, capture_output=True, timeout=120)
        return digest

    def _serves(self, name: str, digest: str) -> bool:
        path, _, tag = name.rpartition(":")
        answer = self._ask(f"/v2/{path}/manifests/{tag}")
        return answer.status == 200 and answer.headers["Docker-Content-Digest"] == digest

    def _ask(self, path: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.address, timeout=10)
        connection.request("HEAD", path, headers={"Accept": MANIFEST})
        answer = connection.getresponse()
        connection.close()
        return answer

    def _await(self) -> None:
        deadline = time.monotonic() + 20
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                self._ask("/v2/")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"the registry did not start:\n{self._files[1].read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))  # noqa: S104
        return int(probe.getsockname()[1])
