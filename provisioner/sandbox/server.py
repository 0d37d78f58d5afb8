"""The provider plugins of the simulated clouds: one port a package in this process, the real protocol on each."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import grpc

from provisioner.errors import SandboxError
from provisioner.protocol import provider_pb2_grpc
from provisioner.sandbox.hosts import Hosts
from provisioner.sandbox.registry import Catalog
from provisioner.sandbox.servicer import Provider
from provisioner.sandbox.state import State

WORKERS = 64
"""Calls in progress for one package; the engine's default is four times the number of cores."""

_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Server:
    """Serves the packages of `catalogs`, and the hosts' bundles, from one state: `ports` by package, and `hosts_port`."""

    def __init__(self, state: State, catalogs: Mapping[str, Catalog]) -> None:
        self._servers = [_serve(Hosts(state))]
        self.hosts_port = _open(self._servers[0])
        self.ports = dict[str, int]()
        for package, catalog in catalogs.items():
            server = _serve(Provider(catalog, state))
            self._servers.append(server)
            self.ports[package] = _open(server)

    def start(self) -> None:
        for server in self._servers:
            server.start()

    def stop(self) -> None:
        """End at once: calls in progress are cut off, as when a provider is killed."""
        for ending in [server.stop(grace=None) for server in self._servers]:
            ending.wait()


def _open(server: grpc.Server) -> int:
    try:
        return server.add_insecure_port("127.0.0.1:0")
    except RuntimeError as error:
        raise SandboxError(f"no port can be opened on 127.0.0.1: {error}") from error


def _serve(servicer: provider_pb2_grpc.ResourceProviderServicer) -> grpc.Server:
    server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS), options=_UNLIMITED)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    return server
