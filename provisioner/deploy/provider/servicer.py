# ruff: noqa: N802  (the protocol names the methods)
"""The ResourceProvider service of the package `provisioner`: messages in, a `Resource` does it, messages out."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import grpc
from google.protobuf.empty_pb2 import Empty

from provisioner.deploy.hosts.progress import Progress
from provisioner.deploy.provider.attachment import AttachmentResource
from provisioner.deploy.provider.bundle import BundleResource
from provisioner.deploy.provider.disk import DiskResource
from provisioner.deploy.provider.host import HostResource
from provisioner.deploy.provider.log import Engine
from provisioner.deploy.provider.machine import MachineResource
from provisioner.deploy.provider.mount import MountResource
from provisioner.deploy.provider.resource import Change, Failure, Resource
from provisioner.deploy.provider.secret import SecretResource
from provisioner.deploy.provider.version import version
from provisioner.errors import ProvisionerError
from provisioner.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc
from provisioner.protocol.values import decode, encode

RESOURCES: Final[Mapping[str, Resource]] = {
    "provisioner:index:Host": HostResource(),
    "provisioner:index:Bundle": BundleResource(),
    "provisioner:index:Machine": MachineResource(),
    "provisioner:index:MachineAttachment": AttachmentResource(),
    "provisioner:index:MachineDisk": DiskResource(),
    "provisioner:index:Mount": MountResource(),
    "provisioner:index:Secret": SecretResource(),
}

_KINDS: Final = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class Provisioner(provider_pb2_grpc.ResourceProviderServicer):
    """Keeps no state: all of it lies in the engine's and on the hosts."""

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine or Engine()
        self._working: set[Progress] = set()

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        self._engine.connect(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> Empty:
        self._engine.connect(request.address)
        return Empty()

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=version())

    def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext) -> provider_pb2.GetSchemaResponse:
        import json

        from provisioner.deploy.provider.schema import schema

        return provider_pb2.GetSchemaResponse(schema=json.dumps(schema()))

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """The engine offers every key of the stack's `provisioner:` namespace; none is this provider's, so none is kept."""
        return provider_pb2.CheckResponse()

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        with _resource(request.urn, context) as resource:
            inputs, failures = resource.check(decode(request.news))
        return provider_pb2.CheckResponse(inputs=encode(inputs), failures=_failures(failures))

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        with _resource(request.urn, context) as resource:
            changes = resource.diff(decode(request.old_inputs), decode(request.olds), decode(request.news))
        return _difference([change for change in changes if _property(change) not in request.ignoreChanges])

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        with _resource(request.urn, context) as resource, self._work(request.urn) as progress:
            made, outputs = resource.create(decode(request.properties), progress, preview=request.preview)
        return provider_pb2.CreateResponse(id=made, properties=encode(outputs))

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        with _resource(request.urn, context) as resource:
            found = resource.read(request.id, decode(request.inputs), decode(request.properties))
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=request.id, inputs=encode(found.inputs), properties=encode(found.outputs))

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        inputs = decode(request.news)
        last = decode(request.olds)
        with _resource(request.urn, context) as resource, self._work(request.urn) as progress:
            words = resource.words(decode(request.old_inputs), last, inputs)
            self._engine.tell(request.urn, words, lasting=request.preview)
            outputs = resource.update(request.id, inputs, last, progress, preview=request.preview)
        return provider_pb2.UpdateResponse(properties=encode(outputs))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:
        with _resource(request.urn, context) as resource, self._work(request.urn) as progress:
            resource.delete(request.id, decode(request.properties), progress)
        return Empty()

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """Calls in progress stop at their next step; hosts that are being switched take their previous bundle back."""
        for progress in list(self._working):
            progress.cancel()
        return Empty()

    @contextmanager
    def _work(self, urn: str) -> Generator[Progress]:
        """What a call tells stands beside its resource while it works."""
        progress = Progress(lambda words: self._engine.tell(urn, [words], lasting=False))
        self._working.add(progress)
        try:
            yield progress
        finally:
            self._working.discard(progress)


@contextmanager
def _resource(urn: str, context: grpc.ServicerContext) -> Generator[Resource]:
    """The resource type of a URN. What a host refuses reaches the user as the engine's error line."""
    token = urn.split("::")[2].rpartition("$")[2]
    resource = RESOURCES.get(token)
    if resource is None:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"unknown type {token}; this provider has {', '.join(RESOURCES)}")
    try:
        yield resource
    except ProvisionerError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))


def _failures(found: Sequence[Failure]) -> list[provider_pb2.CheckFailure]:
    return [provider_pb2.CheckFailure(property=failure.property, reason=failure.reason) for failure in found]


def _difference(changes: Sequence[Change]) -> provider_pb2.DiffResponse:
    answer = provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=dict.fromkeys(map(_property, changes)),
        replaces=dict.fromkeys(_property(change) for change in changes if change.replaces),
        hasDetailedDiff=True,
    )
    for change in changes:
        kind = _KINDS[change.kind, change.replaces]
        answer.detailedDiff[change.path].CopyFrom(provider_pb2.PropertyDiff(kind=kind, inputDiff=change.of_inputs))
    return answer


def _property(change: Change) -> str:
    return change.path.partition("[")[0].partition(".")[0]
