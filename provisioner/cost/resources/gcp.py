"""What Google Cloud bills for each type of the Pulumi provider `gcp`.

Sources: https://cloud.google.com/SERVICE/pricing for each service; https://cloud.google.com/vpc/network-pricing
(addresses, NAT by the VM up to 32, forwarding rules: the first five of a region cost as much as one).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from provisioner.cost.charges import scaled
from provisioner.cost.model import Charge, Quantity
from provisioner.cost.resources import gcp_disks
from provisioner.cost.resources.gcp_free import FREE
from provisioner.cost.resources.gcp_machines import sustained
from provisioner.cost.resources.scene import Resource, Row, Scene, Table, Unpriced, running

INSTANCE: Final = "gcp:compute/instance:Instance"
RULE: Final = "gcp:compute/forwardingRule:ForwardingRule"
NAT_BILLED_HOSTS: Final = 32
RULES_AT_BASE_PRICE: Final = 5
WITH_GPU: Final = ("a2", "a3", "a4", "g2", "g4")
"""Families whose machine prices include their GPUs."""


PLACE: Final = re.compile(r"([a-z]+-[a-z]+\d+)(-[a-z])?")


def _region(inputs: Mapping[str, Any], config: Mapping[str, str]) -> str:
    """Stated as `region`, as `zone`, or as a `location` that is either; else the provider's."""
    zone = str(inputs.get("zone") or "")
    place = PLACE.fullmatch(str(inputs.get("location") or ""))
    if place:
        return place[1]
    stated = str(inputs.get("region") or "").rpartition("/")[2] or zone.rpartition("/")[2].rpartition("-")[0]
    return stated or config.get("region", "") or config.get("zone", "").rpartition("-")[0]


def _instance(resource: Resource, scene: Scene) -> Iterator[Charge]:
    if resource.text("desiredStatus", "RUNNING") == "RUNNING":
        yield from _machine(resource, resource, 1, scene)
        yield from _license(resource, scene)
    yield from gcp_disks.boot(resource)
    if len(resource.rows("scratchDisks")):
        yield resource.bill("disk", "local-ssd", 375 * len(resource.rows("scratchDisks")))
    yield from _addresses(resource, resource, 1, scene)


def _machine(resource: Resource, described: Resource, count: Quantity | Decimal | int, scene: Scene) -> Iterator[Charge]:
    """`described` is the instance or the template; sustained use is taken off where the family has it."""
    machine = described.needed("machineType").rpartition("/")[2]
    spot = described.text("scheduling/provisioningModel") == "SPOT" or described.flag("scheduling/preemptible")
    hours = running(scene.of(resource), count)
    number = count if isinstance(count, Quantity) else Quantity.fixed(count)
    steps = tuple(replace(step, end=step.end * number.typical) for step in sustained(machine, spot=spot))
    yield replace(resource.bill("spot" if spot else "machine", machine, hours), steps=steps)
    for gpu in described.rows("guestAccelerators"):
        if not machine.startswith(WITH_GPU):
            kind = gpu.needed("type").rpartition("/")[2]
            yield resource.bill("gpu", f"{kind}{'-spot' if spot else ''}", scaled(hours, gpu.number("count")))


def _license(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Windows is paid beside the machine."""
    params = resource.part(resource.part(resource.get("bootDisk")).inputs.get("initializeParams"))
    if "windows" in str(params.inputs.get("image", "")).lower():
        yield resource.bill("license", "windows", running(scene.of(resource)))


def _addresses(resource: Resource, described: Resource, count: Quantity | Decimal | int, scene: Scene) -> Iterator[Charge]:
    given = sum(len(one.rows("accessConfigs")) for one in described.rows("networkInterfaces"))
    if given:
        number = count if isinstance(count, Quantity) else Quantity.fixed(count)
        yield resource.bill("address", "in-use", scaled(number, given * 730))
        yield resource.shared("egress", "internet", scene.usage.egress_gb)


def _group(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """A managed group: so many machines as its template describes. An autoscaler may give it others."""
    template = scene.behind(resource, "versions")
    if template is None:
        raise Unpriced("its instance template is not one of the program's resources")
    count = resource.number("targetSize")
    yield from _machine(resource, template, count, scene)
    for one in template.rows("disks"):
        if one.get("source") is None and one.text("type", "PERSISTENT") == "PERSISTENT":
            yield resource.bill("disk", one.text("diskType", "pd-standard"), one.number("diskSizeGb") * count)
    yield from _addresses(resource, template, count, scene)


def _address(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Free at a forwarding rule; billed with the machine or NAT that uses it; idle where nothing does."""
    if resource.text("addressType", "EXTERNAL") != "EXTERNAL" or resource.text("ipVersion", "IPV4") == "IPV6":
        return
    users = {user.type for user, _ in scene.users(resource)}
    if "gcp:compute/routerNat:RouterNat" in users:
        yield resource.hourly("address", "in-use")
    elif not users:
        yield resource.hourly("address", "idle")


def _nat(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """By the hour of each VM of its region, and one automatic address. Addresses of its own are billed there."""
    hosts = scene.count(INSTANCE, resource.region)
    if hosts:
        yield resource.hourly("nat", "vm", min(hosts, NAT_BILLED_HOSTS))
    if resource.text("natIpAllocateOption", "AUTO_ONLY") == "AUTO_ONLY":
        yield resource.hourly("address", "in-use")
    yield resource.shared("nat", "data", scene.usage.nat_gb)
    yield resource.shared("egress", "internet", scene.usage.egress_gb)


def _rule(resource: Resource, scene: Scene) -> Iterator[Charge]:
    number = scene.number(resource)
    if number == 1:
        yield resource.hourly("balancer", "rules-first-five")
    elif number > RULES_AT_BASE_PRICE:
        yield resource.hourly("balancer", "rule-additional")
    yield resource.bill("balancer", "data", scene.of(resource).balancer_gb)
    if resource.text("loadBalancingScheme", "EXTERNAL").startswith("EXTERNAL"):
        yield resource.shared("egress", "internet", scene.usage.egress_gb)


def _worldwide(row: Row) -> Row:
    """What belongs to no region is looked up in `global`, never in the provider's region."""

    def worldwide(resource: Resource, scene: Scene) -> Iterator[Charge]:
        yield from row(replace(resource, region="global"), scene)

    return worldwide


def _bucket(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Billed where it lies: a region, or `eu`, `us`, `asia` for those that span several."""
    own, item = scene.of(resource), resource.text("storageClass", "STANDARD").lower()
    place = resource.needed("location").lower()
    yield resource.bill("bucket", item, own.bucket_gib, region=place)
    for suffix, requests in (("write", own.bucket_writes), ("read", own.bucket_reads)):
        if requests.high:
            yield resource.bill("bucket", f"{item}-{suffix}", requests, region=place)


def _database(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Cloud SQL: the machine and its storage, each a row of its own where another zone stands by."""
    zones = "-regional" if resource.text("settings/availabilityType", "ZONAL") == "REGIONAL" else ""
    engine = resource.needed("databaseVersion").partition("_")[0].lower()
    yield resource.bill("database", f"{engine} {resource.needed('settings/tier')}{zones}", running(scene.of(resource)))
    kind = resource.text("settings/diskType", "PD_SSD").lower().replace("_", "-")
    yield resource.bill("database", f"sql-{kind}{zones}", resource.number("settings/diskSize", 10))


def _cache(resource: Resource, scene: Scene) -> Iterator[Charge]:
    tier = resource.text("tier", "BASIC").lower().replace("_", "-")
    hours = running(scene.of(resource), resource.number("memorySizeGb"))
    yield resource.bill("cache", f"redis-{tier}", hours)


def _function(resource: Resource, scene: Scene) -> Iterator[Charge]:
    own = scene.of(resource)
    yield resource.bill("function", "functions-requests", own.function_requests)
    yield resource.bill(
        "function", "functions-gb-seconds", scaled(own.function_seconds, resource.number("availableMemoryMb", 256) / 1024)
    )


def _requests(kind: str, item: str, path: str, default: str) -> Row:
    """Calls, and seconds of the memory stated at `path`."""

    def row(resource: Resource, scene: Scene) -> Iterator[Charge]:
        own, memory = scene.of(resource), resource.text(path, default)
        yield resource.bill(kind, f"{item}-requests", own.function_requests)
        yield resource.bill(kind, f"{item}-gib-seconds", scaled(own.function_seconds, _gib(memory)))

    return row


def _gib(text: str) -> Decimal:
    from provisioner.units import parse_bytes

    try:
        return Decimal(parse_bytes(text)) / 2**30
    except ValueError as error:
        raise Unpriced(str(error)) from None


def _topic(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("queue", "pubsub-gib", scene.of(resource).topic_gib)


def _cluster(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """The control plane, and the default pool unless it is removed at once."""
    yield resource.hourly("kubernetes", "gke-autopilot" if resource.flag("enableAutopilot") else "gke")
    if not resource.flag("enableAutopilot") and not resource.flag("removeDefaultNodePool"):
        nodes = resource.number("initialNodeCount", 0)
        if nodes:
            yield from _nodes(resource, resource.part(resource.get("nodeConfig")), nodes, scene)


def _node_pool(resource: Resource, scene: Scene) -> Iterator[Charge]:
    count = resource.number("nodeCount", resource.number("initialNodeCount", 1))
    zones = max(len(resource.rows("nodeLocations")), 1)
    yield from _nodes(resource, resource.part(resource.get("nodeConfig")), count * zones, scene)


def _nodes(resource: Resource, config: Resource, count: Decimal, scene: Scene) -> Iterator[Charge]:
    """e2-medium with 100 GB of pd-balanced unless stated (https://cloud.google.com/kubernetes-engine/docs/reference/rest)."""
    machine = config.text("machineType", "e2-medium")
    spot = config.flag("spot") or config.flag("preemptible")
    described = resource.part({"machineType": machine, "scheduling": {"preemptible": spot}})
    yield from _machine(resource, described, count, scene)
    yield resource.bill("disk", config.text("diskType", "pd-balanced"), config.number("diskSizeGb", 100) * count)


def _zone(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("dns", "zone", 1)
    yield resource.bill("dns", "queries", scene.of(resource).dns_queries)


def _secret(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("secret", "secret", 1)
    yield resource.bill("secret", "secret-requests", scene.of(resource).key_requests)


def _key(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("key", "kms", 1)
    yield resource.bill("key", "kms-requests", scene.of(resource).key_requests)


def _stored(kind: str, item: str) -> Row:
    def row(resource: Resource, scene: Scene) -> Iterator[Charge]:
        yield resource.bill(kind, item, scene.of(resource).table_gib)

    return row


def _logs(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("log", "logging-ingest", scene.of(resource).log_gb)


def _files(resource: Resource, _: Scene) -> Iterator[Charge]:
    tier = resource.needed("tier").lower().replace("_", "-")
    yield resource.bill("file", f"filestore-{tier}", resource.number("fileShares/capacityGb"))


TABLE: Final = Table(
    cloud="gcp",
    region=_region,
    free=FREE,
    rows={
        INSTANCE: _instance,
        "gcp:compute/instanceGroupManager:InstanceGroupManager": _group,
        "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager": _group,
        "gcp:compute/disk:Disk": gcp_disks.disk,
        "gcp:compute/regionDisk:RegionDisk": gcp_disks.regional,
        "gcp:compute/snapshot:Snapshot": _stored("snapshot", "pd-snapshot"),
        "gcp:compute/address:Address": _address,
        "gcp:compute/globalAddress:GlobalAddress": _worldwide(_address),
        "gcp:compute/routerNat:RouterNat": _nat,
        RULE: _rule,
        "gcp:compute/globalForwardingRule:GlobalForwardingRule": _worldwide(_rule),
        "gcp:storage/bucket:Bucket": _bucket,
        "gcp:sql/databaseInstance:DatabaseInstance": _database,
        "gcp:redis/instance:Instance": _cache,
        "gcp:cloudfunctions/function:Function": _function,
        "gcp:cloudfunctionsv2/function:Function": _requests("function", "functions", "serviceConfig/availableMemory", "256Mi"),
        "gcp:cloudrunv2/service:Service": _requests("container", "run", "template/containers/0/resources/limits/memory", "512Mi"),
        "gcp:pubsub/topic:Topic": _topic,
        "gcp:pubsub/subscription:Subscription": _topic,
        "gcp:container/cluster:Cluster": _cluster,
        "gcp:container/nodePool:NodePool": _node_pool,
        "gcp:dns/managedZone:ManagedZone": _zone,
        "gcp:artifactregistry/repository:Repository": _stored("registry", "artifact-registry"),
        "gcp:filestore/instance:Instance": _files,
        "gcp:logging/projectBucketConfig:ProjectBucketConfig": _logs,
        "gcp:secretmanager/secret:Secret": _secret,
        "gcp:kms/cryptoKey:CryptoKey": _key,
    },
)
