"""Static addresses, and the pool that every public IPv4 of the simulated cloud comes from."""

import ipaddress
from typing import Final

from provisioner.sandbox.gcp.common import Compute, numeric, one_of
from provisioner.sandbox.kinds import Call

ADDRESS: Final = "gcp:compute/address:Address"
POOL: Final = int(ipaddress.IPv4Address("34.76.0.2"))


def public_address(call: Call) -> str:
    """The next address of the pool; a changed resource keeps its own."""
    return str(ipaddress.IPv4Address(POOL + call.world.take("gcp public addresses")))


KINDS: Final = (
    Compute(
        token=ADDRESS,
        collection="addresses",
        scope="region",
        computed={
            "address": lambda call, _: call.inputs.get("address") or public_address(call),
            "addressId": numeric,
            "users": lambda _, __: [],
        },
        defaults={"addressType": "EXTERNAL"},
        immutable=(
            *("address", "addressType", "description", "purpose", "networkTier", "subnetwork", "network"),
            *("prefixLength", "ipVersion", "ipv6EndpointType", "ipCollection"),
        ),
        checks=(one_of("addressType", "EXTERNAL", "INTERNAL"), one_of("networkTier", "PREMIUM", "STANDARD")),
        labelled=True,
    ).kind,
)
