"""What every kind of Google Cloud shares: ids and links, names, labels, and the words of its refusals."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from provisioner.sandbox.gcp.zones import check_region, check_zone, region_of
from provisioner.sandbox.kinds import UNKNOWN, Autoname, Call, CloudRefusal, Failure, Kind, Reference, Stored

API: Final = "https://www.googleapis.com/compute/v1/"
NAME: Final = re.compile(r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?")

Scope = Literal["global", "region", "zone"]
Check = Callable[[Call], Iterable[Failure]]
Refusal = Callable[[Call], None]
Output = Callable[[Call, str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute:
    """A type of Compute Engine: `projects/P/regions/R/COLLECTION/NAME`, named by the provider where the program does not."""

    token: str
    collection: str
    scope: Scope
    computed: Mapping[str, Output] = field(default_factory=dict[str, Output])
    reshaped: tuple[str, ...] = ()
    immutable: tuple[str, ...] = ()
    grows_only: tuple[str, ...] = ()
    defaults: Mapping[str, Any] | None = None
    references: tuple[Reference, ...] = ()
    checks: tuple[Check, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    labelled: bool = False
    timed: bool = True
    """Whether the type shows its `creationTimestamp`."""

    @property
    def kind(self) -> Kind:
        outputs = {**_common_outputs(self.scope, timed=self.timed), **(LABELS if self.labelled else {}), **self.computed}
        fixed = {"name", "project", *([self.scope] if self.scope != "global" else []), *self.immutable}
        return Kind(
            token=self.token,
            identify=self.identify,
            outputs=lambda call, identity: {name: output(call, identity) for name, output in outputs.items()},
            computed=tuple(outputs),
            reshaped=self.reshaped,
            defaults=self.defaults,
            immutable=frozenset(fixed),
            grows_only=frozenset(self.grows_only),
            autoname=Autoname(property="name", lower=True),
            references=self.references,
            check=lambda call: [failure for check in (check_name, *self.checks) for failure in check(call)],
            refuse=_in_turn(_place_exists(self.scope), free(self.identify), *self.refusals),
        )

    def identify(self, call: Call) -> str:
        return f"projects/{project(call)}/{_place(call, self.scope)}/{self.collection}/{call.inputs['name']}"


def refers(property: str, *tokens: str, holds: bool = True) -> Reference:
    """A reference by id, self link or name, refused in Google's words."""
    return Reference(
        property=property,
        tokens=tokens,
        also=("selfLink", "name"),
        missing="googleapi: Error 404: The resource '{value}' was not found, notFound",
        in_use="googleapi: Error 400: The resource '{id}' is already being used by '{dependent}', resourceInUseByAnotherResource",
        holds=holds,
    )


def part(properties: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A nested object of the inputs: empty where it is absent or unknown."""
    found: object = properties.get(name)
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else {}


def parts(properties: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """A list of objects of the inputs, without those that are unknown: empty where it is absent or unknown."""
    found: object = properties.get(name)
    entries = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("Mapping[str, Any]", each) for each in entries if isinstance(each, Mapping)]


def project(call: Call) -> str:
    return call.inputs.get("project") or call.config["project"]


def zone(call: Call) -> str:
    found = call.inputs.get("zone") or call.config.get("zone")
    if not found:
        raise CloudRefusal("Cannot determine zone: set in this resource, or set provider-level zone.")
    return basename(found)


def region(call: Call) -> str:
    found = call.inputs.get("region") or call.config.get("region")
    if found:
        return basename(found)
    if call.config.get("zone"):
        return region_of(call.config["zone"])
    raise CloudRefusal("Cannot determine region: set in this resource, or set provider-level 'region' or 'zone'.")


def basename(link: str) -> str:
    """`europe-west1` of `projects/p/regions/europe-west1`: every reference may be a name, an id or a self link."""
    return link.rsplit("/", 1)[-1]


def relative(link: str) -> str:
    """A self link as an id; an id as it is."""
    return link.removeprefix(API)


def find(call: Call, token: str, reference: object) -> Stored | None:
    """What a reference names, by id, self link or name."""
    if not isinstance(reference, str):
        return None
    return call.world.get(token, relative(reference)) or call.world.find(token, name=reference)


def link(call: Call, value: str, collection: str) -> str:
    """A global resource's self link from a name, an id or a self link."""
    path = relative(value)
    return API + (path if "/" in path else f"projects/{project(call)}/global/{collection}/{path}")


def number(call: Call, start: int = 0, digits: int = 19) -> str:
    """A numeric id of Google's length, taken from the digest."""
    return str(10 ** (digits - 1) + int(call.digest[start : start + 24], 16) % (8 * 10 ** (digits - 1)))


def numeric(call: Call, _id: str) -> int:
    """The resource's number, where the provider shows it as one."""
    return int(number(call, digits=15))


def fingerprint(call: Call, _id: str) -> str:
    return call.digest[:11] + "="


def free(identify: Callable[[Call], str]) -> Refusal:
    def refuse(call: Call) -> None:
        if call.world.get(call.token, identify(call)) is not None:
            raise CloudRefusal(f"googleapi: Error 409: The resource '{identify(call)}' already exists, alreadyExists")

    return refuse


def one_of(property: str, *accepted: str) -> Check:
    def check(call: Call) -> Iterable[Failure]:
        value = call.inputs.get(property)
        if value is not None and value is not UNKNOWN and value not in accepted:
            words = " ".join(f'"{each}"' for each in accepted)
            yield Failure(property=property, reason=f"expected {property} to be one of [{words}], got {value}")

    return check


def check_name(call: Call) -> Iterable[Failure]:
    name = call.inputs.get("name")
    if isinstance(name, str) and not NAME.fullmatch(name):
        yield Failure(property="name", reason=f'"name" ("{name}") doesn\'t match regexp "^(?:{NAME.pattern})$"')


def invalid(field: str, value: object, words: str) -> CloudRefusal:
    """Google's answer to a value it cannot take."""
    return CloudRefusal(f"googleapi: Error 400: Invalid value for field 'resource.{field}': '{value}'. {words}, invalid")


def over_quota(metric: str, most: int, where: str) -> CloudRefusal:
    """Google's answer to more than the project may have; `where` is `globally` or `in region europe-west1`."""
    return CloudRefusal(f"googleapi: Error 403: Quota '{metric}' exceeded.  Limit: {most}.0 {where}., quotaExceeded")


def timestamp(call: Call, _id: str) -> str:
    """A moment of the simulated cloud: stable, so that a changed resource keeps the moment of its creation."""
    minutes = int(call.digest[:4], 16) % 1440
    return f"2026-11-01T{minutes // 60:02}:{minutes % 60:02}:00.000-07:00"


def labels(call: Call, _id: str) -> Mapping[str, str]:
    return {**part(call.inputs, "labels"), "goog-pulumi-provisioned": "true"}


LABELS: Final[Mapping[str, Output]] = {
    "effectiveLabels": labels,
    "pulumiLabels": labels,
    "labelFingerprint": lambda call, _: call.digest[20:31] + "=",
}


def _common_outputs(scope: Scope, *, timed: bool) -> Mapping[str, Output]:
    outputs: dict[str, Output] = {
        "project": lambda call, _: project(call),
        "selfLink": lambda _, identity: API + identity,
    }
    if timed:
        outputs["creationTimestamp"] = timestamp
    if scope == "region":
        outputs["region"] = lambda call, _: region(call)
    if scope == "zone":
        outputs["zone"] = lambda call, _: zone(call)
    return outputs


def _place(call: Call, scope: Scope) -> str:
    match scope:
        case "global":
            return "global"
        case "region":
            return f"regions/{region(call)}"
        case "zone":
            return f"zones/{zone(call)}"


def _place_exists(scope: Scope) -> Refusal:
    def refuse(call: Call) -> None:
        if scope == "zone":
            check_zone(zone(call))
        elif scope == "region":
            check_region(region(call))

    return refuse


def _in_turn(*refusals: Refusal) -> Refusal:
    def refuse(call: Call) -> None:
        for each in refusals:
            each(call)

    return refuse
