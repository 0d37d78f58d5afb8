"""Flow logs of virtual networks, at the network watcher that Azure makes in each region."""

from collections.abc import Iterator
from typing import Any

from provisioner.sandbox.azure import arm
from provisioner.sandbox.azure.buckets import ACCOUNT
from provisioner.sandbox.azure.hosts import IDENTITY, shown_identities
from provisioner.sandbox.azure.network import NETWORK
from provisioner.sandbox.kinds import Call, Failure, Kind

FLOW = "azure-native:network:FlowLog"
LONGEST_DAYS = 365


def _check(call: Call) -> Iterator[Failure]:
    yield from arm.named("flowLogName", arm.NETWORK_NAME)(call)
    days = arm.values(call.inputs, "retentionPolicy.days")
    if days and isinstance(days[0], int) and not 0 <= days[0] <= LONGEST_DAYS:
        reason = f"expected a number of days from 0 to {LONGEST_DAYS}, got {days[0]}"
        yield Failure(property="retentionPolicy.days", reason=reason)


def _refuse(call: Call) -> None:
    """The watcher of the region is there once it has a virtual network; all that a flow log names is in one region."""
    arm.refuse_common(call)
    location = call.inputs["location"]
    watcher = f"{call.inputs['resourceGroupName']}/{call.inputs['networkWatcherName']}"
    networks = [each for each in call.world.all(NETWORK) if each.properties["location"] == location]
    if watcher != f"NetworkWatcherRG/NetworkWatcher_{location}" or not networks:
        raise arm.refusal("ParentResourceNotFound", f"Network watcher {watcher} was not found in {location}.")
    arm.refuse_elsewhere(call, (NETWORK, ACCOUNT), "targetResourceId", "storageId")


def _identify(call: Call) -> str:
    watcher = f"{arm.group_id(call)}/providers/Microsoft.Network/networkWatchers/{call.inputs['networkWatcherName']}"
    return f"{watcher}/flowLogs/{call.inputs['flowLogName']}"


def _outputs(call: Call, _: str) -> dict[str, Any]:
    name = call.inputs["flowLogName"]
    return {
        **arm.standard("Microsoft.Network/networkWatchers/flowLogs", "2024-05-01", name),
        "etag": f'W/"{arm.uuid(call, "etag")}"',
        "provisioningState": "Succeeded",
        "targetResourceGuid": arm.uuid(call, "target"),
        "identity": shown_identities(call),
    }


KINDS = (
    Kind(
        token=FLOW,
        identify=_identify,
        outputs=_outputs,
        computed=(*arm.STANDARD, "etag", "provisioningState", "targetResourceGuid"),
        reshaped=("identity",),
        immutable=frozenset({"flowLogName", "location", "networkWatcherName", "resourceGroupName", "targetResourceId"}),
        autoname=arm.autoname("flowLogName"),
        references=(
            arm.refers("targetResourceId", NETWORK, holds=False),
            arm.refers("storageId", ACCOUNT, holds=False),
            arm.refers("identity.userAssignedIdentities[]", IDENTITY, holds=False),
        ),
        check=_check,
        refuse=_refuse,
    ),
)
