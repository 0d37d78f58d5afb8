"""The same resources as `ours` registers on AWS, as one would write them without this project."""

import json
from ipaddress import IPv4Network

import pulumi
from pulumi_aws import ec2, iam, vpc

from bench.fleet import measure

HOSTS = 1_000
ZONES = ("eu-west-1a", "eu-west-1b")
ASSUME = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
DOCUMENT = "#cloud-config\npackage_update: true\npackages: [podman, wireguard-tools, nftables]\n" + "# a first boot\n" * 40


def tags(name: str) -> dict[str, str]:
    return {"Name": name, "provisioner:component": "app", "provisioner:package": "fleet/hosts", "provisioner:stack": "hand"}


def component(name: str) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=pulumi.ComponentResource(f"bench:index:{name}", "fleet"))


measure.at_exit()
inside, on_hosts = component("Network"), component("Hosts")
for empty in ("Addresses", "Volumes", "Buckets", "Balancers"):
    component(empty)

network = ec2.Vpc(
    "vpc", cidr_block="10.20.0.0/16", enable_dns_support=True, enable_dns_hostnames=True, tags=tags("vpc"), opts=inside
)
ec2.DefaultSecurityGroup("closed", vpc_id=network.id, tags=tags("closed"), opts=inside)
gateway = ec2.InternetGateway("gateway", vpc_id=network.id, tags=tags("gateway"), opts=inside)
public = ec2.RouteTable("public", vpc_id=network.id, tags=tags("public"), opts=inside)
way_out = ec2.Route("way-out", route_table_id=public.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id, opts=inside)
ranges = IPv4Network("10.20.0.0/16").subnets(new_prefix=20)
subnets: dict[str, ec2.Subnet] = {}
for zone in ZONES:
    private = ec2.RouteTable(f"private-{zone}", vpc_id=network.id, tags=tags(f"private-{zone}"), opts=inside)
    for name, table in ((f"public-{zone}", public), (f"private-{zone}", private)):
        subnets[name] = ec2.Subnet(
            f"subnet-{name}",
            vpc_id=network.id,
            cidr_block=str(next(ranges)),
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags=tags(name),
            opts=inside,
        )
        ec2.RouteTableAssociation(f"routes-{name}", route_table_id=table.id, subnet_id=subnets[name].id, opts=inside)
group = ec2.SecurityGroup("group", vpc_id=network.id, description="Hosts app", tags=tags("group"), opts=inside)
vpc.SecurityGroupEgressRule(
    "out", security_group_id=group.id, ip_protocol="-1", cidr_ipv4="0.0.0.0/0", tags=tags("out"), opts=inside
)
vpc.SecurityGroupIngressRule(
    "overlay",
    security_group_id=group.id,
    referenced_security_group_id=group.id,
    ip_protocol="udp",
    from_port=51820,
    to_port=51820,
    tags=tags("overlay"),
    opts=inside,
)
role = iam.Role(
    "role",
    assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [ASSUME]}),
    tags=tags("role"),
    opts=on_hosts,
)
iam.RolePolicyAttachment(
    "sessions", role=role.name, policy_arn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", opts=on_hosts
)
profile = iam.InstanceProfile("profile", role=role.name, tags=tags("profile"), opts=on_hosts)
found = ec2.get_ami(
    owners=["136693071363"],
    most_recent=True,
    filters=[{"name": "name", "values": ["debian-13-amd64-*"]}, {"name": "architecture", "values": ["x86_64"]}],
)
hosts: dict[str, pulumi.Input[object]] = {}
for number in range(1, HOSTS + 1):
    zone = ZONES[(number - 1) % len(ZONES)]
    host = ec2.Instance(
        f"app-{number}",
        ami=found.id,
        instance_type="t3.medium",
        subnet_id=subnets[f"public-{zone}"].id,
        vpc_security_group_ids=[group.id],
        associate_public_ip_address=True,
        iam_instance_profile=profile.name,
        user_data=DOCUMENT,
        user_data_replace_on_change=True,
        metadata_options={"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
        credit_specification={"cpu_credits": "standard"},
        monitoring=False,
        root_block_device={
            "volume_type": "gp3",
            "volume_size": 30,
            "encrypted": True,
            "delete_on_termination": True,
            "tags": tags(f"app-{number}"),
        },
        tags=tags(f"app-{number}"),
        opts=pulumi.ResourceOptions.merge(on_hosts, pulumi.ResourceOptions(ignore_changes=["ami"], depends_on=[way_out])),
    )
    hosts[f"app-{number}"] = {"id": host.id, "private": host.private_ip, "public": host.public_ip, "zone": zone}
pulumi.export("hosts", hosts)
