"""Hosts: one virtual machine each, with an identity of its group and the disks of its volumes.

What C.5 of the reference asks for is written out: verified boot, no public address unless the plan says `direct`, no
project-wide keys, no serial console. A changed cloud-init document, read on the first boot only, is for new and for renewed
hosts; a changed key reaches those that run, through their metadata.
"""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import compute

from provisioner.clouds.components import Deployment, Family, Host
from provisioner.clouds.gcp import names
from provisioner.clouds.gcp.defaults import DISK_TYPES, SCOPE
from provisioner.clouds.gcp.images import STARTUP, image
from provisioner.clouds.gcp.network import Network
from provisioner.clouds.gcp.volumes import Volumes
from provisioner.placement.model import PlacedHost

FIRST_BOOT = ("bootDisk.initializeParams.image", 'metadata["user-data"]')
"""What only a new machine takes: another image or document replaces no host that is not to be renewed."""


class Hosts(Family):
    """`hosts`: host name to what the deployment needs of it; `instances`: host name to the machine."""

    def __init__(
        self, deployment: Deployment, network: Network, volumes: Volumes, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Hosts", deployment, opts)
        self.network = network
        self.groups = {group.name: group for group in deployment.plan.groups}
        self.images = {arch: image(arch, self) for arch in sorted({host.offer.arch for host in deployment.hosts})}
        self.instances = {host.name: self._instance(host) for host in deployment.hosts}
        self.hosts = {host.name: self._host(host, volumes) for host in deployment.hosts}
        self.register_outputs({})

    def _instance(self, host: PlacedHost) -> compute.Instance:
        labels = {**self.network.labels, "group": names.label(host.group), "host": names.label(host.name)}
        return compute.Instance(
            self.child(host.name),
            name=self.network.physical(host.name),
            zone=host.zone,
            machine_type=host.offer.machine,
            boot_disk=self._boot_disk(host, labels),
            network_interfaces=[self._interface(host)],
            service_account={"email": self.network.accounts[host.group].email, "scopes": [SCOPE]},
            metadata=self._metadata(host),
            shielded_instance_config=verified_boot(host),
            scheduling=scheduling(host),
            allow_stopping_for_update=True,
            labels=labels,
            opts=self.under(
                # `AttachedDisk` owns the data disks.
                ignore_changes=["attachedDisks", *(() if host.name in self.deployment.renew else FIRST_BOOT)],
                replace_on_changes=['metadata["user-data"]'],
                depends_on=self.network.ways_out,  # The first boot fetches packages.
            ),
        )

    def _boot_disk(self, host: PlacedHost, labels: Mapping[str, str]) -> compute.InstanceBootDiskArgsDict:
        group = self.groups[host.group]
        parameters: compute.InstanceBootDiskInitializeParamsArgsDict = {
            "image": self.images[host.offer.arch],
            "size": group.disk_gib,
            "type": DISK_TYPES[group.disk_kind],
            "labels": labels,
        }
        return {"auto_delete": True, "initialize_params": parameters}

    def _interface(self, host: PlacedHost) -> compute.InstanceNetworkInterfaceArgsDict:
        subnetwork = self.network.subnets[host.zone].id
        if self.deployment.plan.network.egress == "direct":
            return {"subnetwork": subnetwork, "access_configs": [{"network_tier": "PREMIUM"}]}
        return {"subnetwork": subnetwork}

    def _metadata(self, host: PlacedHost) -> Mapping[str, str]:
        key = self.deployment.ssh_public_key
        return {
            "user-data": self.deployment.user_data[host.name],
            "startup-script": STARTUP,
            "enable-oslogin": "FALSE",  # It would make the host ignore the key below.
            "block-project-ssh-keys": "TRUE",
            "serial-port-enable": "FALSE",
            **({"ssh-keys": f"provisioner:{key}"} if key else {}),
        }

    def _host(self, host: PlacedHost, volumes: Volumes) -> Host:
        instance = self.instances[host.name]
        interface = instance.network_interfaces[0]
        public = self.deployment.plan.network.egress == "direct"
        return Host(
            id=instance.id,
            private_address=interface.network_ip,
            public_address=interface.access_configs[0].nat_ip if public else None,
            devices={
                volume.name: self._attach(volume.name, host, volumes)
                for volume in self.deployment.plan.volumes
                if volume.host == host.name
            },
        )

    def _attach(self, volume: str, host: PlacedHost, volumes: Volumes) -> pulumi.Output[str]:
        """The stable path of the volume's disk, once it is attached. It leaves an old host before a new one takes it."""
        attached = compute.AttachedDisk(
            self.child("attachment", volume),
            disk=volumes.disks[volume].id,
            instance=self.instances[host.name].id,
            device_name=names.device(volume),
            mode="READ_WRITE",
            # Named after the volume: on another host it is replaced, which takes the disk away from the old one first.
            opts=self.under(delete_before_replace=True, former_names=[self.child(host.name, volume)]),
        )
        return pulumi.Output.format("/dev/disk/by-id/google-{0}", attached.device_name)


def verified_boot(host: PlacedHost) -> compute.InstanceShieldedInstanceConfigArgsDict:
    """Secure Boot only where Google's Debian images promise a signed boot chain: on amd64. Not with a GPU: the driver that is
    built on the host is not signed by anybody the firmware knows."""
    is_signed = host.offer.arch == "amd64" and not host.offer.gpu
    return {"enable_secure_boot": is_signed, "enable_vtpm": True, "enable_integrity_monitoring": True}


def scheduling(host: PlacedHost) -> compute.InstanceSchedulingArgsDict:
    """Spot machines stop when they are taken back; machines with GPUs cannot move while they run."""
    moves = "TERMINATE" if host.spot or host.offer.gpu else "MIGRATE"
    if not host.spot:
        return {"provisioning_model": "STANDARD", "automatic_restart": True, "on_host_maintenance": moves}
    return {
        "provisioning_model": "SPOT",
        "preemptible": True,
        "automatic_restart": False,
        "on_host_maintenance": moves,
        "instance_termination_action": "STOP",
    }
