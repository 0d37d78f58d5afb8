"""What an identity may do, and on what: built-in roles, each on the one resource that it is about.

Ids are those of "Azure built-in roles" in the documentation of role-based access control.
"""

from typing import Final

import pulumi
from pulumi_azure_native import authorization

from provisioner.clouds.components import Family

BLOB_READER: Final = "2a2b9908-6ea1-4ae2-8e65-a390df84e7d1"
"""Storage Blob Data Reader: reads and lists."""
BLOB_CONTRIBUTOR: Final = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
"""Storage Blob Data Contributor: reads, lists, writes and deletes."""
DISK_BACKUP_READER: Final = "3e5e47e6-65f7-47ef-90b5-e5dd4d455f24"
"""Disk Backup Reader: what a backup vault asks for on a disk."""
DISK_SNAPSHOT_CONTRIBUTOR: Final = "7efff54f-a5b4-42b5-a1c5-5411624893ce"
"""Disk Snapshot Contributor: what a backup vault asks for on the resource group that holds the snapshots."""
SECRETS_USER: Final = "4633458b-17de-408a-895c-d3ae3e9a04a1"
"""Key Vault Secrets User: reads the value of a secret."""


def assign(
    family: Family, name: str, *, role: str, scope: pulumi.Output[str], principal: pulumi.Output[str]
) -> authorization.RoleAssignment:
    """Give the identity `principal` a role on the resource `scope`. Its type is stated: a new identity is not found yet."""
    return authorization.RoleAssignment(
        name,
        scope=scope,
        role_definition_id=scope.apply(lambda path: definition(path, role)),
        principal_id=principal,
        principal_type="ServicePrincipal",
        opts=family.under(),
    )


def definition(path: str, role: str) -> str:
    """The id of a built-in role in the subscription of a resource."""
    subscription = "/".join(path.split("/")[:3])
    return f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
