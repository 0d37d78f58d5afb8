"""Physical names and tags on Azure.

Most names are left to the provider, which appends eight hexadecimal digits to the logical name, so that a replacement can
exist beside what it replaces. Stated here are the names with rules of their own.
"""

import re
from hashlib import sha256

import pulumi

from provisioner.plan.model import Plan


def tags(plan: Plan) -> dict[str, str]:
    """On everything that takes tags: Azure has no provider-wide default."""
    return {"managed-by": "provisioner", "definition": plan.name, "stack": pulumi.get_stack()}


def storage_account(scope: str, slug: str, bucket: str) -> str:
    """A name for the storage account of a bucket: 24 lower-case letters and digits at most, unique in the whole world.

    `scope` is the id of the resource group, which holds the subscription and a random suffix.
    """
    words = "".join(character for character in f"{slug}{bucket}".lower() if character.isascii() and character.isalnum())
    return words[:12] + sha256(f"{scope}/{bucket}".encode()).hexdigest()[:12]


def vault(scope: str, slug: str) -> str:
    """A name for the key vault: a letter first, then 23 letters, digits and single hyphens at most, unique in the whole world."""
    words = re.sub(r"[^a-z0-9]+", "-", slug.lower())[:11].strip("-")
    return f"{words}-{sha256(f'{scope}/vault'.encode()).hexdigest()[:12]}"


def part(name: str) -> str:
    """The name of a rule, a pool or a subnet within its resource: letters, digits, `_`, `.` and `-`, at most 80."""
    return re.sub(r"[^A-Za-z0-9_.-]", "-", name)[:80]


def container(bucket: str) -> str:
    """The name of a bucket's container: at least three of the characters that names in a definition have."""
    return bucket if len(bucket) >= 3 else f"{bucket}-bucket"
