"""What Azure bills for each type of the Pulumi provider `azure-native`.

Sources: https://azure.microsoft.com/pricing/details/SERVICE/ for each service; load balancers: the first five rules cost
as much as one, and one without rules costs nothing.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from provisioner.cost.charges import scaled
from provisioner.cost.model import Charge
from provisioner.cost.resources.azure_disks import INCLUDED_IOPS, INCLUDED_MBPS, SERIES, disk
from provisioner.cost.resources.azure_free import FREE
from provisioner.cost.resources.scene import UNKNOWN, Resource, Row, Scene, Table, Unpriced, running

RULES_AT_BASE_PRICE: Final = 5


def _region(inputs: Mapping[str, Any], config: Mapping[str, str]) -> str:
    """`East US` and `eastus` are one place."""
    stated = str(inputs.get("location") or "")
    return ("" if stated in UNKNOWN else stated or config.get("location", "")).lower().replace(" ", "")


def _machine(resource: Resource, scene: Scene) -> Iterator[Charge]:
    size = resource.needed("hardwareProfile/vmSize")
    yield _running(resource, resource, size, 1, scene)
    yield from _disks(resource, resource.part(resource.get("storageProfile")), 1)


def _scale_set(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """So many machines of one size. An autoscaler may give it others."""
    count = resource.number("sku/capacity")
    profile = resource.part(resource.get("virtualMachineProfile"))
    yield _running(resource, profile, resource.needed("sku/name"), count, scene)
    yield from _disks(resource, profile.part(profile.get("storageProfile")), count)


def _running(resource: Resource, profile: Resource, size: str, count: Decimal | int, scene: Scene) -> Charge:
    """Windows has prices of its own, looked up under a name of its own: `Standard_D2s_v5 Windows`."""
    windows = (
        profile.get("osProfile/windowsConfiguration") is not None or profile.text("storageProfile/osDisk/osType") == "Windows"
    )
    kind = "spot" if profile.text("priority") in ("Spot", "Low") else "machine"
    return resource.bill(kind, f"{size} Windows" if windows else size, running(scene.of(resource), count))


def _disks(resource: Resource, storage: Resource, count: Decimal | int) -> Iterator[Charge]:
    """Those made with the machine; one that is attached is a resource of its own, billed there."""
    made = [one for one in storage.rows("dataDisks") if one.text("createOption", "Empty") != "Attach"]
    root = storage.part(storage.get("osDisk"))
    if root.text("createOption") != "Attach" and root.get("diffDiskSettings") is None:
        if root.get("diskSizeGB") is None:
            raise Unpriced("the size of its OS disk is the image's: state storageProfile.osDisk.diskSizeGB")
        made.insert(0, root)
    for one in made:
        kind = one.needed("managedDisk/storageAccountType")
        yield _sized(resource, kind, one.number("diskSizeGB"), count)
        yield from _provisioned(resource, one, kind, count)


def _sized(resource: Resource, kind: str, size: Decimal, count: Decimal | int) -> Charge:
    """Disks with sizes are billed by the piece; Premium SSD v2 and Ultra by the GiB."""
    series = SERIES.get(kind)
    if series is None:
        return resource.bill("disk", kind.lower(), size * count)
    return resource.bill("disk", disk(series, int(size.to_integral_value())), count)


def _provisioned(resource: Resource, described: Resource, kind: str, count: Decimal | int) -> Iterator[Charge]:
    """What Premium SSD v2 and Ultra are given beyond what they include; the other kinds have what their size has."""
    for path, part, included in (
        ("diskIOPSReadWrite", "iops", INCLUDED_IOPS),
        ("diskMBpsReadWrite", "throughput", INCLUDED_MBPS),
    ):
        beyond = described.number(path, 0) - included.get(kind, 0)
        if kind in included and beyond > 0:
            yield resource.bill("disk", f"{kind.lower()}-{part}", beyond * count)


def _disk(resource: Resource, _: Scene) -> Iterator[Charge]:
    kind = resource.needed("sku/name")
    yield _sized(resource, kind, resource.number("diskSizeGB"), 1)
    yield from _provisioned(resource, resource, kind, 1)


def _snapshot(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("snapshot", "disk-snapshot", scene.of(resource).table_gib)


def _address(resource: Resource, scene: Scene) -> Iterator[Charge]:
    if resource.text("publicIPAddressVersion", "IPv4") == "IPv6":
        return
    method = resource.text("publicIPAllocationMethod", "Dynamic").lower()
    yield resource.hourly("address", f"{resource.needed('sku/name').lower()}-{method}")
    yield resource.shared("egress", "internet", scene.usage.egress_gb)


def _nat(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.hourly("nat", "gateway")
    yield resource.shared("nat", "data", scene.usage.nat_gb)


def _balancer(resource: Resource, scene: Scene) -> Iterator[Charge]:
    if resource.needed("sku/name") != "Standard":
        yield resource.hourly("balancer", resource.needed("sku/name").lower())
        return
    rules = len(resource.rows("loadBalancingRules")) + len(resource.rows("outboundRules"))
    if not rules:
        return
    yield resource.hourly("balancer", "rules-first-five")
    if rules > RULES_AT_BASE_PRICE:
        yield resource.hourly("balancer", "rule-additional", rules - RULES_AT_BASE_PRICE)
    yield resource.bill("balancer", "data", scaled(scene.of(resource).balancer_gb, rules))


def _gateway(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """An application gateway: its hours, and a capacity unit for each GB."""
    tier = resource.needed("sku/tier").lower().replace("_", "-")
    yield resource.hourly("balancer", f"gateway-{tier}")
    yield resource.bill("balancer", f"gateway-{tier}-capacity", scene.of(resource).balancer_gb)


def _storage(resource: Resource, scene: Scene) -> Iterator[Charge]:
    own = scene.of(resource)
    copies = resource.needed("sku/name").partition("_")
    tier = "premium" if copies[0] == "Premium" else resource.text("accessTier", "Hot").lower()
    item = f"{tier}-{copies[2].lower()}"
    yield resource.bill("bucket", item, own.bucket_gib)
    for suffix, requests in (("write", own.bucket_writes), ("read", own.bucket_reads)):
        if requests.high:
            yield resource.bill("bucket", f"{item}-{suffix}", requests)


def _flexible(engine: str) -> Row:
    """A flexible server: the machine and its storage; a standby in another zone doubles both."""

    def row(resource: Resource, scene: Scene) -> Iterator[Charge]:
        count = 1 if resource.text("highAvailability/mode", "Disabled") == "Disabled" else 2
        yield resource.bill("database", f"{engine} {resource.needed('sku/name')}", running(scene.of(resource), count))
        size = resource.number("storage/storageSizeGB")
        yield resource.bill("database", f"{engine}-storage", size * count)

    return row


def _sql(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("database", f"sql {resource.needed('sku/name')}", running(scene.of(resource)))


def _cache(resource: Resource, scene: Scene) -> Iterator[Charge]:
    size = f"{resource.needed('sku/family')}{resource.number('sku/capacity')}".lower()
    yield resource.bill("cache", f"redis-{resource.needed('sku/name').lower()}-{size}", running(scene.of(resource)))


def _service_plan(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """The machines of App Service; a consumption plan (Y1) has none, its functions are billed by call."""
    size = resource.needed("sku/name")
    if size not in ("Y1", "F1"):
        yield resource.bill("service", f"app-{size.lower()}", running(scene.of(resource), resource.number("sku/capacity", 1)))


def _app(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """A web app runs on its plan. A function app is billed by call and by GB-second (at 1.5 GB) on a consumption plan."""
    plan = scene.behind(resource, "serverFarmId")
    if "functionapp" not in resource.text("kind"):
        return
    if plan is not None and plan.text("sku/name") != "Y1":
        return
    own = scene.of(resource)
    yield resource.bill("function", "functions-requests", own.function_requests)
    yield resource.bill("function", "functions-gb-seconds", scaled(own.function_seconds, Decimal("1.5")))


def _bus(resource: Resource, scene: Scene) -> Iterator[Charge]:
    tier = resource.text("sku/name", "Standard").lower()
    yield resource.hourly("queue", f"servicebus-{tier}", resource.number("sku/capacity", 1))
    yield resource.bill("queue", f"servicebus-{tier}-requests", scene.of(resource).queue_requests)


def _hubs(resource: Resource, scene: Scene) -> Iterator[Charge]:
    tier = resource.text("sku/name", "Standard").lower()
    yield resource.hourly("queue", f"eventhubs-{tier}", resource.number("sku/capacity", 1))
    yield resource.bill("queue", f"eventhubs-{tier}-requests", scene.of(resource).queue_requests)


def _workspace(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("log", "analytics-ingest", scene.of(resource).log_gb)


def _cluster(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """The control plane, free in the tier Free, and the pools that stand in the cluster itself."""
    tier = resource.text("sku/tier", "Free")
    if tier != "Free":
        yield resource.hourly("kubernetes", f"aks-{tier.lower()}")
    for pool in resource.rows("agentPoolProfiles"):
        yield from _nodes(resource, pool, scene)


def _pool(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield from _nodes(resource, resource, scene)


def _nodes(resource: Resource, pool: Resource, scene: Scene) -> Iterator[Charge]:
    count = pool.number("count", 1)
    kind = "spot" if pool.text("scaleSetPriority") == "Spot" else "machine"
    yield resource.bill(kind, pool.needed("vmSize"), running(scene.of(resource), count))
    if pool.text("osDiskType", "Managed") == "Managed":
        yield _sized(resource, "Premium_LRS", pool.number("osDiskSizeGB"), count)


def _zone(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("dns", "zone", 1)
    yield resource.bill("dns", "queries", scene.of(resource).dns_queries)


def _registry(resource: Resource, _: Scene) -> Iterator[Charge]:
    yield resource.bill("registry", f"registry-{resource.needed('sku/name').lower()}", 1)


def _vault(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("key", "vault-requests", scene.of(resource).key_requests)


def _endpoint(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.hourly("endpoint", "private")
    yield resource.bill("endpoint", "private-data", scene.of(resource).balancer_gb)


def _documents(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Cosmos DB: what it stores; request units are stated by its databases and containers."""
    yield resource.bill("table", "cosmos-gib", scene.of(resource).table_gib)


TABLE: Final = Table(
    cloud="azure",
    region=_region,
    free=FREE,
    inherits=("location", "resourceGroupName"),
    rows={
        "azure-native:compute:VirtualMachine": _machine,
        "azure-native:compute:VirtualMachineScaleSet": _scale_set,
        "azure-native:compute:Disk": _disk,
        "azure-native:compute:Snapshot": _snapshot,
        "azure-native:network:PublicIPAddress": _address,
        "azure-native:network:NatGateway": _nat,
        "azure-native:network:LoadBalancer": _balancer,
        "azure-native:network:ApplicationGateway": _gateway,
        "azure-native:network:PrivateEndpoint": _endpoint,
        "azure-native:storage:StorageAccount": _storage,
        "azure-native:dbforpostgresql:Server": _flexible("postgresql"),
        "azure-native:dbformysql:Server": _flexible("mysql"),
        "azure-native:sql:Database": _sql,
        "azure-native:cache:Redis": _cache,
        "azure-native:redis:Redis": _cache,
        "azure-native:documentdb:DatabaseAccount": _documents,
        "azure-native:web:AppServicePlan": _service_plan,
        "azure-native:web:WebApp": _app,
        "azure-native:servicebus:Namespace": _bus,
        "azure-native:eventhub:Namespace": _hubs,
        "azure-native:operationalinsights:Workspace": _workspace,
        "azure-native:containerservice:ManagedCluster": _cluster,
        "azure-native:containerservice:AgentPool": _pool,
        "azure-native:containerregistry:Registry": _registry,
        "azure-native:keyvault:Vault": _vault,
        "azure-native:network:Zone": _zone,
        "azure-native:dns:Zone": _zone,
    },
)
