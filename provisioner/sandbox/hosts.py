"""What simulated hosts run: one bundle a machine, brought by the `provisioner` provider over the same protocol.

    host:put {host_id, ...}   keeps the bundle with an existing machine, in place of its previous one
    host:get {host_id}        {} where the machine has none
    host:delete {host_id}
    host:list {}              {bundles: [...]}

A bundle is an opaque document that holds digests of secrets and never their values. It goes when its machine is deleted.
"""

# ruff: noqa: N802  (the protocol's names)

import json
from collections.abc import Mapping
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty

from provisioner.errors import SandboxError
from provisioner.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc
from provisioner.protocol.values import decode_plain as decode
from provisioner.sandbox import messages
from provisioner.sandbox.state import State

PACKAGE = "provisioner-hosts"

MACHINES = ("aws:ec2/instance:Instance", "gcp:compute/instance:Instance", "azure-native:compute:VirtualMachine")
"""The types whose resources are hosts."""

FUNCTIONS = ("host:put", "host:get", "host:delete", "host:list")


class Hosts(provider_pb2_grpc.ResourceProviderServicer):
    """Answers Invoke only: the transport `sandbox` of the provider `provisioner` calls it."""

    def __init__(self, state: State) -> None:
        self._state = state

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="0.0.0")

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        try:
            with self._state.transaction():
                answer = _answer(self._state, request.tok, decode(request.args))
        except SandboxError as refusal:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(refusal))
        return messages.invoked(answer)


def bundles(state: State) -> list[dict[str, Any]]:
    """Every bundle in the simulated clouds, by host id."""
    rows = state.execute("SELECT document FROM bundles ORDER BY host_id")
    return [json.loads(document) for (document,) in rows]


def _answer(state: State, function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    if function == "host:list":
        return {"bundles": bundles(state)}
    host_id = arguments.get("host_id")
    if not isinstance(host_id, str) or not host_id:
        raise SandboxError(f"{function}: expected host_id to be the id of a machine, found {host_id!r}")
    match function:
        case "host:put":
            return _put(state, host_id, arguments)
        case "host:get":
            row = state.execute("SELECT document FROM bundles WHERE host_id = ?", host_id).fetchone()
            return json.loads(row[0]) if row else {}
        case "host:delete":
            state.execute("DELETE FROM bundles WHERE host_id = ?", host_id)
            return {}
        case _:
            raise SandboxError(f"the sandbox's hosts do not know {function}; they know {', '.join(FUNCTIONS)}")


def _put(state: State, host_id: str, bundle: Mapping[str, Any]) -> Mapping[str, Any]:
    if all(state.get(token, host_id) is None for token in MACHINES):
        raise SandboxError(f"no route to host: the simulated clouds have no machine '{host_id}'")
    document = json.dumps(bundle, sort_keys=True)
    state.execute("INSERT INTO bundles VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document", host_id, document)
    return {"accepted": True}
