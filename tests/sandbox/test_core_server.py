"""The server as the engine and the hosts' transport meet it."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownLambdaType=false

import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest

from provisioner.protocol import provider_pb2, provider_pb2_grpc
from provisioner.protocol.values import decode_plain as decode
from provisioner.protocol.values import encode
from provisioner.sandbox.faults import Fault, set_fault
from provisioner.sandbox.kinds import Kind, Reference
from provisioner.sandbox.registry import Catalog
from provisioner.sandbox.server import Server
from provisioner.sandbox.state import State

INSTANCE = "aws:ec2/instance:Instance"
URN = f"urn:pulumi:dev::tests::{INSTANCE}::"

KIND = Kind(
    token=INSTANCE,
    identify=lambda call: f"i-{call.digest[:8]}",
    outputs=lambda call, _: {"ip": call.world.take("ip"), "region": call.config["region"]},
    computed=("ip", "region"),
    references=(Reference(property="beside", tokens=(INSTANCE,)),),
)
CATALOG = Catalog(
    package="aws",
    kinds={INSTANCE: KIND},
    functions={"aws:ec2/count:count": lambda arguments, _, world: {"count": len(list(world.all(arguments["token"])))}},
    schemas={
        "types": {},
        "enums": {},
        "resources": {INSTANCE: {"required": [], "properties": {"size": "integer", "beside": "string"}}},
    },
)


@pytest.fixture
def server(tmp_path: Path) -> Generator[Server]:
    state = State(tmp_path / "state.db")
    running = Server(state, {"aws": CATALOG})
    running.start()
    yield running
    running.stop()
    state.close()


@pytest.fixture
def aws(server: Server) -> Generator[provider_pb2_grpc.ResourceProviderStub]:
    with grpc.insecure_channel(f"127.0.0.1:{server.ports['aws']}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        stub.Configure(provider_pb2.ConfigureRequest(args=encode({"region": "eu-west-1"})))
        yield stub


@pytest.fixture
def hosts(server: Server) -> Generator[provider_pb2_grpc.ResourceProviderStub]:
    with grpc.insecure_channel(f"127.0.0.1:{server.hosts_port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)


def invoke(stub: provider_pb2_grpc.ResourceProviderStub, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    answer = stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=encode(arguments)))
    return decode(getattr(answer, "return"))


def create(stub: provider_pb2_grpc.ResourceProviderStub, name: str) -> provider_pb2.CreateResponse:
    return stub.Create(provider_pb2.CreateRequest(urn=f"{URN}{name}", properties=encode({"size": 1})))


def test_many_calls_at_once(aws: provider_pb2_grpc.ResourceProviderStub) -> None:
    with ThreadPoolExecutor(32) as threads:
        made = list(threads.map(lambda number: create(aws, f"host-{number}"), range(100)))
    assert len({each.id for each in made}) == 100
    assert sorted(decode(each.properties)["ip"] for each in made) == list(range(100))
    assert invoke(aws, "aws:ec2/count:count", {"token": INSTANCE}) == {"count": 100}


def test_each_connection_has_its_own_configuration(server: Server, aws: provider_pb2_grpc.ResourceProviderStub) -> None:
    options = [("grpc.use_local_subchannel_pool", 1)]  # a second connection from the same process
    with grpc.insecure_channel(f"127.0.0.1:{server.ports['aws']}", options=options) as channel:
        other = provider_pb2_grpc.ResourceProviderStub(channel)
        other.Configure(provider_pb2.ConfigureRequest(args=encode({"region": "us-east-1"})))
        assert decode(create(other, "there").properties)["region"] == "us-east-1"
        assert decode(create(aws, "here").properties)["region"] == "eu-west-1"


@pytest.mark.parametrize(
    ("package", "olds", "news", "replaces"),
    [
        ("aws", {"region": "a"}, {"region": "b"}, ["region"]),
        ("aws", {"region": "a"}, {"region": "a", "profile": "me"}, []),
    ],
)
def test_configuration_changes(
    aws: provider_pb2_grpc.ResourceProviderStub, package: str, olds: Any, news: Any, replaces: list[str]
) -> None:
    answer = aws.DiffConfig(provider_pb2.DiffRequest(old_inputs=encode(olds), news=encode(news)))
    assert list(answer.replaces) == replaces
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME


def test_missing_region_is_refused(aws: provider_pb2_grpc.ResourceProviderStub) -> None:
    answer = aws.CheckConfig(provider_pb2.CheckRequest(news=encode({})))
    assert [failure.reason for failure in answer.failures] == [
        "missing aws:region: set it with `pulumi config set aws:region eu-west-1`"
    ]


def test_unknown_types_and_functions(aws: provider_pb2_grpc.ResourceProviderStub) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        aws.Check(provider_pb2.CheckRequest(urn="urn:pulumi:dev::tests::aws:sqs/queue:Queue::q", news=encode({})))
    assert refused.value.details() == f"the sandbox does not know aws:sqs/queue:Queue; it simulates {INSTANCE}"  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(grpc.RpcError, match="does not know the function aws:ec2/getVpc:getVpc"):
        invoke(aws, "aws:ec2/getVpc:getVpc", {})


def test_bundles_live_and_die_with_their_machines(
    aws: provider_pb2_grpc.ResourceProviderStub, hosts: provider_pb2_grpc.ResourceProviderStub
) -> None:
    with pytest.raises(grpc.RpcError, match="no route to host: the simulated clouds have no machine 'i-none'"):
        invoke(hosts, "host:put", {"host_id": "i-none", "bundle": {}})
    machine = create(aws, "host").id
    assert invoke(hosts, "host:get", {"host_id": machine}) == {}
    for digest in ("aa", "bb"):
        invoke(hosts, "host:put", {"host_id": machine, "bundle": {"digest": digest}})
    assert invoke(hosts, "host:get", {"host_id": machine}) == {"host_id": machine, "bundle": {"digest": "bb"}}
    assert invoke(hosts, "host:list", {}) == {"bundles": [{"host_id": machine, "bundle": {"digest": "bb"}}]}
    aws.Delete(provider_pb2.DeleteRequest(urn=f"{URN}host", id=machine))
    assert invoke(hosts, "host:list", {}) == {"bundles": []}


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        ("host:get", {}, "expected host_id to be the id of a machine, found None"),
        ("host:burn", {"host_id": "i-0"}, "hosts do not know host:burn; they know host:put, host:get, host:delete, host:list"),
    ],
)
def test_hosts_refuse(
    hosts: provider_pb2_grpc.ResourceProviderStub, function: str, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(grpc.RpcError, match=words):
        invoke(hosts, function, arguments)


def test_what_is_late_is_seen_only_after_a_while(tmp_path: Path, aws: provider_pb2_grpc.ResourceProviderStub) -> None:
    set_fault(tmp_path / "state.db", Fault(kind="late", method="Create", seconds=0.5))
    first = create(aws, "first")
    assert not aws.Read(provider_pb2.ReadRequest(urn=f"{URN}first", id=first.id)).id
    assert invoke(aws, "aws:ec2/count:count", {"token": INSTANCE}) == {"count": 0}

    began = time.monotonic()
    inputs = encode({"size": 1, "beside": first.id})
    second = aws.Create(provider_pb2.CreateRequest(urn=f"{URN}second", properties=inputs))
    assert time.monotonic() - began > 0.4
    assert aws.Read(provider_pb2.ReadRequest(urn=f"{URN}first", id=first.id)).id == first.id
    assert aws.Read(provider_pb2.ReadRequest(urn=f"{URN}second", id=second.id)).id == second.id
    assert invoke(aws, "aws:ec2/count:count", {"token": INSTANCE}) == {"count": 2}


def test_the_server_needs_no_sdk() -> None:
    script = """
import sys
from provisioner.sandbox import registry, server
registry.load_catalogs()
print([name for name in sys.modules if name.split(".")[0].startswith("pulumi")])
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
