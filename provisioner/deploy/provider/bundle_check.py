"""What is wrong with the inputs of a `Bundle`, found before anything is brought anywhere."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from provisioner.deploy.provider import ways
from provisioner.deploy.provider.resource import Failure, Properties
from provisioner.errors import HostError
from provisioner.host import document
from provisioner.host.delivery import checkable, needed_addresses, needed_devices, needed_keys, needed_secrets
from provisioner.host.model import Bundle
from provisioner.host.quadlet_check import refusals
from provisioner.protocol.values import is_known, plain

TEXTS: Final = ("host", "hostId", "address", "transport")
MAPPINGS: Final = ("devices", "addresses", "keys", "secretValues", "archives")
COMPUTED: Final = "summary"


def failures(inputs: Properties) -> list[Failure]:
    return [*_shape(inputs), *_contents(inputs)]


def bundle_of(inputs: Properties) -> Bundle | None:
    """The bundle among the inputs; None while any of it is unknown. Raises `HostError` where it is none."""
    data = inputs.get("bundle")
    return document.from_data(plain(data)) if is_known(data) else None


def _shape(inputs: Properties) -> Iterator[Failure]:
    yield from ways.unknown(inputs, (*TEXTS, *ways.WAYS, *MAPPINGS, "bundle", COMPUTED))
    yield from ways.texts(inputs, TEXTS)
    if "bundle" not in inputs:
        yield Failure(property="bundle", reason="expected a value, found none")
    yield from ways.refusals(inputs)
    for name in MAPPINGS:
        yield from ways.mapping(name, plain(inputs.get(name, {})))


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
