"""Reads what a resource type accepts from the SDK class that a user would call. Needs the cloud's SDK installed."""

import importlib
import inspect
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pulumi

from provisioner.errors import SandboxError

PYTHON_PACKAGES = {"aws": "pulumi_aws", "gcp": "pulumi_gcp", "azure-native": "pulumi_azure_native"}

PRIMITIVES = {str: "string", int: "integer", float: "number", bool: "boolean"}

OUTDATED_ENUMS = {"compute.VirtualMachineSizeTypes"}

JsonType = str | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Schemas:
    """The document of one package while it grows."""

    package: str
    types: dict[str, Any] = field(default_factory=dict[str, Any])
    enums: dict[str, Any] = field(default_factory=dict[str, Any])
    resources: dict[str, Any] = field(default_factory=dict[str, Any])

    def add(self, token: str) -> None:
        """Add one resource type by the engine's token. Raises `SandboxError` where the SDK has no such class."""
        resource, arguments = _classes(token)
        document = self._object(arguments)
        document["outputs"] = sorted(set(_names(resource).values()) - {"id", "urn"})
        self.resources[token] = document

    def document(self) -> Mapping[str, Any]:
        return {"types": _sorted(self.types), "enums": _sorted(self.enums), "resources": _sorted(self.resources)}

    def _object(self, arguments: type) -> dict[str, Any]:
        names = _names(arguments)
        hints = _hints(arguments)
        parameters = inspect.signature(arguments.__init__).parameters
        required = [
            names[name] for name, parameter in parameters.items() if name in names and parameter.default is parameter.empty
        ]
        properties = {names[name]: self._type(hint) for name, hint in hints.items() if name in names}
        return {"required": sorted(required), "properties": _sorted(properties)}

    def _type(self, hint: Any) -> JsonType:  # noqa: PLR0911  (one return a form of type)
        hint = _without_wrappers(hint)
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if hint in PRIMITIVES:
            return PRIMITIVES[hint]
        if hint is Any:
            return "any"
        if origin is typing.Union:
            return self._union(arguments)
        if origin in {list, Sequence}:
            return {"list": self._type(arguments[0])}
        if origin in {dict, Mapping}:
            return {"map": self._type(arguments[1])}
        if inspect.isclass(hint) and issubclass(hint, Enum):
            return self._enum(hint)
        if inspect.isclass(hint) and hint.__name__.endswith(("Asset", "Archive")):
            return "asset"
        return self._named(hint)

    def _union(self, members: Sequence[Any]) -> JsonType:
        enums = [member for member in members if inspect.isclass(member) and issubclass(member, Enum)]
        if enums and str in members:
            return self._enum(enums[0]) if self._is_complete(enums[0]) else "string"
        types = list[JsonType]()
        for member in members:
            described = self._type(member)
            if described not in types:
                types.append(described)
        return types[0] if len(types) == 1 else {"any-of": types}

    def _is_complete(self, members: type[Enum]) -> bool:
        """Where the SDK also takes plain text, its list may be older than the cloud: on AWS always, on Azure for sizes."""
        return self.package == "azure-native" and _qualified(members) not in OUTDATED_ENUMS

    def _enum(self, members: type[Enum]) -> JsonType:
        name = _qualified(members)
        self.enums[name] = [member.value for member in members]
        return {"enum": name}

    def _named(self, arguments: type) -> JsonType:
        name = _qualified(arguments)
        if name not in self.types:
            self.types[name] = {}  # before its properties: types may contain themselves
            self.types[name].update(self._object(arguments))
        return {"object": name}


def _classes(token: str) -> tuple[type, type]:
    package, module, name = token.split(":")
    python = f"{PYTHON_PACKAGES[package]}.{module.partition('/')[0]}".removesuffix(".index")
    try:
        resource: type = getattr(importlib.import_module(python), name)
        module_names = vars(importlib.import_module(resource.__module__))
        arguments: type = (
            module_names.get(f"{name}InitArgs") or module_names[f"{name}Args"]
        )  # Init: where a nested type has the name
    except (ImportError, AttributeError, KeyError) as missing:
        raise SandboxError(f"{token}: the installed SDK has no class {python}.{name} ({missing})") from missing
    return resource, arguments


def _names(owner: type) -> dict[str, str]:
    """Python names of a class's properties to the engine's names."""
    found = dict[str, str]()
    for name, member in inspect.getmembers(owner, lambda member: isinstance(member, property)):
        engine_name = getattr(member.fget, "_pulumi_name", None)
        if member.fget is not None and not name.startswith("pulumi_resource_"):
            found[name] = engine_name or name
    return found


def _hints(arguments: type) -> dict[str, Any]:
    module = importlib.import_module(arguments.__module__)
    return typing.get_type_hints(arguments.__init__, vars(module), {"Output": pulumi.Output, "T": Any})


def _without_wrappers(hint: Any) -> Any:
    """`Input[Optional[T]]` is a union of T, None, an awaitable and an output: leaves T, or a union where T is one."""
    if typing.get_origin(hint) is not typing.Union:
        return hint
    members = list[Any]()
    for member in typing.get_args(hint):
        plain = _without_wrappers(member)
        if plain is not type(None) and not _is_wrapper(plain) and plain not in members:
            members.append(plain)
    return members[0] if len(members) == 1 else typing.Union[tuple(members)]  # noqa: UP007


def _is_wrapper(hint: Any) -> bool:
    origin = typing.get_origin(hint) or hint
    return getattr(origin, "__name__", "") in {"Awaitable", "Output"} or _is_dictionary_form(origin)


def _is_dictionary_form(hint: Any) -> bool:
    return typing.is_typeddict(hint)


def _qualified(owner: type) -> str:
    return ".".join((*owner.__module__.split(".")[1:-1], owner.__name__))


def _sorted(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: mapping[key] for key in sorted(mapping)}
