"""Machines and their disks on AWS, whoever starts them: instances, groups, nodes of a cluster.

Sources: https://aws.amazon.com/ebs/pricing/ (gp3 includes 3,000 IOPS and 125 MiB/s; io1 and io2 include none),
https://aws.amazon.com/vpc/pricing/ (public IPv4), https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
(a node's disk has 20 GiB unless stated).
"""

from collections.abc import Iterator
from decimal import Decimal

from provisioner.cost.charges import scaled
from provisioner.cost.model import Charge, Quantity
from provisioner.cost.resources.scene import Resource, Scene, Unpriced, running

GP3_IOPS, GP3_MIBPS = 3000, 125
BY_IOPS = frozenset({"gp3", "io1", "io2"})
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration"


def instance(resource: Resource, scene: Scene) -> Iterator[Charge]:
    template = scene.behind(resource, "launchTemplate", TEMPLATE)
    spot = resource.text("instanceMarketOptions/marketType") == "spot"
    yield _machine(resource, _type(resource, template), 1, scene, spot=spot)
    yield from _disks(resource, resource, 1)
    if _has_address(resource, scene):
        yield resource.hourly("address", "public-ipv4")
        yield resource.shared("egress", "internet", scene.usage.egress_gb)


def spot_request(resource: Resource, scene: Scene) -> Iterator[Charge]:
    yield _machine(resource, resource.needed("instanceType"), 1, scene, spot=True)
    yield from _disks(resource, resource, 1)


def group(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """Between its smallest and its largest size, usually the desired one, of what its template describes."""
    desired = resource.number("desiredCapacity", resource.number("minSize"))
    count = Quantity(low=min(resource.number("minSize"), desired), typical=desired, high=max(resource.number("maxSize"), desired))
    template = scene.behind(resource, "launchTemplate") or scene.behind(resource, "launchConfiguration")
    template = template or scene.behind(resource, "mixedInstancesPolicy")
    if template is None:
        raise Unpriced("its launch template is not one of the program's resources")
    spot = template.text("instanceMarketOptions/marketType") == "spot" or bool(template.text("spotPrice"))
    yield _machine(resource, template.needed("instanceType"), count, scene, spot=spot)
    yield from _disks(resource, template, count)


def node_group(resource: Resource, scene: Scene) -> Iterator[Charge]:
    """The nodes of an EKS cluster, of the first machine type that it names."""
    desired = resource.number("scalingConfig/desiredSize")
    count = Quantity(
        low=min(resource.number("scalingConfig/minSize", desired), desired),
        typical=desired,
        high=max(resource.number("scalingConfig/maxSize", desired), desired),
    )
    spot = resource.text("capacityType") == "SPOT"
    template = scene.behind(resource, "launchTemplate", TEMPLATE)
    machine = template.needed("instanceType") if template is not None else resource.needed("instanceTypes/0")
    yield _machine(resource, machine, count, scene, spot=spot)
    if template is None:
        yield resource.bill("disk", "gp3", scaled(count, resource.number("diskSize", 20)))
    else:
        yield from _disks(resource, template, count)


def volume(resource: Resource, scene: Scene) -> Iterator[Charge]:
    del scene
    yield from disk(resource, resource, "type", "size", 1)


def disk(resource: Resource, described: Resource, kind: str, size: str, count: Quantity | int) -> Iterator[Charge]:
    """`described` states kind and size at the inputs of these names; `resource` is billed."""
    item = described.text(kind, "gp2")
    number = count if isinstance(count, Quantity) else Quantity.fixed(count)
    yield resource.bill("disk", item, scaled(number, described.number(size)))
    if item not in BY_IOPS:
        return
    included = GP3_IOPS if item == "gp3" else 0
    iops = max(described.number("iops", included) - included, Decimal(0))
    throughput = max(described.number("throughput", GP3_MIBPS) - GP3_MIBPS, Decimal(0)) if item == "gp3" else Decimal(0)
    if iops:
        yield resource.bill("disk", f"{item}-iops", scaled(number, iops))
    if throughput:
        yield resource.bill("disk", f"{item}-throughput", scaled(number, throughput))


def _type(resource: Resource, template: Resource | None) -> str:
    stated = resource.text("instanceType")
    return stated or (template or resource).needed("instanceType")


def _machine(resource: Resource, machine: str, count: Quantity | int, scene: Scene, *, spot: bool) -> Charge:
    """Linux on shared tenancy. Other tenancies, and Windows (it has a password to get), are looked up by names of their own."""
    tenancy = resource.text("tenancy", "default")
    item = machine if tenancy == "default" else f"{machine} {tenancy}"
    if resource.flag("getPasswordData"):
        item = f"{item} Windows"
    return resource.bill("spot" if spot else "machine", item, running(scene.of(resource), count))


def _disks(resource: Resource, described: Resource, count: Quantity | int) -> Iterator[Charge]:
    """The root disk and those created with the machine. The size of a root disk that is not stated is the image's."""
    mappings = [one for one in described.rows("blockDeviceMappings") if one.get("ebs") is not None]
    if mappings:
        for mapping in mappings:
            yield from disk(resource, mapping.part(mapping.get("ebs")), "volumeType", "volumeSize", count)
        return
    root = described.part(described.get("rootBlockDevice"))
    if root.get("volumeSize") is None:
        raise Unpriced("the size of its root disk is the image's: state rootBlockDevice.volumeSize")
    yield from disk(resource, root, "volumeType", "volumeSize", count)
    for one in described.rows("ebsBlockDevices"):
        yield from disk(resource, one, "volumeType", "volumeSize", count)


def _has_address(resource: Resource, scene: Scene) -> bool:
    """Asked for, or given by the subnet."""
    if resource.get("associatePublicIpAddress") is not None:
        return resource.flag("associatePublicIpAddress")
    subnet = scene.behind(resource, "subnetId", "aws:ec2/subnet:Subnet")
    return subnet is not None and subnet.flag("mapPublicIpOnLaunch")
