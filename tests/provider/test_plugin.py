"""The resource `Secret`, the package schema, and the plugin as a process."""

import re
import signal
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from served import Served, serving

from provisioner.deploy.provider.schema import schema
from provisioner.deploy.provider.servicer import RESOURCES
from provisioner.protocol import plugin_pb2, provider_pb2
from provisioner.protocol.values import UNKNOWN, Secret, decode, encode

URN = "urn:pulumi:dev::tests::provisioner:index:Network$provisioner:index:Secret::password"


@pytest.fixture
def provider(tmp_path: Path) -> Generator[Served]:
    with serving(tmp_path / "sandbox.db") as (served, _):
        yield served


def test_a_secret_is_random_marked_and_of_its_length(provider: Served) -> None:
    made = [provider.create(URN, {"length": 24}) for _ in range(2)]
    values = [outputs["value"].value for _, outputs in made]
    assert all(re.fullmatch("[A-Za-z0-9]{24}", value) for value in values)
    assert values[0] != values[1]
    assert all(each and isinstance(outputs["value"], Secret) for each, outputs in made)


def test_a_secret_is_unknown_in_a_preview(provider: Served) -> None:
    assert provider.create(URN, {"length": 24}, preview=True) == ("", {"length": 24, "value": Secret(UNKNOWN)})


def test_a_secret_is_kept_until_its_length_changes(provider: Served) -> None:
    made, outputs = provider.create(URN, {"length": 24})
    assert provider.read(URN, made, {"length": 24}, outputs) == (made, {"length": 24}, outputs)
    assert provider.diff(URN, {"length": 24}, outputs, {"length": 24}) == ({}, [])
    assert provider.diff(URN, {"length": 24}, outputs, {"length": 32}) == ({"length": "UPDATE_REPLACE"}, ["length"])


@pytest.mark.parametrize("length", [0, -1, 2.5, "24", True, 4096])
def test_a_length_that_is_none_is_refused(provider: Served, length: object) -> None:
    _, failures = provider.check(URN, {"length": length})
    assert failures == [("length", f"expected a number from 1 to 1024, found {length!r}")]


def test_an_unknown_type_is_refused(provider: Served) -> None:
    with pytest.raises(grpc.RpcError, match="unknown type provisioner:index:Thing; this provider has provisioner:index:Host, "):
        provider.check(URN.replace("Secret", "Thing"), {})


def test_the_stack_configuration_stays_out_of_the_provider_state(provider: Served) -> None:
    request = provider_pb2.CheckRequest(news=encode({"secrets": Secret({"token": "x"}), "package": "shop/platform"}))
    assert decode(provider.stub.CheckConfig(request).inputs) == {}


def test_the_handshake_asks_for_marked_secrets(provider: Served) -> None:
    assert provider.stub.Handshake(provider_pb2.ProviderHandshakeRequest()).accept_secrets
    assert provider.stub.Attach(plugin_pb2.PluginAttach(address="")) == Empty()
    assert re.match(r"\d+\.\d+", provider.stub.GetPluginInfo(Empty()).version)


def test_the_schema_has_every_resource_and_every_reference_it_makes() -> None:
    written = schema()
    assert set(written["resources"]) == set(RESOURCES)
    references = set(re.findall(r"#/types/([\w:]+)", str(written)))
    assert references == set(written["types"])
    for resource in written["resources"].values():
        assert set(resource["requiredInputs"]) <= set(resource["inputProperties"])
        assert set(resource["required"]) == set(resource["properties"])


def test_values_come_back_from_the_protocol() -> None:
    value: dict[str, Any] = {"a": [1, 2.5, True, "x", [], {}], "b": {"c": Secret({"d": UNKNOWN})}, "e": UNKNOWN}
    assert decode(encode(value)) == value
    assert "hunter2" not in repr(Secret("hunter2"))


PLUGIN = [str(Path(sys.executable).parent / "pulumi-resource-provisioner"), "127.0.0.1:1"]


def test_the_process_prints_its_port_first_answers_and_ends_when_the_engine_says_so() -> None:
    with subprocess.Popen(PLUGIN, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            grpc.channel_ready_future(channel).result(timeout=10)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=4) == 0


def test_the_process_ends_when_the_engine_was_killed() -> None:
    """Its standard output closes with it: reading it comes to an end."""
    with subprocess.Popen(["sh", "-c", '"$@" & wait', "sh", *PLUGIN], stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        assert int(engine.stdout.readline())
        engine.kill()
        ended = ThreadPoolExecutor(1).submit(engine.stdout.read)
        assert ended.result(timeout=10) == ""
