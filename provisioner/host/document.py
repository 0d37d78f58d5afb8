"""A bundle as JSON data and back: how it travels through the engine and lies on a host.

{host, digest, units: [{name, text}], files: [{path, contents, mode, template}], secrets: [{name, value: [text | {secret}]}],
 disks: [{volume, path}], services: [{name, files: [path]}],
 gates: [{workload, container, service, image, timeout, slots: [{name, service, rules}], drain}],
 checks: [{workload, container, service, code, asked, period, initial_delay, attempts, timeout}], only where there are any}
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Final, TypeVar, cast

from provisioner.errors import HostError
from provisioner.host.model import Bundle, DiskMount, Gate, HostFile, HostService, LiveCheck, SecretSlot, Slot, Unit
from provisioner.plan.digest import digest
from provisioner.resolve.model import Later, Parts, SecretRef, Text

Data = Mapping[str, Any]
Record = TypeVar("Record")

_TYPES: Final[Mapping[str, Mapping[str, type | UnionType]]] = {
    "units": {"name": str, "text": str},
    "files": {"path": str, "contents": str, "mode": int, "template": bool},
    "disks": {"volume": str, "path": str},
    "services": {"name": str, "files": list},
    "gates": {
        "workload": str,
        "container": str,
        "service": str,
        "image": str,
        "timeout": int | float,
        "slots": list,
        "drain": int | float,
    },
    "gates/slots": {"name": str, "service": str, "rules": str},
    "checks": {
        "workload": str,
        "container": str,
        "service": str,
        "code": str,
        "asked": str,
        "period": int | float,
        "initial_delay": int | float,
        "attempts": int | float,
        "timeout": int | float,
    },
}


def to_data(bundle: Bundle) -> dict[str, Any]:
    """Plain JSON data, with the digest."""
    return {**_body(bundle), "digest": bundle.digest}


def digest_of(bundle: Bundle) -> str:
    """`sha256:…` over the canonical JSON of everything but the digest itself."""
    return digest(_body(bundle))


def from_data(data: object) -> Bundle:
    """Read back. Raises `HostError` that names what is missing, unknown, of another type, or not what its digest says."""
    keys = ("host", "digest", "units", "files", "secrets", "disks", "services", "gates")
    top = _mapping("bundle", data, keys, optional=frozenset({"checks"}))
    bundle = Bundle(
        host=_text("host", top["host"]),
        units=tuple(_record(Unit, "units", each) for each in _list("units", top["units"])),
        files=tuple(_record(HostFile, "files", each) for each in _list("files", top["files"])),
        secrets=tuple(_slot(each) for each in _list("secrets", top["secrets"])),
        disks=tuple(_record(DiskMount, "disks", each) for each in _list("disks", top["disks"])),
        services=tuple(_service(each) for each in _list("services", top["services"])),
        gates=tuple(_gate(each) for each in _list("gates", top["gates"])),
        checks=tuple(_check(each) for each in _list("checks", top.get("checks", []))),
        digest=_text("digest", top["digest"]),
    )
    actual = digest_of(bundle)
    if actual != bundle.digest:
        raise HostError(f"digest: expected {actual}, which is that of the contents, found {bundle.digest}")
    return bundle


def _body(bundle: Bundle) -> dict[str, Any]:
    checks = {"checks": _plain(bundle.checks)} if bundle.checks else {}
    return {
        **checks,
        "host": bundle.host,
        "units": _plain(bundle.units),
        "files": _plain(bundle.files),
        "secrets": [{"name": slot.name, "value": _pieces(slot.value)} for slot in bundle.secrets],
        "disks": _plain(bundle.disks),
        "services": _plain(bundle.services),
        "gates": _plain(bundle.gates),
    }


def _plain(value: object) -> Any:
    """The engine's numbers are all floats: whole ones are written as integers on both sides, so that digests agree."""
    if isinstance(value, tuple):
        return [_plain(each) for each in cast("tuple[object, ...]", value)]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pieces(value: Text) -> list[Any]:
    pieces = value.pieces if isinstance(value, Parts) else (value,)
    return [_piece(piece) for piece in pieces]


def _piece(piece: str | SecretRef | Later) -> Any:
    if isinstance(piece, Later):
        raise TypeError(f"a secret slot cannot hold {piece}")
    return {"secret": piece.name} if isinstance(piece, SecretRef) else piece


def _slot(data: object) -> SecretSlot:
    found = _mapping("secrets", data, ("name", "value"))
    pieces = tuple(
        piece if isinstance(piece, str) else SecretRef(name=_text("secret", _mapping("secrets", piece, ("secret",))["secret"]))
        for piece in _list("secrets", found["value"])
    )
    return SecretSlot(name=_text("secrets", found["name"]), value=Parts(pieces))


def _service(data: object) -> HostService:
    found = _checked("services", data)
    return HostService(name=found["name"], files=tuple(_text("services/files", each) for each in found["files"]))


def _gate(data: object) -> Gate:
    found = dict(_checked("gates", data))
    found["slots"] = tuple(_record(Slot, "gates/slots", each) for each in found["slots"])
    return Gate(**found)


def _check(data: object) -> LiveCheck:
    found = dict(_checked("checks", data))
    found["attempts"] = int(found["attempts"])
    return LiveCheck(**found)


def _record(kind: Callable[..., Record], where: str, data: object) -> Record:
    return kind(**_checked(where, data))


def _checked(where: str, data: object) -> Data:
    types = _TYPES[where]
    found = _mapping(where, data, types)
    for key, type_ in types.items():
        if not isinstance(found[key], type_) or (isinstance(found[key], bool) and type_ is not bool):
            raise HostError(f"{where}/{key}: expected {type_}, found {type(found[key]).__name__}")
    return found


def _mapping(where: str, data: object, keys: Iterable[str], optional: frozenset[str] = frozenset()) -> Data:
    expected = sorted(keys)
    if not isinstance(data, Mapping) or sorted(set(cast("Data", data)) - optional) != expected:
        found = ", ".join(sorted(cast("Data", data))) if isinstance(data, Mapping) else type(data).__name__
        raise HostError(f"{where}: expected {', '.join(expected)}, found {found}")
    return cast("Data", data)


def _list(where: str, data: object) -> list[object]:
    if not isinstance(data, list):
        raise HostError(f"{where}: expected a list, found {type(data).__name__}")
    return cast("list[object]", data)


def _text(where: str, data: object) -> str:
    if not isinstance(data, str):
        raise HostError(f"{where}: expected text, found {type(data).__name__}")
    return data
