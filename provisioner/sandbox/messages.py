"""The protocol's answers, built from the sandbox's own data."""

from collections.abc import Iterable, Mapping
from typing import Literal, NoReturn

import grpc
from google.rpc.status_pb2 import Status

from provisioner.protocol import provider_pb2
from provisioner.protocol.values import encode
from provisioner.sandbox.changes import Change
from provisioner.sandbox.kinds import Failure, Properties
from provisioner.sandbox.naming import Naming
from provisioner.sandbox.state import Resource

_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}

_MODES: Mapping[int, Literal["propose", "enforce", "disable"]] = {
    provider_pb2.CheckRequest.AutonamingOptions.PROPOSE: "propose",
    provider_pb2.CheckRequest.AutonamingOptions.ENFORCE: "enforce",
    provider_pb2.CheckRequest.AutonamingOptions.DISABLE: "disable",
}


def failures(found: Iterable[Failure]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=failure.property, reason=failure.reason) for failure in found]


def difference(changes: Iterable[Change], *, delete_first: bool) -> provider_pb2.DiffResponse:
    """Every change with its path. `delete_first` where a replacement has to wait until the old resource is gone."""
    found = tuple(changes)
    answer = provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=dict.fromkeys(str(change.steps[0]) for change in found),
        replaces=dict.fromkeys(str(change.steps[0]) for change in found if change.replaces),
        hasDetailedDiff=True,
    )
    answer.deleteBeforeReplace = delete_first and bool(answer.replaces)
    for change in found:
        entry = provider_pb2.PropertyDiff(kind=_KINDS[change.how, change.replaces], inputDiff=True)
        answer.detailedDiff[change.path].CopyFrom(entry)
    return answer


def invoked(found: Properties) -> provider_pb2.InvokeResponse:
    """The answer to an invoke; its field is called `return`, a word that Python keeps to itself."""
    answer = provider_pb2.InvokeResponse()
    getattr(answer, "return").CopyFrom(encode(found))
    return answer


def abort_half_way(context: grpc.ServicerContext, resource: Resource, message: str) -> NoReturn:
    """Report a create that made the resource and then failed; the engine keeps its id, and replaces or repairs it later."""
    reason = message or f"timeout while waiting for {resource.token} '{resource.id}' to become ready"
    detail = provider_pb2.ErrorResourceInitFailed(
        id=resource.id, properties=encode(resource.outputs), reasons=[reason], inputs=encode(resource.inputs)
    )
    status = Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason)
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, reason)


def naming(request: provider_pb2.CheckRequest) -> Naming:
    """The user's autonaming settings; the engine sends them only where there are any."""
    if not request.HasField("autonaming"):
        return Naming()
    return Naming(mode=_MODES[request.autonaming.mode], proposed=request.autonaming.proposed_name)
