"""A small cloud for tests of the sandbox's core: networks, and things in them. Served as the package `aws`."""

from collections.abc import Iterable
from typing import Any

import pulumi

from provisioner.sandbox.kinds import Autoname, Call, CloudRefusal, Failure, Kind, Reference
from provisioner.sandbox.registry import Catalog

NETWORK = "aws:test/network:Network"
THING = "aws:test/thing:Thing"


def _taken(call: Call) -> None:
    """A range is taken once in a region."""
    here = f"arn:{call.config['region']}:"
    for other in call.world.all(NETWORK):
        if other.properties["cidr"] == call.inputs["cidr"] and other.properties["arn"].startswith(here):
            raise CloudRefusal(f"Network.Conflict: {call.inputs['cidr']} is taken by {other.id}")


def _size(call: Call) -> Iterable[Failure]:
    size = call.inputs.get("size")
    if isinstance(size, int) and size > 100:
        yield Failure(property="size", reason="size must be from 1 to 100")


NETWORK_KIND = Kind(
    token=NETWORK,
    identify=lambda call: f"net-{call.digest[:8]}",
    outputs=lambda call, identity: {"arn": f"arn:{call.config['region']}:{identity}"},
    computed=("arn",),
    immutable=frozenset({"cidr"}),
    refuse=_taken,
)
THING_KIND = Kind(
    token=THING,
    identify=lambda call: f"thing-{call.digest[:8]}",
    outputs=lambda call, _: {"address": f"10.0.0.{call.world.take('addresses')}"},
    computed=("address",),
    defaults={"kind": "small"},
    immutable=frozenset({"zone"}),
    autoname=Autoname(property="name"),
    references=(Reference(property="network", tokens=(NETWORK,), missing="Network.NotFound: '{value}' does not exist"),),
    check=_size,
)

SCHEMAS: dict[str, Any] = {
    "types": {},
    "enums": {"test.Kind": ["small", "large"]},
    "resources": {
        NETWORK: {"required": ["cidr"], "properties": {"cidr": "string", "tags": {"map": "string"}}},
        THING: {
            "required": ["network"],
            "properties": {
                **dict.fromkeys(("network", "name", "zone", "password"), "string"),
                "size": "integer",
                "kind": {"enum": "test.Kind"},
            },
        },
    },
}

CATALOGS = {
    "aws": Catalog(
        package="aws",
        kinds={kind.token: kind for kind in (NETWORK_KIND, THING_KIND)},
        functions={"aws:test/count:count": lambda arguments, config, world: {"count": len(list(world.all(arguments["token"])))}},
        schemas=SCHEMAS,
    )
}


class Thing(pulumi.CustomResource):
    """A thing with its computed address."""

    address: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, *, opts: pulumi.ResourceOptions | None = None, **properties: object) -> None:
        super().__init__(THING, name, {"address": None, "name": None, **properties}, opts)


class Network(pulumi.CustomResource):
    """A network with its computed name."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, *, opts: pulumi.ResourceOptions | None = None, **properties: object) -> None:
        super().__init__(NETWORK, name, {"arn": None, **properties}, opts)
