"""One provider package over the engine's protocol: messages in, `checking`, `changes` and `lifecycle` do it, messages out."""

# ruff: noqa: N802  (the protocol's names)

import time
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import grpc
from google.protobuf.empty_pb2 import Empty

from provisioner.errors import SandboxError
from provisioner.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc
from provisioner.protocol.values import decode_plain as decode
from provisioner.protocol.values import encode
from provisioner.sandbox import checking, configuration, faults, lifecycle, messages
from provisioner.sandbox.changes import find_changes, shrunk
from provisioner.sandbox.faults import Fault
from provisioner.sandbox.kinds import CloudRefusal, Kind
from provisioner.sandbox.lifecycle import Subject
from provisioner.sandbox.naming import is_automatic
from provisioner.sandbox.references import NotSeenYet
from provisioner.sandbox.registry import Catalog
from provisioner.sandbox.schema import Schema
from provisioner.sandbox.state import Resource, State
from provisioner.sandbox.world import StateWorld

PATIENCE_SECONDS = 120.0
"""How long a provider asks again for what was just created: the AWS provider's two minutes for IAM (its `propagationTimeout`)."""

VERSION = "999.0.0"
"""The engine warns of a plugin that is older than a program's SDK; the sandbox follows the SDK that its schemas came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call while it is answered."""

    kind: Kind
    subject: Subject
    fault: Fault | None


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The ResourceProvider service of one package. The engine connects once for each provider resource of a stack."""

    def __init__(self, catalog: Catalog, state: State) -> None:
        self._catalog = catalog
        self._schema = Schema(catalog.schemas)
        self._state = state
        self._configurations = dict[str, Mapping[str, str]]()
        """By the engine's connection: each provider resource has its own."""
        self._created = defaultdict[str, list[Resource]](list)
        """By connection: what the engine has been told of and not named since."""

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> Empty:
        return Empty()

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(supports_autonaming_configuration=True)

    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        failures = configuration.check(self._catalog.package, decode(request.news))
        return provider_pb2.CheckResponse(inputs=request.news, failures=messages.failures(failures))

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        olds = decode(request.old_inputs) or decode(request.olds)
        replaces = configuration.RULES[self._catalog.package].replaces
        changes = find_changes(olds, decode(request.news), immutable=replaces, ignored=request.ignoreChanges)
        return messages.difference(changes, delete_first=False)

    def Configure(self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext) -> provider_pb2.ConfigureResponse:
        given = decode(request.args) or dict(request.variables)
        self._configurations[context.peer()] = configuration.complete(self._catalog.package, given)
        return provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        with self._answering("Check", request.urn, context) as asked, self._state.transaction():
            call = lifecycle.call(
                asked.subject, decode(request.news), lifecycle.make_digest(request.urn), StateWorld(self._state)
            )
            naming = messages.naming(request)
            checked = checking.check(asked.kind, self._schema, call, decode(request.olds), request.randomSeed, naming)
        return provider_pb2.CheckResponse(inputs=encode(checked.inputs), failures=messages.failures(checked.failures))

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        with self._answering("Diff", request.urn, context) as asked, self._state.transaction() as state:
            state.hear(asked.subject.token, request.id)
        news = decode(request.news)
        olds = decode(request.old_inputs)
        fixed = asked.kind.immutable | shrunk(asked.kind.grows_only, olds, news)
        changes = find_changes(olds, news, immutable=fixed, ignored=request.ignoreChanges)
        # A name that the program gives can be taken only when its holder is gone.
        rule = asked.kind.autoname
        keeps_name = rule is not None and not any(change.steps[0] == rule.property for change in changes)
        is_given = rule is not None and keeps_name and not is_automatic(rule, asked.subject.name, news.get(rule.property))
        return messages.difference(changes, delete_first=asked.kind.delete_before_replace or is_given)

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        inputs = decode(request.properties)
        if request.preview:
            with self._answering("", request.urn, context) as asked:
                return provider_pb2.CreateResponse(properties=encode(lifecycle.preview_create(asked.kind, inputs)))
        with self._answering("Create", request.urn, context) as asked:
            create = partial(lifecycle.create, self._state, asked.kind, asked.subject, inputs)
            resource = self._patiently(create, asked.fault, context)
        self._created[context.peer()].append(resource)
        if asked.fault is not None and asked.fault.kind == "half":
            messages.abort_half_way(context, resource, asked.fault.message)
        return provider_pb2.CreateResponse(id=resource.id, properties=encode(resource.outputs))

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        with self._answering("Read", request.urn, context) as asked, self._state.transaction() as state:
            state.hear(asked.subject.token, request.id)
            found = state.get(asked.subject.token, request.id)
            is_seen = found is not None and not state.is_late(found)
        if found is None or not is_seen:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=found.id, properties=encode(found.outputs), inputs=encode(found.inputs))

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        news = decode(request.news)
        if request.preview:
            with self._answering("", request.urn, context) as asked:
                outputs = lifecycle.preview_update(asked.kind, decode(request.olds), decode(request.old_inputs), news)
                return provider_pb2.UpdateResponse(properties=encode(outputs))
        with self._answering("Update", request.urn, context) as asked:
            with self._state.transaction() as state:
                state.hear(asked.subject.token, request.id)
            update = partial(lifecycle.update, self._state, asked.kind, asked.subject, request.id, news)
            changed = self._patiently(update, None, context)
        return provider_pb2.UpdateResponse(properties=encode(changed.outputs))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> Empty:
        with self._answering("Delete", request.urn, context) as asked, self._state.transaction() as state:
            lifecycle.delete(state, asked.kind, asked.subject, request.id)
        return Empty()

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        with self._refusing(context), self._faulty("Invoke", request.tok, context), self._state.transaction():
            function = self._catalog.function(request.tok)
            found = function(decode(request.args), self._configuration(context), StateWorld(self._state, seen_only=True))
        return messages.invoked(found)

    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """The engine's last call when it ends in good order: by now it has noted what it was told."""
        with self._state.transaction() as state:
            for resource in self._created.pop(context.peer(), ()):
                state.hear(resource.token, resource.id)
        return Empty()

    def _patiently(self, operation: Callable[[], Resource], fault: Fault | None, context: grpc.ServicerContext) -> Resource:
        """Carry an operation out, and ask again while something that it names is not seen yet, as the real providers do."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with self._state.transaction() as state:
                    resource = operation()
                    if fault is not None and fault.kind == "late":
                        state.delay(resource, fault.seconds)
                    return resource
            except NotSeenYet:
                if time.monotonic() > end or not context.is_active():
                    raise
            time.sleep(0.05)

    @contextmanager
    def _answering(self, method: str, urn: str, context: grpc.ServicerContext) -> Generator[Asked]:
        """Around a call: the kind, the fault that strikes it, and refusals as the protocol's errors."""
        subject = Subject(package=self._catalog.package, urn=urn, config=self._configuration(context))
        with self._refusing(context), self._faulty(method, subject.token, context) as fault:
            yield Asked(kind=self._catalog.kind(subject.token), subject=subject, fault=fault)

    @contextmanager
    def _faulty(self, method: str, token: str, context: grpc.ServicerContext) -> Generator[Fault | None]:
        with self._state.transaction() as state:
            fault = faults.strike(state, method, token) if method else None
        if fault is not None:
            faults.before(fault, self._catalog.package)
        yield fault
        if fault is not None:
            faults.after(fault, context.peer(), context.is_active)

    @contextmanager
    def _refusing(self, context: grpc.ServicerContext) -> Generator[None]:
        try:
            yield
        except (CloudRefusal, SandboxError) as refusal:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(refusal))

    def _configuration(self, context: grpc.ServicerContext) -> Mapping[str, str]:
        latest = next(reversed(self._configurations.values()), configuration.complete(self._catalog.package, {}))
        return self._configurations.get(context.peer(), latest)
