"""A registry that gives the same document for every digest."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from host_oci import MANIFEST

from provisioner.deploy.hosts.local_network import GATEWAY

TRUST = '[[registry]]\nlocation = "{}"\ninsecure = true\n'
"""What a host's `registries.conf.d` says to ask it."""


@contextmanager
def lying_registry() -> Generator[str]:
    """Its host and port, as the local hosts reach it."""
    with ThreadingHTTPServer((GATEWAY, 0), _Lying) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"{GATEWAY}:{server.server_port}"
        server.shutdown()


class _Lying(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"{}" if self.path == "/v2/" else b'{"schemaVersion": 2, "layers": []}'
        self.send_response(200)
        self.send_header("Content-Type", MANIFEST)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Docker-Content-Digest", self.path.rpartition("/")[2])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what a test prints is read."""
