"""What is wrong with the inputs of a `Bundle`, found before anything is brought anywhere."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from provisioner.deploy.provider.resource import Failure, Properties
from provisioner.deploy.provider.transport import TRANSPORTS
from provisioner.errors import HostError
from provisioner.host import document
from provisioner.host.delivery import checkable, needed_addresses, needed_devices, needed_keys, needed_secrets
from provisioner.host.model import Bundle
from provisioner.host.quadlet_check import refusals
from provisioner.protocol.values import is_known, plain

TEXTS: Final = ("host", "hostId", "address", "transport")
MAPPINGS: Final = ("devices", "addresses", "keys", "secretValues")
COMPUTED: Final = "summary"


def failures(inputs: Properties) -> list[Failure]:
    return [*_shape(inputs), *_contents(inputs)]


def bundle_of(inputs: Properties) -> Bundle | None:
    """The bundle among the inputs; None while any of it is unknown. Raises `HostError` where it is none."""
    data = inputs.get("bundle")
    return document.from_data(plain(data)) if is_known(data) else None


def _shape(inputs: Properties) -> Iterator[Failure]:
    known = (*TEXTS, *MAPPINGS, "bundle", COMPUTED)
    for name in inputs:
        if name not in known:
            yield Failure(property=name, reason=f"unknown property; expected {', '.join(known)}")
    for name in (*TEXTS, "bundle"):
        if name not in inputs:
            yield Failure(property=name, reason="expected a value, found none")
    for name in TEXTS:
        value = plain(inputs.get(name, ""))
        if is_known(value) and not isinstance(value, str):
            yield Failure(property=name, reason=f"expected text, found {type(value).__name__}")
    transport = plain(inputs.get("transport"))
    if isinstance(transport, str) and transport not in TRANSPORTS:
        yield Failure(property="transport", reason=f'expected one of {", ".join(TRANSPORTS)}, found "{transport}"')
    for name in MAPPINGS:
        yield from _texts(name, plain(inputs.get(name, {})))


def _texts(name: str, value: Any) -> Iterator[Failure]:
    if not isinstance(value, dict):
        if is_known(value):
            yield Failure(property=name, reason=f"expected a mapping of text, found {type(value).__name__}")
        return
    for key, part in cast("dict[str, Any]", value).items():
        if is_known(part) and not isinstance(part, str):
            yield Failure(property=f'{name}["{key}"]', reason=f"expected text, found {type(part).__name__}")


def _contents(inputs: Properties) -> Iterator[Failure]:
    if "bundle" not in inputs:
        return
    try:
        bundle = bundle_of(inputs)
    except HostError as error:
        yield Failure(property="bundle", reason=str(error))
        return
    if bundle is None:
        return
    yield from (Failure(property="bundle", reason=str(problem)) for problem in refusals(checkable(bundle)))
    yield from _missing("secretValues", needed_secrets(bundle), inputs)
    yield from _missing("devices", needed_devices(bundle), inputs)
    yield from _missing("addresses", needed_addresses(bundle), inputs)
    yield from _missing("keys", needed_keys(bundle), inputs)


def _missing(name: str, needed: Iterable[str], inputs: Properties) -> Iterator[Failure]:
    given = plain(inputs.get(name, {}))
    if isinstance(given, Mapping):
        lacking = sorted(set(needed) - set(cast("Mapping[str, Any]", given)))
        yield from (Failure(property=name, reason=f'the bundle needs "{key}", which is not given') for key in lacking)
