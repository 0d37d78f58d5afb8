"""What AWS bills for each type of the Pulumi provider `aws`.

Sources: the price page of each service, https://aws.amazon.com/SERVICE/pricing/. A row looks prices up under the kind
and item that it names; `docs/reference/cost.md` lists them, so that an account's file can state them.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from provisioner.cost.charges import scaled
from provisioner.cost.model import Charge
from provisioner.cost.resources import aws_machines
from provisioner.cost.resources.aws_free import FREE
from provisioner.cost.resources.scene import Resource, Row, Scene, Table, Unpriced, running

BALANCERS: Final = {"application": "alb", "network": "nlb", "gateway": "gwlb"}


def _region(inputs: Mapping[str, Any], config: Mapping[str, str]) -> str:
    """The resource's own region (provider 7), its zone's, or its provider's."""
    zone = str(inputs.get("availabilityZone") or "")
    return str(inputs.get("region") or "") or (zone[:-1] if zone[-1:].isalpha() else "") or config.get("region", "")


def _address(resource: Resource, _: Scene) -> Iterator[Charge]:
    yield resource.hourly("address", "public-ipv4")


def _nat(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.hourly("nat", "gateway")
    yield resource.shared("nat", "data", scene.usage.nat_gb)
    if resource.text("connectivityType", "public") == "public":
        yield resource.shared("egress", "internet", scene.usage.egress_gb)


def _balancer(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Its hours, a capacity unit for each GB, and an address in each of its zones where it faces the internet."""
    item = BALANCERS.get(resource.text("loadBalancerType", "application"))
    if item is None:
        raise Unpriced(f"loadBalancerType: expected one of {', '.join(BALANCERS)}")
    yield resource.hourly("balancer", item)
    yield resource.bill("balancer", f"{item}-lcu", scene.of(resource).balancer_gb)
    if resource.flag("internal") or item == "gwlb":
        return
    mappings = resource.rows("subnetMappings")
    given = sum("allocationId" not in one.inputs for one in mappings) if mappings else len(resource.rows("subnets"))
    if not mappings and not given:
        raise Unpriced("its subnets, and so its public addresses, are not stated")
    if given:
        yield resource.hourly("address", "public-ipv4", given)
    yield resource.shared("egress", "internet", scene.usage.egress_gb)


def _classic_balancer(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.hourly("balancer", "elb")
    yield resource.bill("balancer", "elb-data", scene.of(resource).balancer_gb)


def _bucket(resource: Resource, scene: Scene) -> Iterator[Charge]:
    own = scene.of(resource)
    yield resource.bill("bucket", "s3-standard", own.bucket_gib)
    for suffix, requests in (("write", own.bucket_writes), ("read", own.bucket_reads)):
        if requests.high:
            yield resource.bill("bucket", f"s3-standard-{suffix}", requests)


def _database(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """RDS: the machine (twice the price in two zones, a row of its own) and its storage."""
    zones = "-multi-az" if resource.flag("multiAz") else ""
    engine = resource.needed("engine")
    yield resource.bill("database", f"{engine} {resource.needed('instanceClass')}{zones}", running(scene.of(resource)))
    storage = resource.text("storageType", "gp2")
    yield resource.bill("database", f"rds-{storage}{zones}", resource.number("allocatedStorage"))
    if storage in ("io1", "io2"):
        yield resource.bill("database", f"rds-{storage}-iops{zones}", resource.number("iops"))


def _aurora(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill(
        "database", f"{resource.needed('engine')} {resource.needed('instanceClass')}", running(scene.of(resource))
    )


def _aurora_storage(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("database", "aurora-storage", scene.of(resource).table_gib)


def _cache(resource: Resource, scene: Scene) -> Iterator[Charge]:
    item = f"{resource.text('engine', 'redis')} {resource.needed('nodeType')}"
    yield resource.bill("cache", item, running(scene.of(resource), resource.number("numCacheNodes", 1)))


def _replicated_cache(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Every shard with its replicas, or so many nodes."""
    shards = resource.number("numNodeGroups", 1) * (resource.number("replicasPerNodeGroup", 0) + 1)
    nodes = resource.number("numCacheClusters", shards)
    item = f"{resource.text('engine', 'redis')} {resource.needed('nodeType')}"
    yield resource.bill("cache", item, running(scene.of(resource), nodes))


def _function(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Calls, and seconds times the memory in GB (128 MB unless stated)."""
    own = scene.of(resource)
    arch = "-arm64" if resource.text("architectures/0") == "arm64" else ""
    yield resource.bill("function", "lambda-requests", own.function_requests)
    yield resource.bill(
        "function", f"lambda-gb-seconds{arch}", scaled(own.function_seconds, _gb(resource.number("memorySize", 128)))
    )


def _gb(mib: Decimal) -> Decimal:
    return mib / 1024


def _container_service(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Fargate: the task's vCPU and memory for every running copy. On own machines a service costs nothing more."""
    if resource.text("launchType", "EC2") != "FARGATE":
        return
    task = scene.behind(resource, "taskDefinition")
    if task is None:
        raise Unpriced("its task definition is not one of the program's resources")
    hours = running(scene.of(resource), resource.number("desiredCount", 1))
    yield resource.bill("container", "fargate-vcpu", scaled(hours, task.number("cpu") / 1024))
    yield resource.bill("container", "fargate-gb", scaled(hours, task.number("memory") / 1024))


def _queue(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("queue", "sqs-fifo" if resource.flag("fifoQueue") else "sqs", scene.of(resource).queue_requests)


def _topic(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("queue", "sns", scene.of(resource).queue_requests)


def _logs(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("log", "cloudwatch-ingest", scene.of(resource).log_gb)


def _table(resource: Resource, scene: Scene) -> Iterator[Charge]:
    own = scene.of(resource)
    if resource.text("billingMode", "PROVISIONED") == "PAY_PER_REQUEST":
        yield resource.bill("table", "dynamodb-read", own.table_requests)
        yield resource.bill("table", "dynamodb-write", own.table_requests)
    else:
        yield resource.hourly("table", "dynamodb-rcu", resource.number("readCapacity"))
        yield resource.hourly("table", "dynamodb-wcu", resource.number("writeCapacity"))
    yield resource.bill("table", "dynamodb-gib", own.table_gib)


def _zone(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("dns", "zone", 1)
    yield resource.bill("dns", "queries", scene.of(resource).dns_queries)


def _key(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("key", "kms", 1)
    yield resource.bill("key", "kms-requests", scene.of(resource).key_requests)


def _secret(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield resource.bill("secret", "secret", 1)
    yield resource.bill("secret", "secret-requests", scene.of(resource).key_requests)


def _cluster(resource: Resource, _: Scene) -> Iterator[Charge]:
    yield resource.hourly("kubernetes", "eks")


def _endpoint(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """An interface has an hour in each subnet; a gateway to S3 or DynamoDB is free."""
    if resource.text("vpcEndpointType", "Gateway") == "Gateway":
        return
    yield resource.hourly("endpoint", "interface", max(len(resource.rows("subnetIds")), 1))
    yield resource.bill("endpoint", "interface-data", scene.of(resource).balancer_gb)


def _stored(kind: str, item: str) -> Row:
    def row(resource: Resource, scene: Scene) -> Iterator[Charge]:
        yield resource.bill(kind, item, scene.of(resource).table_gib)

    return row


def _one(kind: str, item: str) -> Row:
    def row(resource: Resource, _: Scene) -> Iterator[Charge]:
        yield resource.bill(kind, item, 1)

    return row


TABLE: Final = Table(
    cloud="aws",
    region=_region,
    free=FREE,
    rows={
        "aws:ec2/instance:Instance": aws_machines.instance,
        "aws:ec2/spotInstanceRequest:SpotInstanceRequest": aws_machines.spot_request,
        "aws:autoscaling/group:Group": aws_machines.group,
        "aws:eks/nodeGroup:NodeGroup": aws_machines.node_group,
        "aws:eks/cluster:Cluster": _cluster,
        "aws:ebs/volume:Volume": aws_machines.volume,
        "aws:ebs/snapshot:Snapshot": _stored("snapshot", "ebs"),
        "aws:ec2/eip:Eip": _address,
        "aws:ec2/natGateway:NatGateway": _nat,
        "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
        "aws:lb/loadBalancer:LoadBalancer": _balancer,
        "aws:alb/loadBalancer:LoadBalancer": _balancer,
        "aws:elb/loadBalancer:LoadBalancer": _classic_balancer,
        "aws:s3/bucket:Bucket": _bucket,
        "aws:s3/bucketV2:BucketV2": _bucket,
        "aws:rds/instance:Instance": _database,
        "aws:rds/cluster:Cluster": _aurora_storage,
        "aws:rds/clusterInstance:ClusterInstance": _aurora,
        "aws:elasticache/cluster:Cluster": _cache,
        "aws:elasticache/replicationGroup:ReplicationGroup": _replicated_cache,
        "aws:lambda/function:Function": _function,
        "aws:ecs/service:Service": _container_service,
        "aws:sqs/queue:Queue": _queue,
        "aws:sns/topic:Topic": _topic,
        "aws:cloudwatch/logGroup:LogGroup": _logs,
        "aws:cloudwatch/metricAlarm:MetricAlarm": _one("log", "cloudwatch-alarm"),
        "aws:dynamodb/table:Table": _table,
        "aws:efs/fileSystem:FileSystem": _stored("file", "efs-standard"),
        "aws:ecr/repository:Repository": _stored("registry", "ecr"),
        "aws:route53/zone:Zone": _zone,
        "aws:kms/key:Key": _key,
        "aws:secretsmanager/secret:Secret": _secret,
    },
)
