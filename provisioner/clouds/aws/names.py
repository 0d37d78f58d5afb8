"""Names, descriptions and device names as AWS takes them, out of the plan's names. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final

DEVICE_LETTERS: Final = "fghijklmnop"
"""`/dev/sdf` to `/dev/sdp`: the device names that the EC2 user guide ("Device names for volumes") recommends for data volumes."""

_DESCRIPTION: Final = re.compile(r"[^a-zA-Z0-9. _:/()#,@\[\]+=&;{}!$*-]")
_NOT_ALPHANUMERIC: Final = re.compile(r"[^a-z0-9]+")


def prefix(limit: int, *words: str) -> str:
    """`demo-platform-app-`: a beginning of at most `limit` characters, to which AWS adds a unique end."""
    return f"{_joined(words)[: limit - 1].rstrip('-')}-"


def short(limit: int, *words: str, salt: Iterable[str]) -> str:
    """`demo-platform-web-1f3a9c2`: a name of at most `limit` characters that `words` and `salt` alone decide."""
    digest = hashlib.sha256("\n".join((*words, *salt)).encode()).hexdigest()[:7]
    return prefix(limit - len(digest), *words) + digest


def description(text: str) -> str:
    """Text for a security group or rule: at most 255 of the characters that EC2 takes, others become spaces."""
    return " ".join(_DESCRIPTION.sub(" ", text).split())[:255]


def source(cidr: str) -> str:
    """`203-0-113-0-24`: an address range as a word of a logical name."""
    return _joined((cidr,))


def devices(volumes: Iterable[str], kept: Mapping[str, str]) -> Mapping[str, str]:
    """Device name of each volume of one host, `/dev/sdf`. `kept` are those of the last deployment.

    A volume keeps its letter, because another one is another attachment: the engine would unplug a disk in use. A name alone
    cannot promise that with eleven letters, so the stack's outputs remember it. The name of a new volume decides where the
    search for a free letter starts. At most 11 volumes.
    """
    listed = sorted(volumes)
    taken = {kept[volume].removeprefix("/dev/sd"): volume for volume in listed if volume in kept}
    for volume in (volume for volume in listed if volume not in kept):
        start = int(hashlib.sha256(volume.encode()).hexdigest(), 16) % len(DEVICE_LETTERS)
        order = DEVICE_LETTERS[start:] + DEVICE_LETTERS[:start]
        taken[next(letter for letter in order if letter not in taken)] = volume
    return {volume: f"/dev/sd{letter}" for letter, volume in taken.items()}


def partition(region: str) -> str:
    """The first part of every ARN in a region: `aws`, `aws-cn` or `aws-us-gov`."""
    for beginning, name in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
        if region.startswith(beginning):
            return name
    return "aws"


def _joined(words: Iterable[str]) -> str:
    return _NOT_ALPHANUMERIC.sub("-", "-".join(words).lower()).strip("-")
