"""The engine's provider protocol: Pulumi's generated messages, loaded without the Pulumi SDK.

`import pulumi` takes several times as long as all that a provider needs, and the messages depend on nothing in it. They are
loaded from its folder under a name of our own, unless the SDK is there already (in tests).
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from provisioner.errors import EngineError

if TYPE_CHECKING:
    from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2, provider_pb2_grpc

ALIAS: Final = "provisioner_engine_protocol"


def _load(name: str) -> ModuleType:
    if "pulumi.runtime.proto" in sys.modules:
        return importlib.import_module(f"pulumi.runtime.proto.{name}")
    if ALIAS not in sys.modules:
        sdk = importlib.util.find_spec("pulumi")
        if sdk is None or sdk.origin is None:
            raise EngineError("the Python package `pulumi` is not installed: the engine's protocol is taken from it")
        package = ModuleType(ALIAS)
        package.__path__ = [str(Path(sdk.origin).parent / "runtime" / "proto")]
        sys.modules[ALIAS] = package
    return importlib.import_module(f"{ALIAS}.{name}")


if not TYPE_CHECKING:
    engine_pb2 = _load("engine_pb2")
    engine_pb2_grpc = _load("engine_pb2_grpc")
    plugin_pb2 = _load("plugin_pb2")
    provider_pb2 = _load("provider_pb2")
    provider_pb2_grpc = _load("provider_pb2_grpc")

__all__ = ["engine_pb2", "engine_pb2_grpc", "plugin_pb2", "provider_pb2", "provider_pb2_grpc"]
