"""Machine images: what `aws.ec2.getAmi` finds. Debian 12 and 13 of Debian's own account, for both architectures."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from provisioner.sandbox.kinds import CloudRefusal, Properties, World

DEBIAN: Final = "136693071363"
_BUILDS: Final = (("12", "20260901-2225"), ("12", "20261012-2266"), ("13", "20260907-2231"), ("13", "20261026-2280"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image in one region; its id follows from its name and region."""

    id: str
    name: str
    architecture: str
    created: str
    owner: str = DEBIAN

    @property
    def facts(self) -> Mapping[str, str]:
        """What a filter can ask for."""
        return {
            "architecture": self.architecture,
            "image-id": self.id,
            "image-type": "machine",
            "is-public": "true",
            "name": self.name,
            "owner-id": self.owner,
            "root-device-type": "ebs",
            "state": "available",
            "virtualization-type": "hvm",
        }


def images(region: str) -> Iterator[Image]:
    """Every image of a region."""
    for release, build in _BUILDS:
        for arch, architecture in (("amd64", "x86_64"), ("arm64", "arm64")):
            name = f"debian-{release}-{arch}-{build}"
            digest = hashlib.sha256(f"{region} {name}".encode()).hexdigest()
            created = f"{build[:4]}-{build[4:6]}-{build[6:8]}T06:00:00.000Z"
            yield Image(id=f"ami-0{digest[:16]}", name=name, architecture=architecture, created=created)


def find(region: str, id: object) -> Image | None:
    return next((image for image in images(region) if image.id == id), None)


def get_ami(arguments: Mapping[str, Any], config: Mapping[str, str], _: World) -> Properties:
    """The one image that answers the question. Raises `CloudRefusal` when none does, or several and not `mostRecent`."""
    region = str(arguments.get("region") or config["region"])
    found = [image for image in images(region) if _answers(image, arguments)]
    if not found:
        raise CloudRefusal("Your query returned no results. Please change your search criteria and try again.")
    if len(found) > 1 and not arguments.get("mostRecent"):
        words = "Please try a more specific search criteria, or set `most_recent` attribute to true."
        raise CloudRefusal(f"Your query returned more than one result. {words}")
    return {**arguments, **_described(max(found, key=lambda image: image.created), region)}


def _answers(image: Image, arguments: Mapping[str, Any]) -> bool:
    owners = arguments.get("owners") or [image.owner]
    return image.owner in owners and all(_passes(image, each) for each in arguments.get("filters", ()))


def _passes(image: Image, given: Mapping[str, Any]) -> bool:
    if given["name"] not in image.facts:
        raise CloudRefusal(f"InvalidParameterValue: The filter '{given['name']}' is invalid")
    return any(fnmatchcase(image.facts[given["name"]], pattern) for pattern in given["values"])


def _described(image: Image, region: str) -> dict[str, Any]:
    return {
        "architecture": image.architecture,
        "arn": f"arn:aws:ec2:{region}::image/{image.id}",
        "bootMode": "uefi-preferred" if image.architecture == "x86_64" else "uefi",
        "creationDate": image.created,
        "description": f"Debian {image.name.split('-')[1]} ({image.name.split('-', 3)[3]})",
        "enaSupport": True,
        "hypervisor": "xen",
        "id": image.id,
        "imageId": image.id,
        "imageLocation": f"amazon/{image.name}",
        "imageType": "machine",
        "name": image.name,
        "ownerId": image.owner,
        "platformDetails": "Linux/UNIX",
        "public": True,
        "region": region,
        "rootDeviceName": "/dev/xvda",
        "rootDeviceType": "ebs",
        "state": "available",
        "tags": {},
        "usageOperation": "RunInstances",
        "virtualizationType": "hvm",
    }


FUNCTIONS = {"aws:ec2/getAmi:getAmi": get_ami}
