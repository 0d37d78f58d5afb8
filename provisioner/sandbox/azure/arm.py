"""What all kinds of the simulated Azure share: resource ids, names, locations, tags, and refusals in Resource Manager's words.

The provider appends eight hexadecimal digits, without a dash, to names that a program leaves out (`TestGetDefaultName` in
pulumi-azure-native; neither shortens them). What is in a resource's path replaces it; for the rest it sends the change.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from provisioner.sandbox import paths
from provisioner.sandbox.azure import sizes
from provisioner.sandbox.kinds import UNKNOWN, Autoname, Call, CloudRefusal, Failure, Properties, Reference

GROUP = "azure-native:resources:ResourceGroup"
STANDARD = ("azureApiVersion", "name", "type")
"""Outputs that every resource has."""
NETWORKING = (*STANDARD, "etag", "provisioningState", "resourceGuid")
"""Outputs of the resources of Microsoft.Network."""

NOT_FOUND = "Please make sure that the referenced resource exists, and that both resources are in the same region."


def refusal(code: str, message: str) -> CloudRefusal:
    return CloudRefusal(f'Code="{code}" Message="{message}"')


def group_id(call: Call) -> str:
    return f"/subscriptions/{call.config['subscriptionId']}/resourceGroups/{call.inputs['resourceGroupName']}"


def identify(type: str, name: str) -> Callable[[Call], str]:
    """The id of a top-level resource of a group: `identify("Microsoft.Compute/disks", "diskName")`."""
    return lambda call: f"{group_id(call)}/providers/{type}/{call.inputs[name]}"


def standard(type: str, version: str, name: object) -> dict[str, Any]:
    return {"azureApiVersion": version, "name": name, "type": type}


@dataclass(frozen=True, slots=True)
class Owner:
    """A resource with parts of its own: its type, the input of a part that names it, and the version of the API.

    `Owner("Microsoft.KeyVault/vaults", "vaultName", "2024-11-01").identify("secrets", "secretName")` gives a secret's id.
    """

    type: str
    property: str
    version: str

    def identify(self, path: str, name: str) -> Callable[[Call], str]:
        """The ids of parts that the input `name` names."""
        return lambda call: f"{group_id(call)}/providers/{self.type}/{call.inputs[self.property]}/{path}/{call.inputs[name]}"

    def outputs(self, path: str, name: str) -> Callable[[Call, str], dict[str, Any]]:
        return lambda call, _: standard(f"{self.type}/{path}", self.version, call.inputs[name])


def networking(type: str, name: str) -> Callable[[Call, str], dict[str, Any]]:
    """The outputs of a resource of Microsoft.Network whose name is in the input `name`."""

    def outputs(call: Call, _: str) -> dict[str, Any]:
        return {
            **standard(f"Microsoft.Network/{type}", "2024-05-01", call.inputs[name]),
            "etag": f'W/"{uuid(call, "etag")}"',
            "provisioningState": "Succeeded",
            "resourceGuid": uuid(call, "guid"),
        }

    return outputs


def part(properties: Properties, *names: str) -> Properties:
    """The object inside an object, {} where it is left out."""
    for name in names:
        properties = properties.get(name) or {}
    return properties


def items(properties: Properties, name: str) -> Sequence[Properties]:
    """The objects of a list, () where it is left out or unknown."""
    found = properties.get(name)
    return cast("Sequence[Properties]", found) if isinstance(found, list) else ()


def values(properties: Properties | None, path: str) -> list[Any]:
    """Everything that a pattern reaches: `ipConfigurations[].subnet.id`."""
    return [value for _, value in paths.values(properties or {}, path)]


def absolute(reference: str | None, id: str) -> str | None:
    """`$self/probes/web` as a path within the resource of this id; other references as they are."""
    return f"{id}{reference.removeprefix('$self')}" if reference and reference.startswith("$self/") else reference


def uuid(call: Call, salt: str = "") -> str:
    """A stable UUID of the resource's own."""
    found = sha256(f"{call.digest}{salt}".encode()).hexdigest()
    return f"{found[:8]}-{found[8:12]}-4{found[13:16]}-8{found[17:20]}-{found[20:32]}"


def autoname(property: str) -> Autoname:
    return Autoname(property=property, separator="", length=8, maximum=1000)


IN_GROUP = Reference(
    property="resourceGroupName",
    tokens=(GROUP,),
    field="name",
    missing='Code="ResourceGroupNotFound" Message="Resource group \'{value}\' could not be found."',
    in_use='Code="ResourceGroupNotEmpty" Message="The resource group {id} still holds {dependent}."',
)
"""The sandbox refuses to delete a group that holds something, where Azure would delete all of it."""


def refers(property: str, *tokens: str, in_use: str = "", holds: bool = True) -> Reference:
    """A reference by resource id. `in_use` is `CODE: message` with `{id}` and `{dependent}`."""
    code, _, message = in_use.partition(": ")
    words = f'Code="{code}" Message="{message}"' if in_use else 'Code="InUse" Message="{id} is in use by {dependent}."'
    return Reference(
        property=property,
        tokens=tokens,
        missing=f'Code="InvalidResourceReference" Message="Resource {{value}} was not found. {NOT_FOUND}"',
        in_use=words,
        holds=holds,
    )


def named(property: str, pattern: str) -> Callable[[Call], Iterable[Failure]]:
    """A check of the resource's own name."""

    def check(call: Call) -> Iterator[Failure]:
        value = call.inputs.get(property)
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            yield Failure(property=property, reason=f"'{value}' does not match expression '^{pattern}$'")

    return check


NETWORK_NAME = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?"
"""Names of the provider Microsoft.Network, and of disks."""


def refuse_common(call: Call) -> None:
    """What Azure checks of every resource: the location, that it stays, and the tags."""
    location = call.inputs.get("location")
    if location is not None and not sizes.is_location(location):
        known = ", ".join(sizes.locations())
        message = f"The provided location '{location}' is not available. List of available regions is '{known}'."
        raise refusal("LocationNotAvailableForResourceType", message)
    if call.olds is not None and call.olds.get("location") != location:
        message = (
            f"The resource '{call.name}' already exists in location '{call.olds.get('location')}'. A resource with the same "
            f"name cannot be created in location '{location}'. Please select a new resource name."
        )
        raise refusal("InvalidResourceLocation", message)
    refuse_tags(call.inputs.get("tags") or {})


def refuse_tags(tags: Mapping[str, str]) -> None:
    if len(tags) > 50:
        raise refusal("TagCountExceeded", f"The number of tags exceeds the limit of 50: {len(tags)}.")
    for name, value in tags.items():
        if re.search(r"[<>%&\\?/]", name):
            message = f"The tag names '{name}' have reserved characters '<,>,%,&,\\,?,/' or control characters."
            raise refusal("InvalidTagNameCharacters", message)
        if len(name) > 512 or len(value) > 256:
            raise refusal("InvalidTag", f"The tag '{name}' is too long: 512 characters are allowed in a name, 256 in a value.")


def refuse_zones(call: Call, *, every: bool = False) -> None:
    """One zone of the region, or with `every` all three; and never another than before."""
    zones = call.inputs.get("zones")
    if zones is not None and (sorted(set(zones)) != sorted(zones) or not set(zones) <= {"1", "2", "3"}):
        message = f"The zone(s) {', '.join(zones)} for resource '{call.name}' is not supported. The supported zones are '1,2,3'."
        raise refusal("InvalidAvailabilityZone", message)
    if zones is not None and len(zones) > 1 and not (every and len(zones) == 3):
        message = (
            f"The request for resource '{call.name}' has {len(zones)} zones. Only one{' or three' if every else ''} can be given."
        )
        raise refusal("InvalidAvailabilityZone", message)
    if call.olds is not None and call.olds.get("zones") != zones:
        message = (
            f"Resource {call.name} has an existing availability zone constraint {call.olds.get('zones')} and the request has "
            f"availability zone constraint {zones}, which do not match. Zones cannot be added/updated/removed once the "
            f"resource is created."
        )
        raise refusal("ResourceAvailabilityZonesCannotBeModified", message)


def refuse_elsewhere(call: Call, tokens: Iterable[str], *patterns: str) -> None:
    """What a resource names is in its own region: a resource elsewhere counts as one that is not there."""
    for value in (each for pattern in patterns for each in values(call.inputs, pattern)):
        owner = str(value).partition("/subnets/")[0]
        found = next((each for token in tokens if (each := call.world.get(token, owner))), None)
        if found is not None and found.properties.get("location") != call.inputs.get("location"):
            message = f"Resource {value} referenced by resource {call.name} was not found. {NOT_FOUND}"
            raise refusal("InvalidResourceReference", message)


def refuse_changes(call: Call, fixed: Iterable[str]) -> None:
    """Properties that exist only at creation: the provider sends the change, and Azure answers 409."""
    for path in fixed if call.olds is not None else ():
        if values(call.olds, path) != values(call.inputs, path):
            raise refusal("PropertyChangeNotAllowed", f"Changing property '{path}' is not allowed.")


def known(value: object) -> bool:
    """Whether a value of a check can be looked at."""
    return value is not None and value is not UNKNOWN
