"""Hosts on AWS: one EC2 instance each, with its group's identity and its volumes attached."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import ec2, iam

from provisioner.clouds.aws import defaults, grants, images, names
from provisioner.clouds.aws.network import Network
from provisioner.clouds.aws.volumes import Volumes
from provisioner.clouds.components import Deployment, Family, Host
from provisioner.placement.model import PlacedHost
from provisioner.plan.grants import granted
from provisioner.plan.model import HostGroup

FIRST_BOOT = ("ami", "keyName", "userData")
"""What only a new machine takes: another image, key or document replaces no host that is not to be renewed."""

ROOT = ("rootBlockDevice.volumeSize",)
"""What makes a host that is to be renewed anew, though it might grow in place: no disk shrinks."""


class Hosts(Family):
    """`hosts` by host name, as every cloud; `instances` are AWS's own resources."""

    def __init__(
        self, deployment: Deployment, network: Network, volumes: Volumes, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("Hosts", deployment, opts)
        self.network = network
        self.volumes = volumes
        self.key = self._key()
        used = [group for group in deployment.plan.groups if any(host.group == group.name for host in deployment.hosts)]
        self.roles = {group.name: self._role(group) for group in used}
        self.profiles = {group.name: self._profile(group) for group in used}
        self.granted = granted(deployment.plan)
        architectures = dict.fromkeys(host.offer.arch for host in deployment.hosts)
        self.images = {arch: images.debian(arch, self.asking()) for arch in architectures}
        self.instances: Mapping[str, ec2.Instance] = {host.name: self._instance(host) for host in deployment.hosts}
        self.hosts: Mapping[str, Host] = {name: self._host(name, instance) for name, instance in self.instances.items()}
        self.register_outputs({"hosts": {name: host.id for name, host in self.hosts.items()}})

    def _key(self) -> ec2.KeyPair | None:
        if not self.deployment.ssh_public_key:
            return None
        return ec2.KeyPair(
            self.child("key"),
            public_key=self.deployment.ssh_public_key,
            tags=defaults.tags(self.deployment.plan, "hosts", self.child("key")),
            opts=self.under(),
        )

    def _role(self, group: HostGroup) -> iam.Role:
        """A role of the group's own. It may be reached through Session Manager, so that no port is open for that."""
        role = iam.Role(
            self.child("role", group.name),
            name_prefix=names.prefix(38, self.prefix, group.name),
            description=names.description(f"Hosts {group.name} of {self.deployment.plan.name}"),
            assume_role_policy=grants.taken_by("ec2.amazonaws.com"),
            tags=defaults.tags(self.deployment.plan, group.name, self.child(group.name)),
            opts=self.under(),
        )
        partition = names.partition(self.deployment.plan.target.region)
        iam.RolePolicyAttachment(
            self.child("role", group.name, "session-manager"),
            role=role.name,
            policy_arn=f"arn:{partition}:iam::aws:policy/AmazonSSMManagedInstanceCore",
            opts=self.under(),
        )
        return role

    def _profile(self, group: HostGroup) -> iam.InstanceProfile:
        return iam.InstanceProfile(
            self.child("profile", group.name),
            name_prefix=names.prefix(38, self.prefix, group.name),
            role=self.roles[group.name].name,
            tags=defaults.tags(self.deployment.plan, group.name, self.child(group.name)),
            opts=self.under(),
        )

    def _instance(self, host: PlacedHost) -> ec2.Instance:
        plan = self.deployment.plan
        group = next(group for group in plan.groups if group.name == host.group)
        tags = defaults.tags(plan, host.group, self.child(host.name))
        return ec2.Instance(
            self.child(host.name),
            ami=self.images[host.offer.arch],
            instance_type=host.offer.machine,
            subnet_id=self.network.subnets[plan.network.hosts_subnet(host.zone).name].id,
            vpc_security_group_ids=[self.network.groups[host.group].id],
            associate_public_ip_address=plan.network.egress == "direct",
            iam_instance_profile=self.profiles[host.group].name,
            key_name=self.key.key_name if self.key else None,
            user_data=self.deployment.user_data[host.name],
            user_data_replace_on_change=True,
            metadata_options=defaults.metadata_options(containers=host.group in self.granted),
            credit_specification=defaults.credit(host.offer.machine),
            instance_market_options=defaults.spot() if host.spot else None,
            monitoring=False,
            root_block_device=ec2.InstanceRootBlockDeviceArgs(
                volume_type=defaults.ROOT_DISK,
                volume_size=group.disk_gib,
                encrypted=True,
                delete_on_termination=True,
                tags=tags,
            ),
            tags=tags,
            opts=self.under(
                ignore_changes=() if host.name in self.deployment.renew else FIRST_BOOT,
                replace_on_changes=ROOT if host.name in self.deployment.renew else (),
                depends_on=self.network.ways_out,
            ),
        )

    def _host(self, name: str, instance: ec2.Instance) -> Host:
        direct = self.deployment.plan.network.egress == "direct"
        return Host(
            id=instance.id,
            private_address=instance.private_ip,
            public_address=instance.public_ip if direct else None,
            devices=self._devices(name, instance),
            slots=self._slots(name),
        )

    def _slots(self, host: str) -> Mapping[str, str]:
        """Device name of each volume of a host."""
        attached = [volume.name for volume in self.deployment.plan.volumes if volume.host == host]
        return names.devices(attached, self.deployment.slots)

    def _devices(self, host: str, instance: ec2.Instance) -> dict[str, pulumi.Output[str]]:
        """Attach the host's volumes. A volume has one host at a time: it leaves the old one, stopped, before it joins the new."""
        paths: dict[str, pulumi.Output[str]] = {}
        for volume, device in self._slots(host).items():
            attachment = ec2.VolumeAttachment(
                self.child("attachment", volume),
                device_name=device,
                instance_id=instance.id,
                volume_id=self.volumes.volumes[volume].id,
                stop_instance_before_detaching=True,
                opts=self.under(delete_before_replace=True),
            )
            paths[volume] = attachment.volume_id.apply(_path)
        return paths


def _path(volume_id: str) -> str:
    """The stable path of a volume on machines of the Nitro system: its id is the NVMe disk's serial number."""
    return f"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{volume_id.replace('-', '')}"
