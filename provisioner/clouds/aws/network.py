"""The network on AWS: VPC, subnets per zone, routes, the way out, and a security group per host group with its rules."""

from collections.abc import Iterator, Mapping

import pulumi
from pulumi_aws import ec2, vpc

from provisioner.clouds.aws import defaults, names
from provisioner.clouds.components import Deployment, Existing, Family
from provisioner.plan.model import Rule

ANYWHERE = "0.0.0.0/0"


class Network(Family):
    """`subnets` and `groups` are by the plan's names. `ways_out` must exist before a host starts or an address is used."""

    def __init__(self, deployment: Deployment, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Network", deployment, opts)
        self.plan = deployment.plan
        self.ways_out: list[pulumi.Resource] = []
        self.gateway: ec2.InternetGateway | None = None
        self.vpc: ec2.Vpc | Existing
        self.subnets: Mapping[str, ec2.Subnet | Existing]
        if self.plan.network.existing:
            from provisioner.clouds.aws import existing

            self.vpc, self.subnets = existing.vpc(self), existing.subnets(self)
        else:
            self._create()
        self.groups: Mapping[str, ec2.SecurityGroup] = {
            group.name: self._security_group(group.name) for group in self.plan.groups
        }
        self._rules()
        self.zones = self._zones()
        self.register_outputs({"vpc": self.vpc.id})

    def _create(self) -> None:
        self.vpc = self._vpc()
        self.subnets = {subnet.name: self._subnet(subnet.name) for subnet in self.plan.network.subnets}
        self.gateway = self._gateway()
        self._public_routes()
        self._private_routes()
        if self.plan.network.flow_log_days:
            from provisioner.clouds.aws import flow_logs

            flow_logs.keep(self, self.vpc.id, self.plan.network.flow_log_days)

    def public_subnet(self, zone: str) -> ec2.Subnet | Existing:
        """The public subnet of a zone."""
        return next(self.subnets[subnet.name] for subnet in self.plan.network.subnets if subnet.public and subnet.zone == zone)

    def _zones(self) -> Mapping[str, pulumi.Output[str]]:
        """The id of each DNS zone of the plan."""
        if not self.plan.zone_names:
            return {}
        from provisioner.clouds.aws import zones

        return zones.zones(self)

    def _vpc(self) -> ec2.Vpc:
        created = ec2.Vpc(
            self.child("vpc"),
            cidr_block=self.plan.network.cidr,
            enable_dns_hostnames=True,
            enable_dns_support=True,
            tags=self._tags("vpc"),
            opts=self.under(),
        )
        # EC2.2: the group that AWS makes with every VPC lets everything in it talk; without rules it lets nothing.
        ec2.DefaultSecurityGroup(self.child("default-group"), vpc_id=created.id, tags=self._tags("unused"), opts=self.under())
        return created

    def _subnet(self, name: str) -> ec2.Subnet:
        subnet = next(subnet for subnet in self.plan.network.subnets if subnet.name == name)
        return ec2.Subnet(
            self.child("subnet", name),
            vpc_id=self.vpc.id,
            cidr_block=subnet.cidr,
            availability_zone=subnet.zone,
            map_public_ip_on_launch=False,
            tags=self._tags(name),
            opts=self.under(),
        )

    def _gateway(self) -> ec2.InternetGateway | None:
        """The gateway that public subnets need, for a way out or for a balancer's way in."""
        if self.plan.network.egress == "none" and not self.plan.balancers:
            return None
        return ec2.InternetGateway(self.child("gateway"), vpc_id=self.vpc.id, tags=self._tags("gateway"), opts=self.under())

    def _public_routes(self) -> None:
        table = self._table("public")
        for subnet in self.plan.network.subnets:
            if subnet.public:
                self._associate(subnet.name, table)
        if self.gateway:
            route = ec2.Route(
                self.child("route", "public"),
                route_table_id=table.id,
                destination_cidr_block=ANYWHERE,
                gateway_id=self.gateway.id,
                opts=self.under(),
            )
            self.ways_out.append(route)

    def _private_routes(self) -> None:
        """A table for each zone with private subnets, behind NAT out through that zone's own gateway."""
        private = [subnet for subnet in self.plan.network.subnets if not subnet.public]
        for zone in dict.fromkeys(subnet.zone for subnet in private):
            table = self._table("private", zone)
            for subnet in private:
                if subnet.zone == zone:
                    self._associate(subnet.name, table)
            if self.plan.network.egress == "nat":
                route = ec2.Route(
                    self.child("route", "private", zone),
                    route_table_id=table.id,
                    destination_cidr_block=ANYWHERE,
                    nat_gateway_id=self._nat(zone).id,
                    opts=self.under(),
                )
                self.ways_out.append(route)

    def _nat(self, zone: str) -> ec2.NatGateway:
        gateway = [self.gateway] if self.gateway else []
        address = ec2.Eip(
            self.child("nat", zone), domain="vpc", tags=self._tags("nat", zone), opts=self.under(depends_on=gateway)
        )
        return ec2.NatGateway(
            self.child("nat", zone),
            allocation_id=address.allocation_id,
            subnet_id=self.public_subnet(zone).id,
            tags=self._tags("nat", zone),
            opts=self.under(depends_on=gateway),
        )

    def _table(self, *words: str) -> ec2.RouteTable:
        return ec2.RouteTable(self.child("routes", *words), vpc_id=self.vpc.id, tags=self._tags(*words), opts=self.under())

    def _associate(self, subnet: str, table: ec2.RouteTable) -> None:
        association = ec2.RouteTableAssociation(
            self.child("routes", subnet), subnet_id=self.subnets[subnet].id, route_table_id=table.id, opts=self.under()
        )
        self.ways_out.append(association)

    def _security_group(self, group: str) -> ec2.SecurityGroup:
        created = ec2.SecurityGroup(
            self.child("group", group),
            vpc_id=self.vpc.id,
            description=names.description(f"Hosts {group} of {self.plan.name}"),
            tags=self._tags(group),
            opts=self.under(),
        )
        # The provider removes the rule with which AWS lets everything out, so the way out is written here.
        closed = self.plan.network.egress == "none"
        out = vpc.SecurityGroupEgressRule(
            self.child("out", group),
            security_group_id=created.id,
            ip_protocol="-1",
            cidr_ipv4=self.plan.network.cidr if closed else ANYWHERE,
            description="Within the network" if closed else "Anywhere",
            tags=self._tags("out", group),
            opts=self.under(),
        )
        self.ways_out.append(out)
        return created

    def _rules(self) -> None:
        """One AWS rule for each source. AWS refuses a second rule that says the same, whatever its description."""
        written: set[tuple[object, ...]] = set()
        for rule in self.plan.rules:
            for source in _sources(rule):
                key = (rule.group, rule.protocol, rule.first_port, rule.last_port, source)
                if key not in written:
                    written.add(key)
                    self._rule(rule, *source)

    def let_in(self, ranges: Mapping[str, pulumi.Input[str]]) -> None:
        """The rules for hosts on other clouds, by name, with the range of each one's address."""
        for rule in (rule for rule in self.plan.rules if rule.elsewhere):
            for host, source in ranges.items():
                vpc.SecurityGroupIngressRule(
                    self.child("in", rule.name, host),
                    security_group_id=self.groups[rule.group].id,
                    ip_protocol=rule.protocol,
                    from_port=rule.first_port,
                    to_port=rule.last_port,
                    cidr_ipv4=source,
                    description=names.description(rule.reason or rule.name),
                    tags=self._tags("in", rule.name, host),
                    opts=self.under(),
                )

    def _rule(self, rule: Rule, kind: str, source: str) -> None:
        words = (rule.name, names.source(source))
        vpc.SecurityGroupIngressRule(
            self.child("in", *words),
            security_group_id=self.groups[rule.group].id,
            ip_protocol=rule.protocol,
            from_port=rule.first_port,
            to_port=rule.last_port,
            cidr_ipv4=source if kind == "ipv4" else None,
            cidr_ipv6=source if kind == "ipv6" else None,
            referenced_security_group_id=self.groups[source].id if kind == "group" else None,
            description=names.description(rule.reason or rule.name),
            tags=self._tags("in", *words),
            opts=self.under(),
        )

    def _tags(self, *words: str) -> dict[str, str]:
        return defaults.tags(self.plan, "network", self.child(*words))


def _sources(rule: Rule) -> Iterator[tuple[str, str]]:
    for cidr in rule.cidrs:
        yield ("ipv6" if ":" in cidr else "ipv4"), cidr
    for group in rule.groups:
        yield "group", group
