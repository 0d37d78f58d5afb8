"""Key vaults and the secrets in them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.network import SUBNET
from provisioner.sandbox.kinds import UNKNOWN, Call, Failure, Function, Kind, Properties, Reference, World

VERSION = "2024-11-01"
VAULT = "azure-native:keyvault:Vault"
ENTRY = "azure-native:keyvault:Secret"
OWNER = arm.Owner("Microsoft.KeyVault/vaults", "vaultName", VERSION)
SUBNETS = "properties.networkAcls.virtualNetworkRules[].id"
VAULT_NAME = r"(?=.{3,24}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*"
"""3 to 24 letters, digits and single hyphens, a letter first (naming rules of Azure resources, Microsoft.KeyVault)."""
ENTRY_NAME = r"[0-9A-Za-z-]{1,127}"
"""1 to 127 letters, digits and hyphens (naming rules of Azure resources, Microsoft.KeyVault)."""
LARGEST = 25_600
"""Bytes of a value (Key Vault documentation, "About Azure Key Vault secrets")."""


def _check_vault(call: Call) -> Iterator[Failure]:
    yield from arm.named("vaultName", VAULT_NAME)(call)
    properties = call.inputs.get("properties")
    days = None if properties is UNKNOWN else arm.part(call.inputs, "properties").get("softDeleteRetentionInDays")
    if isinstance(days, int) and not 7 <= days <= 90:
        yield Failure(
            property="properties.softDeleteRetentionInDays", reason=f"expected a number of days from 7 to 90, got {days}"
        )


def _refuse_vault(call: Call) -> None:
    arm.refuse_common(call)
    name, properties = call.inputs["vaultName"], call.inputs["properties"]
    if any(other.properties["vaultName"].lower() == name.lower() for other in call.world.all(VAULT)):
        raise arm.refusal("VaultAlreadyExists", f"The vault name '{name}' is already in use.")
    if properties["tenantId"] != call.config["tenantId"]:
        raise arm.refusal("BadRequest", f"The tenant {properties['tenantId']} is not the subscription's.")
    if (
        call.olds is not None
        and arm.part(call.olds, "properties").get("enablePurgeProtection")
        and not properties.get("enablePurgeProtection")
    ):
        message = "The property 'enablePurgeProtection' cannot be set to false. Enabling it is an irreversible action."
        raise arm.refusal("BadRequest", message)
    for subnet in arm.values(call.inputs, SUBNETS):
        found = call.world.get(SUBNET, subnet)
        if "Microsoft.KeyVault" not in arm.values(found.properties if found else None, "serviceEndpoints[].service"):
            message = f"Subnet {subnet} does not have ServiceEndpoints for Microsoft.KeyVault resources configured."
            raise arm.refusal("VirtualNetworkNotValid", message)


def _vault_outputs(call: Call, _: str) -> dict[str, Any]:
    name = call.inputs["vaultName"]
    shown = {**call.inputs["properties"], "vaultUri": f"https://{name}.vault.azure.net/", "provisioningState": "Succeeded"}
    return {**arm.standard("Microsoft.KeyVault/vaults", VERSION, name), "properties": shown}


def _forget_secrets(call: Call, _: str) -> None:
    """A vault takes its secrets along."""
    for secret in call.world.all(ENTRY):
        if secret.properties["vaultName"] == call.inputs["vaultName"]:
            call.world.forget(secret)


def _refuse_secret(call: Call) -> None:
    value = arm.part(call.inputs, "properties").get("value")
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= LARGEST:
        raise arm.refusal("BadParameter", f"A secret has a value of 1 to {LARGEST} bytes.")


def _secret_outputs(call: Call, _: str) -> dict[str, Any]:
    """Without the value, which the service never gives back."""
    vault, name = call.inputs["vaultName"], call.inputs["secretName"]
    uri = f"https://{vault}.vault.azure.net/secrets/{name}"
    shown = {key: value for key, value in call.inputs["properties"].items() if key != "value"}
    properties = {**shown, "secretUri": uri, "secretUriWithVersion": f"{uri}/{call.digest[:32]}"}
    return {**arm.standard("Microsoft.KeyVault/vaults/secrets", VERSION, name), "properties": properties}


def get_client(_arguments: Mapping[str, Any], config: Mapping[str, str], _world: World) -> Properties:
    """Who asks: the subscription and the tenant of the provider's configuration."""
    nobody = "00000000-0000-4000-8000-000000000003"
    identity = {"clientId": nobody, "objectId": nobody}
    return {**identity, "subscriptionId": config["subscriptionId"], "tenantId": config["tenantId"]}


FUNCTIONS: Mapping[str, Function] = {"azure-native:authorization:getClientConfig": get_client}

KINDS = (
    Kind(
        token=VAULT,
        identify=arm.identify("Microsoft.KeyVault/vaults", "vaultName"),
        outputs=_vault_outputs,
        computed=arm.STANDARD,
        reshaped=("properties",),
        immutable=frozenset({"location", "resourceGroupName", "vaultName"}),
        autoname=arm.autoname("vaultName"),
        references=(arm.IN_GROUP, arm.refers(SUBNETS, SUBNET, holds=False)),
        check=_check_vault,
        refuse=_refuse_vault,
        deleted=_forget_secrets,
    ),
    Kind(
        token=ENTRY,
        identify=OWNER.identify("secrets", "secretName"),
        outputs=_secret_outputs,
        computed=arm.STANDARD,
        reshaped=("properties",),
        immutable=frozenset({"resourceGroupName", "secretName", "vaultName"}),
        references=(
            replace(arm.IN_GROUP, holds=False),
            Reference(
                property="vaultName",
                tokens=(VAULT,),
                field="vaultName",
                missing='Code="ParentResourceNotFound" Message="Vault \'{value}\' was not found."',
                holds=False,
            ),
        ),
        check=arm.named("secretName", ENTRY_NAME),
        refuse=_refuse_secret,
    ),
)
