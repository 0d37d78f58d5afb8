"""Replicas that are even over all zones: one zone is sized and its hosts are repeated, so that every zone is the same.

Each zone must hold the same part of every runnable, so the least for one zone, times the zones, is the least there is.
"""

from collections.abc import Sequence

from provisioner.placement.arrays import Host, filled
from provisioner.placement.requests import Request
from provisioner.plan.model import HostGroup
from provisioner.prices.offers import Offer


def zone_of(request: Request, zones: int) -> int | None:
    """Replicas that must be even over all zones, dealt to them by number; None for all others, which may be in any."""
    if not request.shares or any(share.per_zone * zones != share.replicas for share in request.shares):
        return None
    return (request.replica - 1) % zones


def dealt(group: HostGroup, offers: Sequence[Offer], requests: Sequence[Request], zones: int) -> list[Host]:
    """Hosts of all zones with their requests, the dearest first; none where a request is not even, or fits on no machine."""
    if any(zone_of(request, zones) is None for request in requests):
        return []
    by_replica = {(request.shares[0].runnable, request.replica): request for request in requests}
    first = [request for request in requests if zone_of(request, zones) == 0]
    return [
        Host(number=zone + 1 + place * zones, offer=offer, requests=[_twin(one, zone, by_replica) for one in held])
        for place, (offer, held) in enumerate(filled(group, offers, first))
        for zone in range(zones)
    ]


def _twin(request: Request, zone: int, by_replica: dict[tuple[str, int], Request]) -> Request:
    """The replica that is in this zone what the request is in the first."""
    return by_replica[request.shares[0].runnable, request.replica + zone]
