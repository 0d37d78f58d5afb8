"""Lines that a provider shows through the engine, beside the resource they belong to."""

from collections.abc import Iterable

import grpc

from provisioner.protocol import engine_pb2, engine_pb2_grpc


class Engine:
    """The engine that started this plugin. Without an address, what is told goes nowhere: a test may run without an engine."""

    def __init__(self, address: str = "") -> None:
        self._address = address

    def connect(self, address: str) -> None:
        self._address = address or self._address

    def tell(self, urn: str, lines: Iterable[str], *, lasting: bool) -> None:
        """One information line each: `lasting` ones stay in the output, others show while the resource is worked on."""
        if not self._address:
            return
        with grpc.insecure_channel(self._address) as channel:
            stub = engine_pb2_grpc.EngineStub(channel)
            for line in lines:
                request = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=line, urn=urn, ephemeral=not lasting)
                try:
                    stub.Log(request, timeout=5)  # pyright: ignore[reportUnknownMemberType]
                except grpc.RpcError:
                    return  # The words are a courtesy: the update itself does not hang on them.
