"""Role assignments: who may do what, on which resource."""

import re
from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.backups import INSTANCE, VAULT
from provisioner.sandbox.azure.buckets import ACCOUNT, CONTAINER
from provisioner.sandbox.azure.hosts import IDENTITY
from provisioner.sandbox.azure.secrets import ENTRY
from provisioner.sandbox.azure.secrets import VAULT as KEY_VAULT
from provisioner.sandbox.azure.volumes import DISK
from provisioner.sandbox.kinds import UNKNOWN, Autoname, Call, Failure, Kind, Reference

ASSIGNMENT = "azure-native:authorization:RoleAssignment"
ROLES = frozenset(
    {
        "2a2b9908-6ea1-4ae2-8e65-a390df84e7d1",  # Storage Blob Data Reader
        "3e5e47e6-65f7-47ef-90b5-e5dd4d455f24",  # Disk Backup Reader
        "4633458b-17de-408a-895c-d3ae3e9a04a1",  # Key Vault Secrets User
        "7efff54f-a5b4-42b5-a1c5-5411624893ce",  # Disk Snapshot Contributor
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",  # Reader
        "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe",  # Storage Blob Data Contributor
    }
)
"""Some of the built-in roles (Azure RBAC documentation, "Azure built-in roles")."""
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
FIXED = frozenset({"principalId", "principalType", "roleAssignmentName", "roleDefinitionId", "scope"})
"""An assignment never changes: another one is made (Role Assignments - Create, REST API reference)."""


def _check(call: Call) -> Iterator[Failure]:
    role, name = call.inputs.get("roleDefinitionId"), call.inputs.get("roleAssignmentName")
    if role is not UNKNOWN and not re.search(rf"/roleDefinitions/{UUID}$", str(role)):
        yield Failure(property="roleDefinitionId", reason=f"expected the id of a role definition, got {role}")
    if isinstance(name, str) and not re.fullmatch(UUID, name):
        yield Failure(property="roleAssignmentName", reason=f"The role assignment ID '{name}' is not a valid GUID.")


def _refuse(call: Call) -> None:
    role = str(call.inputs["roleDefinitionId"]).rpartition("/")[2]
    if role not in ROLES:
        raise arm.refusal("RoleDefinitionDoesNotExist", f"The specified role definition with ID '{role}' does not exist.")
    same = ("principalId", "roleDefinitionId", "scope")
    for other in call.world.all(ASSIGNMENT):
        if all(other.properties[name] == call.inputs[name] for name in same):
            raise arm.refusal("RoleAssignmentExists", "The role assignment already exists.")


def _identify(call: Call) -> str:
    return f"{call.inputs['scope']}/providers/Microsoft.Authorization/roleAssignments/{call.inputs['roleAssignmentName']}"


def _outputs(call: Call, _: str) -> dict[str, Any]:
    return arm.standard("Microsoft.Authorization/roleAssignments", "2022-04-01", call.inputs["roleAssignmentName"])


KINDS = (
    Kind(
        token=ASSIGNMENT,
        identify=_identify,
        outputs=_outputs,
        computed=arm.STANDARD,
        immutable=FIXED,
        autoname=Autoname(property="roleAssignmentName", uuid=True),
        references=(
            arm.refers("scope", arm.GROUP, DISK, ACCOUNT, CONTAINER, VAULT, INSTANCE, KEY_VAULT, ENTRY, holds=False),
            Reference(
                property="principalId",
                tokens=(IDENTITY, VAULT),
                field="principalId",
                also=("identity.principalId",),
                missing='Code="PrincipalNotFound" Message="Principal {value} does not exist in the directory."',
                holds=False,
            ),
        ),
        check=_check,
        refuse=_refuse,
    ),
)
