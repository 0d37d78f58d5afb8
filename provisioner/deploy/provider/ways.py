"""How a resource reaches its machine: the inputs that `Host` and `Bundle` share, checked and read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

from provisioner.deploy.hosts.adopt import Adoption
from provisioner.deploy.hosts.shell import Reach, TransportName
from provisioner.deploy.provider.resource import Failure, Properties
from provisioner.deploy.provider.transport import Machine, Transport
from provisioner.protocol.values import is_known, plain

WAYS: Final = ("reach", "hostKey")
"""Optional: `reach` maps address, user, port, key and jump to text; `hostKey` is the key pinned at first contact."""

ADOPTION: Final = "adoption"
"""Optional, of `Host`: `owner`, `installs` and what the inventory says of a machine that was there before, all text."""

_ADOPTION: Final = ("owner", "installs", "arch", "millicpu", "memoryMib")
_REACH: Final = ("address", "user", "port", "key", "jump")


def _sandbox() -> Transport:
    from provisioner.deploy.provider.sandbox import SandboxTransport

    return SandboxTransport()


def _shell() -> Transport:
    from provisioner.deploy.provider.real import ShellTransport

    return ShellTransport()


TRANSPORTS: Final[Mapping[TransportName, Callable[[], Transport]]] = {"ssh": _shell, "local": _shell, "sandbox": _sandbox}
"""By the word of the input `transport`."""


def transport_of(properties: Properties) -> Transport:
    return TRANSPORTS[_transport(properties)]()


def machine_of(properties: Properties) -> Machine:
    """A machine without `reach` is found by its id, as those of the sandbox are."""
    given = plain(properties.get("reach") or {})
    machine = str(plain(properties["hostId"]))
    reach = Reach(
        transport=_transport(properties),
        address=given.get("address") or machine,
        user=given.get("user") or "provisioner",
        port=int(given.get("port") or 22),
        key=given.get("key") or "",
        jump=given.get("jump") or "",
        host_key=str(plain(properties.get("hostKey") or "")),
    )
    host = str(plain(properties["host"]))
    return Machine(host=host, id=machine, reach=reach, adoption=_adoption(host, plain(properties.get(ADOPTION) or {})))


def unknown(inputs: Properties, known: Iterable[str]) -> Iterator[Failure]:
    """Properties that the resource does not have."""
    expected = tuple(known)
    for name in inputs:
        if name not in expected:
            yield Failure(property=name, reason=f"unknown property; expected {', '.join(expected)}")


def texts(inputs: Properties, names: Iterable[str]) -> Iterator[Failure]:
    """Required properties that are missing or no text."""
    for name in names:
        if name not in inputs:
            yield Failure(property=name, reason="expected a value, found none")
        value = plain(inputs.get(name, ""))
        if is_known(value) and not isinstance(value, str):
            yield Failure(property=name, reason=f"expected text, found {type(value).__name__}")


def mapping(name: str, value: Any) -> Iterator[Failure]:
    """What is no mapping of text to text."""
    if not isinstance(value, dict):
        if is_known(value):
            yield Failure(property=name, reason=f"expected a mapping of text, found {type(value).__name__}")
        return
    for key, part in cast("dict[str, Any]", value).items():
        if is_known(part) and not isinstance(part, str):
            yield Failure(property=f'{name}["{key}"]', reason=f"expected text, found {type(part).__name__}")


def refusals(inputs: Properties) -> Iterator[Failure]:
    """What is wrong with `transport`, `reach` and `hostKey`."""
    transport = plain(inputs.get("transport"))
    if isinstance(transport, str) and transport not in TRANSPORTS:
        yield Failure(property="transport", reason=f'expected one of {", ".join(TRANSPORTS)}, found "{transport}"')
    key = plain(inputs.get("hostKey", ""))
    if is_known(key) and not isinstance(key, str):
        yield Failure(property="hostKey", reason=f"expected text, found {type(key).__name__}")
    reach = plain(inputs.get("reach", {}))
    yield from mapping("reach", reach)
    if not isinstance(reach, Mapping):
        return
    given = cast("Mapping[str, Any]", reach)
    for name in given:
        if name not in _REACH:
            yield Failure(property=f'reach["{name}"]', reason=f"unknown; expected {', '.join(_REACH)}")
    port = given.get("port", "22")
    if isinstance(port, str) and not (port.isdigit() and 1 <= int(port) <= 65535):
        yield Failure(property='reach["port"]', reason=f'expected a port from 1 to 65535, found "{port}"')


def adoption_refusals(inputs: Properties) -> Iterator[Failure]:
    """What is wrong with `adoption`."""
    given = plain(inputs.get(ADOPTION, {}))
    yield from mapping(ADOPTION, given)
    if isinstance(given, dict) and given and set(cast("dict[str, Any]", given)) != set(_ADOPTION):
        yield Failure(property=ADOPTION, reason=f"expected {', '.join(_ADOPTION)}")


def _adoption(host: str, given: Mapping[str, str]) -> Adoption | None:
    if not given:
        return None
    return Adoption(
        owner=given["owner"],
        host=host,
        installs=given["installs"] == "true",
        arch=given["arch"],
        millicpu=int(given["millicpu"]),
        memory_mib=int(given["memoryMib"]),
    )


def _transport(properties: Properties) -> TransportName:
    return cast("TransportName", str(plain(properties["transport"])))
