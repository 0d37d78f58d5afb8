"""The network: one VPC, a subnetwork for each zone, the way out, and the rules between host groups.

Subnetworks span a region here, so the plan's ranges keep their zone only by which hosts live in them. NAT and balancers
need no subnetwork of hosts, so only the ranges of the visibility that hosts have are created. Rules name hosts by their
group's service account, which a host cannot change from within, unlike a network tag.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import pulumi
from pulumi_gcp import compute, serviceaccount

from provisioner.clouds.components import Deployment, Existing, Family
from provisioner.clouds.gcp import names
from provisioner.clouds.gcp.defaults import EVERYWHERE
from provisioner.plan import subnets
from provisioner.plan.model import Balancer, Rule

FLOW_LOGS: Final[compute.SubnetworkLogConfigArgsDict] = {
    "aggregation_interval": "INTERVAL_10_MIN",
    "flow_sampling": 1.0,
    "metadata": "INCLUDE_ALL_METADATA",
}
"""Of a subnetwork: every flow that Google samples, summed up over ten minutes, so that fewer records are paid for."""


class Network(Family):
    """`subnets` by zone, `accounts` by host group, `proxies` where a balancer translates ports."""

    def __init__(self, deployment: Deployment, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("Network", deployment, opts)
        plan = deployment.plan
        self.scope = f"{pulumi.get_project()}/{pulumi.get_stack()}"
        self.labels = {"stack": names.label(pulumi.get_stack()), "blueprint": names.label(plan.slug)}
        self.vpc: compute.Network | Existing = self._found() if plan.network.existing else self._created()
        self.accounts = {group.name: self._account(group.name) for group in plan.groups}
        self.subnets: Mapping[str, compute.Subnetwork | Existing] = {
            zone: self._existing(zone) if plan.network.existing else self._subnet(zone) for zone in plan.target.zones
        }
        self.proxies = self._proxies() if any(translates(balancer) for balancer in plan.balancers) else None
        self.ways_out = list(self._ways_out())
        for rule in plan.rules:
            self._rule(rule)
        self.zones = self._zones()
        self.register_outputs({})

    def physical(self, *words: str) -> str | None:
        return names.physical(self.child(*words), self.scope)

    def _created(self) -> compute.Network:
        return compute.Network(
            self.child("network"),
            name=self.physical("network"),
            auto_create_subnetworks=False,
            routing_mode="REGIONAL",
            opts=self.under(),
        )

    def _found(self) -> Existing:
        """A network of the project that exists already, by its name."""
        return Existing(id=compute.get_network_output(name=self.deployment.plan.network.existing, opts=self.asking()).id)

    def _existing(self, zone: str) -> Existing:
        plan = self.deployment.plan
        found = compute.get_subnetwork_output(
            name=plan.network.hosts_subnet(zone).id, region=plan.target.region, opts=self.asking()
        )
        return Existing(id=found.id)

    def _zones(self) -> Mapping[str, pulumi.Output[str]]:
        """The resource name of each DNS zone of the plan."""
        if not self.deployment.plan.zone_names:
            return {}
        from provisioner.clouds.gcp import zones

        return zones.zones(self, self.labels)

    def _account(self, group: str) -> serviceaccount.Account:
        return serviceaccount.Account(
            self.child(group),
            account_id=names.account_id(self.child(group), self.scope),
            display_name=f"Hosts {group} of {self.deployment.plan.name}",
            opts=self.under(),
        )

    def _subnet(self, zone: str) -> compute.Subnetwork:
        subnet = self.deployment.plan.network.hosts_subnet(zone)
        return compute.Subnetwork(
            self.child(subnet.name),
            name=self.physical(subnet.name),
            network=self.vpc.id,
            region=self.deployment.plan.target.region,
            ip_cidr_range=subnet.cidr,
            private_ip_google_access=True,
            log_config=FLOW_LOGS if self.deployment.plan.network.flow_log_days else None,
            opts=self.under(),
        )

    def _proxies(self) -> compute.Subnetwork:
        """The range from which Envoy-based balancers of the region speak to hosts."""
        return compute.Subnetwork(
            self.child("proxies"),
            name=self.physical("proxies"),
            network=self.vpc.id,
            region=self.deployment.plan.target.region,
            ip_cidr_range=proxy_range(self.deployment.plan.network.cidr),
            purpose="REGIONAL_MANAGED_PROXY",
            role="ACTIVE",
            opts=self.under(),
        )

    def _ways_out(self) -> Iterator[pulumi.Resource]:
        """The way out, written out: Google's implied rule lets everything through."""
        network = self.deployment.plan.network
        if network.egress == "none":
            yield self._egress("egress-inside", network.cidr, 1000, allowed=True)
            yield self._egress("egress-none", EVERYWHERE, 65000, allowed=False)
            return
        yield self._egress("egress", EVERYWHERE, 1000, allowed=True)
        if network.egress == "nat" and not network.existing:
            yield self._nat()

    def _egress(self, name: str, destination: str, priority: int, *, allowed: bool) -> compute.Firewall:
        return compute.Firewall(
            self.child(name),
            name=self.physical(name),
            network=self.vpc.id,
            direction="EGRESS",
            priority=priority,
            destination_ranges=[destination],
            allows=[{"protocol": "all"}] if allowed else None,
            denies=None if allowed else [{"protocol": "all"}],
            # In a network that others use, too, the rule is for these hosts alone.
            target_service_accounts=[each.email for each in self.accounts.values()]
            if self.deployment.plan.network.existing
            else None,
            opts=self.under(),
        )

    def _nat(self) -> compute.RouterNat:
        region = self.deployment.plan.target.region
        router = compute.Router(
            self.child("router"), name=self.physical("router"), network=self.vpc.id, region=region, opts=self.under()
        )
        return compute.RouterNat(
            self.child("nat"),
            name=self.physical("nat"),
            router=router.name,
            region=region,
            nat_ip_allocate_option="AUTO_ONLY",
            source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
            opts=self.under(),
        )

    def let_in(self, ranges: Mapping[str, pulumi.Input[str]]) -> None:
        """The rules for hosts on other clouds, by name, with the range of each one's address."""
        for rule in (rule for rule in self.deployment.plan.rules if rule.elsewhere and ranges):
            compute.Firewall(
                self.child(rule.name, "elsewhere"),
                name=self.physical(rule.name, "elsewhere"),
                network=self.vpc.id,
                direction="INGRESS",
                description=rule.reason or None,
                allows=[{"protocol": rule.protocol, "ports": [port_range(rule.first_port, rule.last_port)]}],
                source_ranges=list(ranges.values()),
                target_service_accounts=[self.accounts[rule.group].email],
                opts=self.under(),
            )

    def _rule(self, rule: Rule) -> None:
        if not rule.cidrs and not rule.groups:
            return  # It lets nobody in; for Google a rule without sources would let everybody in.
        compute.Firewall(
            self.child(rule.name),
            name=self.physical(rule.name),
            network=self.vpc.id,
            direction="INGRESS",
            description=rule.reason or None,
            allows=[{"protocol": rule.protocol, "ports": [port_range(rule.first_port, rule.last_port)]}],
            source_ranges=list(rule.cidrs) or None,
            source_service_accounts=[self.accounts[group].email for group in rule.groups] or None,
            target_service_accounts=[self.accounts[rule.group].email],
            opts=self.under(),
        )


def translates(balancer: Balancer) -> bool:
    """Whether a balancer's port differs from its hosts': a passthrough balancer cannot do that, a proxying one can."""
    return balancer.type == "tcp" and balancer.port != balancer.backend_port


def port_range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def proxy_range(cidr: str) -> str:
    """The range for the region's proxies: at most a /23, which Google recommends, and never less than the /26 that it demands."""
    return subnets.last_slot(cidr, 23)
