"""The plugin's servicer on a port, called as the engine calls it; beside it the sandbox's hosts and a listening engine."""

import json
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import grpc
from google.protobuf.empty_pb2 import Empty

from provisioner.deploy.provider.log import Engine
from provisioner.deploy.provider.servicer import Provisioner
from provisioner.protocol import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc
from provisioner.protocol.values import decode, encode
from provisioner.sandbox.hosts import Hosts, bundles
from provisioner.sandbox.state import Resource, State

Properties = dict[str, Any]
Data = Mapping[str, Any]


class Listening(engine_pb2_grpc.EngineServicer):
    """An engine that only hears what plugins log."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> Empty:  # noqa: N802
        self.heard.append(request.message)
        return Empty()


class Served:
    """Calls in plain Python."""

    def __init__(self, channel: grpc.Channel, engine: Listening) -> None:
        self.stub = cast("Any", provider_pb2_grpc.ResourceProviderStub(channel))
        self._engine = engine

    @property
    def told(self) -> list[str]:
        return self._engine.heard

    def check(self, urn: str, news: Data) -> tuple[Properties, list[tuple[str, str]]]:
        answer = self.stub.Check(provider_pb2.CheckRequest(urn=urn, news=encode(news)))
        return decode(answer.inputs), [(failure.property, failure.reason) for failure in answer.failures]

    def diff(self, urn: str, old: Data, outputs: Data, news: Data) -> tuple[Properties, list[str]]:
        request = provider_pb2.DiffRequest(urn=urn, old_inputs=encode(old), olds=encode(outputs), news=encode(news))
        answer: provider_pb2.DiffResponse = self.stub.Diff(request)
        assert bool(answer.detailedDiff) == (answer.changes == provider_pb2.DiffResponse.DIFF_SOME)
        kinds = {path: provider_pb2.PropertyDiff.Kind.Name(each.kind) for path, each in answer.detailedDiff.items()}
        return kinds, list(answer.replaces)

    def create(self, urn: str, inputs: Data, *, preview: bool = False) -> tuple[str, Properties]:
        answer = self.stub.Create(provider_pb2.CreateRequest(urn=urn, properties=encode(inputs), preview=preview))
        return answer.id, decode(answer.properties)

    def update(self, urn: str, old: Data, outputs: Data, news: Data, *, preview: bool = False) -> Properties:
        request = provider_pb2.UpdateRequest(
            urn=urn, id="i-1", old_inputs=encode(old), olds=encode(outputs), news=encode(news), preview=preview
        )
        return decode(self.stub.Update(request).properties)

    def read(self, urn: str, id: str, inputs: Data, outputs: Data) -> tuple[str, Properties, Properties]:
        answer = self.stub.Read(provider_pb2.ReadRequest(urn=urn, id=id, inputs=encode(inputs), properties=encode(outputs)))
        return answer.id, decode(answer.inputs), decode(answer.properties)

    def delete(self, urn: str, id: str, outputs: Data) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(urn=urn, id=id, properties=encode(outputs)))


class Simulated:
    """The machines of the sandbox and what lies on them."""

    def __init__(self, state: State, address: str) -> None:
        self._state = state
        self.address = address

    def machine(self, id: str) -> None:
        token = "aws:ec2/instance:Instance"
        made = Resource(package="aws", token=token, id=id, name=id, urn=id, inputs={}, outputs={}, digest="")
        with self._state.transaction():
            self._state.insert(made)

    def bundles(self) -> list[dict[str, Any]]:
        with self._state.transaction():
            return bundles(self._state)

    def put(self, document: Data) -> None:
        with self._state.transaction():
            text = json.dumps(document)
            self._state.execute("UPDATE bundles SET document = ? WHERE host_id = ?", text, document["host_id"])


@contextmanager
def serving(database: Path) -> Generator[tuple[Served, Simulated]]:
    state = State(database)
    engine = Listening()
    hosts_server, engine_server, plugin_server = (grpc.server(ThreadPoolExecutor(max_workers=4)) for _ in range(3))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Hosts(state), hosts_server)
    engine_pb2_grpc.add_EngineServicer_to_server(engine, engine_server)
    servers = (hosts_server, engine_server, plugin_server)
    hosts_port, engine_port, port = (server.add_insecure_port("127.0.0.1:0") for server in servers)
    plugin = Provisioner(Engine(f"127.0.0.1:{engine_port}"))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(plugin, plugin_server)
    for server in servers:
        server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Served(channel, engine), Simulated(state, f"127.0.0.1:{hosts_port}")
    for server in servers:
        server.stop(None).wait()
    state.close()
