"""Balancers on AWS, from outside to the hosts that run a workload: network ones for TCP and UDP, application ones for HTTP."""

from collections.abc import Mapping

import pulumi
from pulumi_aws import ec2, lb, vpc

from provisioner.clouds.aws import defaults, forwarding, names
from provisioner.clouds.aws.addresses import Addresses
from provisioner.clouds.aws.hosts import Hosts
from provisioner.clouds.aws.network import ANYWHERE, Network
from provisioner.clouds.components import Deployment, Family
from provisioner.placement.model import PlacedHost
from provisioner.plan.model import Balancer

LONGEST_NAME = 32
"""Of a load balancer and of a target group."""


class Balancers(Family):
    """`endpoints` by balancer name: the address it uses, else the host name that AWS gives it. `created` are AWS's own."""

    def __init__(
        self,
        deployment: Deployment,
        network: Network,
        addresses: Addresses,
        hosts: Hosts,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("Balancers", deployment, opts)
        self.network = network
        self.addresses = addresses
        self.hosts = hosts
        self.created: dict[str, lb.LoadBalancer] = {}
        self.endpoints: Mapping[str, pulumi.Output[str]] = {
            balancer.name: self._balancer(balancer) for balancer in deployment.plan.balancers
        }
        self.register_outputs({"endpoints": dict(self.endpoints)})

    def _balancer(self, balancer: Balancer) -> pulumi.Output[str]:
        backends = [host for host in self.deployment.hosts if host.runs(balancer.workload)]
        group = self._security_group(balancer, dict.fromkeys(host.group for host in backends))
        created = self.created[balancer.name] = self._load_balancer(balancer, group)
        targets = self._targets(balancer, backends)
        forwarding.listen(self, self.network, balancer, created, targets)
        return self.addresses.addresses[balancer.address] if balancer.address else created.dns_name

    def _load_balancer(self, balancer: Balancer, group: ec2.SecurityGroup) -> "lb.LoadBalancer":
        """An address belongs to one zone on AWS, so a balancer with an address stands in the first zone and serves all."""
        zones = self.deployment.plan.target.zones
        web = forwarding.is_web(balancer)
        mappings = [lb.LoadBalancerSubnetMappingArgs(subnet_id=self.network.public_subnet(zone).id) for zone in zones]
        if balancer.address:
            allocation = self.addresses.allocations[balancer.address]
            subnet = self.network.public_subnet(zones[0]).id
            mappings = [lb.LoadBalancerSubnetMappingArgs(subnet_id=subnet, allocation_id=allocation)]
        return lb.LoadBalancer(
            self.child("balancer", balancer.name),
            name=self._short_name(balancer, balancer.address),
            load_balancer_type="application" if web else "network",
            internal=False,
            security_groups=[group.id],
            subnet_mappings=mappings,
            enable_cross_zone_load_balancing=None if web else True,  # an application load balancer always does
            drop_invalid_header_fields=True if web else None,
            tags=self._tags(balancer),
            # An address serves one balancer at a time, and a name is one balancer's.
            opts=self.under(depends_on=self.network.ways_out, delete_before_replace=True),
        )

    def _targets(self, balancer: Balancer, backends: list[PlacedHost]) -> "lb.TargetGroup":
        health, port = balancer.health, balancer.backend_port
        protocol = "HTTP" if forwarding.is_web(balancer) else balancer.protocol.upper()
        http = health.kind == "http"
        created = lb.TargetGroup(
            self.child("balancer", balancer.name, "targets"),
            # A port cannot be changed: the new target group must have another name than the old, which is still in use.
            name=self._short_name(balancer, "targets", str(port), *([] if balancer.type == "tcp" else [protocol])),
            port=port,
            protocol=protocol,
            target_type="instance",
            vpc_id=self.network.vpc.id,
            deregistration_delay=30,
            health_check=lb.TargetGroupHealthCheckArgs(
                protocol="HTTP" if http else "TCP",
                path=health.url if http else None,
                port=str(health.port) if health.port else "traffic-port",
                interval=health.interval,
                healthy_threshold=2,
                unhealthy_threshold=2,
            ),
            tags=self._tags(balancer),
            opts=self.under(),
        )
        for host in backends:
            lb.TargetGroupAttachment(
                self.child("balancer", balancer.name, host.name),
                target_group_arn=created.arn,
                target_id=self.hosts.instances[host.name].id,
                port=port,
                opts=self.under(),
            )
        return created

    def _security_group(self, balancer: Balancer, groups: Mapping[str, None]) -> ec2.SecurityGroup:
        """The balancer's own group: in from anywhere, out to the hosts that serve it, and they let nothing else in from it."""
        created = ec2.SecurityGroup(
            self.child("balancer", balancer.name, "group"),
            vpc_id=self.network.vpc.id,
            description=names.description(f"Balancer {balancer.name} of {self.deployment.plan.name}"),
            tags=self._tags(balancer),
            opts=self.under(),
        )
        for port in forwarding.ports(balancer):
            words = () if port == balancer.port else (str(port),)
            vpc.SecurityGroupIngressRule(
                self.child("balancer", balancer.name, "in", *words),
                security_group_id=created.id,
                ip_protocol=balancer.protocol,
                from_port=port,
                to_port=port,
                cidr_ipv4=ANYWHERE,
                description=f"Port {port} from anywhere",
                tags=self._tags(balancer),
                opts=self.under(),
            )
        ways: dict[tuple[str, int], tuple[str, ...]] = {("tcp", balancer.health_port): ("health",)}
        ways[balancer.protocol, balancer.backend_port] = ()
        for group in groups:
            for (protocol, port), words in ways.items():
                self._let_through(balancer, created, group, protocol, port, *words)
        return created

    def _let_through(
        self, balancer: Balancer, group: ec2.SecurityGroup, hosts: str, protocol: str, port: int, *words: str
    ) -> None:
        vpc.SecurityGroupEgressRule(
            self.child("balancer", balancer.name, "to", hosts, *words),
            security_group_id=group.id,
            ip_protocol=protocol,
            from_port=port,
            to_port=port,
            referenced_security_group_id=self.network.groups[hosts].id,
            description=f"To hosts {hosts}",
            tags=self._tags(balancer),
            opts=self.under(),
        )
        vpc.SecurityGroupIngressRule(
            self.child("balancer", balancer.name, "into", hosts, *words),
            security_group_id=self.network.groups[hosts].id,
            ip_protocol=protocol,
            from_port=port,
            to_port=port,
            referenced_security_group_id=group.id,
            description=f"From balancer {balancer.name}",
            tags=self._tags(balancer),
            opts=self.under(),
        )

    def _short_name(self, balancer: Balancer, *salt: str) -> str:
        """A name that is new in every stack and project, for resources whose physical names are short and unique."""
        context = (pulumi.get_project(), pulumi.get_stack(), *salt)
        return names.short(LONGEST_NAME, self.prefix, balancer.name, salt=context)

    def _tags(self, balancer: Balancer) -> dict[str, str]:
        return defaults.tags(self.deployment.plan, "balancers", self.child(balancer.name))
