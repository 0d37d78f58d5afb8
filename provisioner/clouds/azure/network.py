"""The network of a deployment: a resource group with everything in it, a virtual network, its rules, subnets and way out."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pulumi
from pulumi_azure_native import network as networking
from pulumi_azure_native import resources

from provisioner.clouds.azure import defaults, names
from provisioner.clouds.azure.rules import gateway_range, gateway_rules, is_web, security_rules
from provisioner.clouds.components import Deployment, Existing, Family
from provisioner.plan.model import Subnet

if TYPE_CHECKING:
    from provisioner.clouds.azure.zones import FoundZone


class Network(Family):
    """Subnets are created one after another, because Azure refuses parallel changes of one virtual network."""

    def __init__(self, deployment: Deployment, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Network", deployment, opts)
        plan = deployment.plan
        self.location = plan.target.region
        self.tags = names.tags(plan)
        self.group = resources.ResourceGroup(self.prefix, location=self.location, tags=self.tags, opts=self.under())
        self.virtual_network: networking.VirtualNetwork | Existing
        self.subnets: dict[str, networking.Subnet | Existing] = {}
        self.security_groups = {group.name: self._security_group(group.name) for group in plan.groups}
        self._rules = self._network_rules()
        self.gateways: list[networking.Subnet] = []
        if plan.network.existing:
            self.virtual_network, self.subnets = self._found(), self._existing()
        else:
            self.virtual_network = created = self._created()
            self._create_subnets(created)
            self._log_flows(created)
        self.zones = self._zones()
        self.register_outputs({"resourceGroup": self.group.name, "network": self.virtual_network.id})

    def _created(self) -> networking.VirtualNetwork:
        return networking.VirtualNetwork(
            self.child("network"),
            resource_group_name=self.group.name,
            location=self.location,
            address_space=networking.AddressSpaceArgs(address_prefixes=[self.deployment.plan.network.cidr]),
            tags=self.tags,
            opts=self.under(),
        )

    def _log_flows(self, within: networking.VirtualNetwork) -> None:
        if days := self.deployment.plan.network.flow_log_days:
            from provisioner.clouds.azure import flow_logs

            flow_logs.keep(self, within, days)

    def _create_subnets(self, within: networking.VirtualNetwork) -> None:
        plan = self.deployment.plan
        nat = self._nat_gateway() if plan.network.egress == "nat" else None
        last: list[networking.Subnet] = []
        for subnet in plan.network.subnets:
            last = [self._subnet(subnet, within, nat, after=last)]
            self.subnets[subnet.name] = last[0]
        if any(map(is_web, plan.balancers)):
            self.gateways = [self._gateway_subnet(within, after=last)]

    def _found(self) -> Existing:
        group, _, name = self.deployment.plan.network.existing.partition("/")
        found = networking.get_virtual_network_output(resource_group_name=group, virtual_network_name=name, opts=self.asking())
        return Existing(id=found.id.apply(lambda found: found or ""))

    def _existing(self) -> dict[str, networking.Subnet | Existing]:
        group, _, name = self.deployment.plan.network.existing.partition("/")
        asked = {
            subnet.name: networking.get_subnet_output(
                resource_group_name=group, virtual_network_name=name, subnet_name=subnet.id, opts=self.asking()
            )
            for subnet in self.deployment.plan.network.subnets
        }
        return {name: Existing(id=found.id.apply(lambda found: found or "")) for name, found in asked.items()}

    def guard(self) -> networking.NetworkSecurityGroupArgs | None:
        """The rules, for each interface, where the subnets are not this deployment's own and keep what they have."""
        if not self.deployment.plan.network.existing:
            return None
        return networking.NetworkSecurityGroupArgs(id=self._rules.id)

    def subnet(self, zone: str) -> networking.Subnet | Existing:
        """Where hosts of a zone live."""
        return self.subnets[self.deployment.plan.network.hosts_subnet(zone).name]

    def host_subnets(self) -> list[networking.Subnet | Existing]:
        """Every subnet in which hosts live."""
        zones = self.deployment.plan.target.zones
        names_used = dict.fromkeys(self.deployment.plan.network.hosts_subnet(zone).name for zone in zones)
        return [self.subnets[name] for name in names_used]

    def public_address(self, family: Family, name: str, zone: str = "") -> networking.PublicIPAddress:
        """A Standard static address of `family`: in `zone` where that is given, else redundant over those of the region."""
        first = self.deployment.plan.target.zones[0]
        return networking.PublicIPAddress(
            name,
            resource_group_name=self.group.name,
            location=self.location,
            sku=networking.PublicIPAddressSkuArgs(name="Standard"),
            public_ip_address_version="IPv4",
            public_ip_allocation_method="Static",
            zones=defaults.zonal(zone) or defaults.redundant(first),
            tags=self.tags,
            opts=family.under(),
        )

    def _zones(self) -> "Mapping[str, FoundZone]":
        """Each DNS zone of the plan."""
        if not self.deployment.plan.zone_names:
            return {}
        from provisioner.clouds.azure import zones

        return zones.zones(self, self.group.name, self.tags)

    def _security_group(self, group: str) -> networking.ApplicationSecurityGroup:
        return networking.ApplicationSecurityGroup(
            self.child(group, "group"),
            resource_group_name=self.group.name,
            location=self.location,
            tags=self.tags,
            opts=self.under(),
        )

    def _network_rules(self) -> networking.NetworkSecurityGroup:
        return networking.NetworkSecurityGroup(
            self.child("rules"),
            resource_group_name=self.group.name,
            location=self.location,
            security_rules=security_rules(self.deployment, {name: group.id for name, group in self.security_groups.items()}),
            tags=self.tags,
            opts=self.under(),
        )

    def _nat_gateway(self) -> networking.NatGateway:
        """One for the region: Azure places it in a zone of its choice."""
        address = self.public_address(self, self.child("nat", "address"))
        return networking.NatGateway(
            self.child("nat"),
            resource_group_name=self.group.name,
            location=self.location,
            sku=networking.NatGatewaySkuArgs(name="Standard"),
            public_ip_addresses=[networking.SubResourceArgs(id=address.id)],
            idle_timeout_in_minutes=4,
            tags=self.tags,
            opts=self.under(),
        )

    def _subnet(
        self,
        subnet: Subnet,
        within: networking.VirtualNetwork,
        gateway: networking.NatGateway | None,
        after: Sequence[pulumi.Resource],
    ) -> networking.Subnet:
        """Only private subnets have the gateway. Service endpoints let hosts reach their buckets and secrets, and nobody else."""
        nat = networking.SubResourceArgs(id=gateway.id) if gateway and not subnet.public else None
        plan = self.deployment.plan
        services = [*(["Microsoft.Storage"] if plan.buckets else []), *(["Microsoft.KeyVault"] if plan.stored_secrets else [])]
        endpoints = [networking.ServiceEndpointPropertiesFormatArgs(service=service) for service in services]
        return networking.Subnet(
            self.child(subnet.name),
            resource_group_name=self.group.name,
            virtual_network_name=within.name,
            subnet_name=names.part(subnet.name),
            address_prefix=subnet.cidr,
            default_outbound_access=False,
            nat_gateway=nat,
            network_security_group=networking.NetworkSecurityGroupArgs(id=self._rules.id),
            service_endpoints=endpoints or None,
            private_endpoint_network_policies="Enabled",
            opts=self.under(depends_on=after),
        )

    def _gateway_subnet(self, within: networking.VirtualNetwork, after: Sequence[pulumi.Resource]) -> networking.Subnet:
        """Where balancers that read HTTP live, and nothing else. Azure runs them, and reaches the internet from there."""
        rules = networking.NetworkSecurityGroup(
            self.child("gateways", "rules"),
            resource_group_name=self.group.name,
            location=self.location,
            security_rules=gateway_rules(self.deployment.plan),
            tags=self.tags,
            opts=self.under(),
        )
        return networking.Subnet(
            self.child("gateways"),
            resource_group_name=self.group.name,
            virtual_network_name=within.name,
            subnet_name="gateways",
            address_prefix=gateway_range(self.deployment.plan),
            default_outbound_access=True,
            network_security_group=networking.NetworkSecurityGroupArgs(id=rules.id),
            private_endpoint_network_policies="Enabled",
            opts=self.under(depends_on=after),
        )


def ipv4(address: networking.PublicIPAddress) -> pulumi.Output[str]:
    """The address itself: a static one has it as soon as it exists."""
    return address.ip_address.apply(lambda value: value or "")
