"""Public images: those of Debian, which the project boots. Images of other projects are taken at their word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from provisioner.sandbox.gcp.common import API
from provisioner.sandbox.kinds import CloudRefusal, Function, Properties, World

PROJECT: Final = "debian-cloud"
FAMILIES: Final = {
    "debian-12": "debian-12-bookworm-v20261015",
    "debian-12-arm64": "debian-12-bookworm-arm64-v20261015",
    "debian-13": "debian-13-trixie-v20261015",
    "debian-13-arm64": "debian-13-trixie-arm64-v20261015",
}
"""Family to the name of its newest image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    name: str
    arch: str
    """`amd64`, `arm64`, or "" where the image's project is not simulated."""


def find_image(link: str) -> Image:
    """An image by any way of naming it. Raises `CloudRefusal` where Debian has no such image."""
    path = link.removeprefix(API).removeprefix("projects/")
    project, _, rest = path.partition("/")
    if project != PROJECT:
        return Image(name=path, arch="")
    name = FAMILIES.get(rest.rsplit("/", 1)[-1], rest.rsplit("/", 1)[-1])
    if not re.fullmatch(r"debian-1[23]-(bookworm|trixie)(-arm64)?-v20\d{6}", name):
        raise CloudRefusal(f"googleapi: Error 404: The resource 'projects/{path}' was not found, notFound")
    return Image(name=name, arch="arm64" if "-arm64-" in name else "amd64")


def get_image(arguments: Mapping[str, Any], config: Mapping[str, str], world: World) -> Properties:
    """The newest image of a family, or the image of a name."""
    del world
    project = arguments.get("project") or config["project"]
    family, name = arguments.get("family"), arguments.get("name")
    if not family and not name:
        raise CloudRefusal("one of name, family or filters must be set")
    wanted = f"projects/{project}/global/images/{f'family/{family}' if family else name}"
    if project != PROJECT or (family and family not in FAMILIES):
        raise CloudRefusal(f"googleapi: Error 404: The resource '{wanted}' was not found, notFound")
    image = find_image(wanted)
    path = f"projects/{PROJECT}/global/images/{image.name}"
    return {
        "archiveSizeBytes": 1_100_000_000,
        "creationTimestamp": "2026-10-15T12:00:00.000-07:00",
        "description": f"Debian, Debian GNU/Linux, {image.arch} built on 20261015",
        "diskSizeGb": 10,
        "family": _family(image.name),
        "id": path,
        "imageEncryptionKeySha256": "",
        "imageId": "4242424242424242424",
        "labelFingerprint": "42WmSpB8rSM=",
        "labels": {},
        "licenses": [f"{API}projects/{PROJECT}/global/licenses/debian-13-trixie"],
        "name": image.name,
        "project": PROJECT,
        "selfLink": API + path,
        "sourceDisk": "",
        "sourceDiskEncryptionKeySha256": "",
        "sourceDiskId": "",
        "sourceImageId": "",
        "status": "READY",
    }


def _family(name: str) -> str:
    """The family of an image, old ones included: names differ in their version alone."""
    return next(family for family, newest in FAMILIES.items() if newest.rpartition("-")[0] == name.rpartition("-")[0])


FUNCTIONS: Final[Mapping[str, Function]] = {"gcp:compute/getImage:getImage": get_image}
