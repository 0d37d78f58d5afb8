"""The machines: one network interface and one virtual machine a host, one identity a group."""

from base64 import b64encode
from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import Final

import pulumi
from pulumi_azure_native import compute, managedidentity
from pulumi_azure_native import network as networking

from provisioner.clouds.azure import defaults, images
from provisioner.clouds.azure.network import Network, ipv4
from provisioner.clouds.azure.volumes import Volumes
from provisioner.clouds.components import Deployment, Family, Host
from provisioner.placement.model import PlacedHost

FIXED: Final = (
    "networkProfile",
    "osProfile.adminUsername",
    "osProfile.computerName",
    "osProfile.customData",
    "osProfile.linuxConfiguration.ssh",
    "priority",
    "securityProfile.securityType",
    "storageProfile.diskControllerType",
    "zones",
)
"""What Azure never changes on a machine that exists. The provider would try and be refused, so the engine replaces: it
deletes the old machine first, which detaches its interface and its data disks, and both stay for the new one."""

FIRST_BOOT: Final = ("osProfile.customData", "osProfile.linuxConfiguration.ssh")
"""What only a new machine takes: another key or document replaces no host that is not to be renewed."""

ROOT: Final = ("storageProfile.osDisk.diskSizeGB",)
"""What makes a host that is to be renewed anew: Azure changes the disk of no machine that runs."""


class Hosts(Family):
    """`hosts` by host name. A disk belongs to its machine, so a host that takes one from another waits for that one."""

    def __init__(
        self, deployment: Deployment, network: Network, volumes: Volumes, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Hosts", deployment, opts)
        self._network = network
        self._volumes = volumes
        self._groups = {group.name: group for group in deployment.plan.groups}
        self.identities = {name: self._identity(name) for name in self._groups}
        self._machines: dict[str, compute.VirtualMachine] = {}
        placed = {host.name: host for host in deployment.hosts}
        order = TopologicalSorter({name: self._givers(name) for name in placed}).static_order()
        made = {name: self._host(placed[name]) for name in order}
        self.hosts = {name: made[name] for name in placed}
        self.register_outputs({"addresses": {name: host.private_address for name, host in self.hosts.items()}})

    def _host(self, host: PlacedHost) -> Host:
        direct = self.deployment.plan.network.egress == "direct"
        address = self._network.public_address(self, self.child(host.name, "address"), host.zone) if direct else None
        interface = self._interface(host, address)
        volumes = [volume.name for volume in self.deployment.plan.volumes if volume.host == host.name]
        luns = defaults.luns(volumes, self.deployment.slots)
        machine = self._machines[host.name] = self._machine(host, interface, luns)
        return Host(
            id=machine.id,
            private_address=interface.ip_configurations.apply(_private_address),
            public_address=ipv4(address) if address else None,
            devices={name: pulumi.Output.from_input(images.device(host.offer, luns[name])) for name in volumes},
            slots={name: str(lun) for name, lun in luns.items()},
        )

    def _givers(self, host: str) -> list[str]:
        """The hosts that lose a volume to this one. `standing` refuses those that are gone, and circles."""
        moved = self.deployment.came_from
        return sorted(
            {moved[volume.name] for volume in self.deployment.plan.volumes if volume.host == host and volume.name in moved}
        )

    def _identity(self, group: str) -> managedidentity.UserAssignedIdentity:
        """May do nothing until a role is assigned to it."""
        return managedidentity.UserAssignedIdentity(
            self.child(group, "identity"),
            resource_group_name=self._network.group.name,
            location=self._network.location,
            tags=self._network.tags,
            opts=self.under(),
        )

    def _interface(self, host: PlacedHost, address: networking.PublicIPAddress | None) -> networking.NetworkInterface:
        group = networking.ApplicationSecurityGroupArgs(id=self._network.security_groups[host.group].id)
        configuration = networking.NetworkInterfaceIPConfigurationArgs(
            name="primary",
            primary=True,
            subnet=networking.SubnetArgs(id=self._network.subnet(host.zone).id),
            private_ip_allocation_method="Dynamic",
            private_ip_address_version="IPv4",
            public_ip_address=networking.PublicIPAddressArgs(id=address.id) if address else None,
            application_security_groups=[group],
        )
        return networking.NetworkInterface(
            self.child(host.name, "interface"),
            resource_group_name=self._network.group.name,
            location=self._network.location,
            ip_configurations=[configuration],
            network_security_group=self._network.guard(),
            enable_ip_forwarding=False,
            tags=self._network.tags,
            opts=self.under(),
        )

    def _machine(self, host: PlacedHost, interface: networking.NetworkInterface, luns: dict[str, int]) -> compute.VirtualMachine:
        nic = compute.NetworkInterfaceReferenceArgs(id=interface.id, primary=True, delete_option="Detach")
        identity = self.identities[host.group].id
        return compute.VirtualMachine(
            self.child(host.name),
            resource_group_name=self._network.group.name,
            location=self._network.location,
            zones=defaults.zonal(host.zone),
            hardware_profile=compute.HardwareProfileArgs(vm_size=host.offer.machine),
            os_profile=self._system(host),
            storage_profile=self._storage(host, luns),
            network_profile=compute.NetworkProfileArgs(network_interfaces=[nic]),
            identity=compute.VirtualMachineIdentityArgs(
                type=compute.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity]
            ),
            security_profile=images.security(host.offer),
            diagnostics_profile=compute.DiagnosticsProfileArgs(boot_diagnostics=compute.BootDiagnosticsArgs(enabled=True)),
            priority="Spot" if host.spot else "Regular",
            eviction_policy=defaults.EVICTION if host.spot else None,
            billing_profile=compute.BillingProfileArgs(max_price=-1) if host.spot else None,
            tags=self._network.tags,
            opts=self.under(
                # Azure resolves `latest` when it makes a machine; the machine keeps what it then was.
                ignore_changes=["storageProfile.imageReference", *(() if host.name in self.deployment.renew else FIRST_BOOT)],
                replace_on_changes=[*FIXED, *(ROOT if host.name in self.deployment.renew else ())],
                delete_before_replace=True,
                depends_on=[self._machines[name] for name in self._givers(host.name)],
            ),
        )

    def _system(self, host: PlacedHost) -> compute.OSProfileArgs:
        key = compute.SshPublicKeyArgs(
            key_data=self.deployment.ssh_public_key or defaults.NO_ONES_KEY,
            path=f"/home/{defaults.USER}/.ssh/authorized_keys",
        )
        return compute.OSProfileArgs(
            computer_name=host.name,
            admin_username=defaults.USER,
            custom_data=b64encode(self.deployment.user_data[host.name].encode()).decode(),
            linux_configuration=compute.LinuxConfigurationArgs(
                disable_password_authentication=True,
                ssh=compute.SshConfigurationArgs(public_keys=[key]),
                provision_vm_agent=True,
                patch_settings=compute.LinuxPatchSettingsArgs(patch_mode="ImageDefault", assessment_mode="ImageDefault"),
            ),
        )

    def _storage(self, host: PlacedHost, luns: dict[str, int]) -> compute.StorageProfileArgs:
        group = self._groups[host.group]
        data = [
            compute.DataDiskArgs(
                create_option="Attach",
                lun=lun,
                managed_disk=compute.ManagedDiskParametersArgs(id=self._volumes.ids[name]),
                caching=compute.CachingTypes.NONE,
                delete_option="Detach",
            )
            for name, lun in sorted(luns.items(), key=lambda plugged: plugged[1])
        ]
        return compute.StorageProfileArgs(
            disk_controller_type=images.controller(host.offer),
            image_reference=images.image(host.offer),
            os_disk=compute.OSDiskArgs(
                create_option="FromImage",
                os_type=compute.OperatingSystemTypes.LINUX,
                disk_size_gb=group.disk_gib,
                managed_disk=compute.ManagedDiskParametersArgs(storage_account_type=defaults.DISK_SKUS[group.disk_kind]),
                caching=compute.CachingTypes.READ_WRITE,
                delete_option="Delete",
            ),
            data_disks=data,
        )


def _private_address(configurations: Sequence[networking.outputs.NetworkInterfaceIPConfigurationResponse] | None) -> str:
    return (configurations or [])[0].private_ip_address or ""
