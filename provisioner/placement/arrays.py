"""Requests and offers as the arrays that `fleet` works on, and its answers as hosts with requests again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioner.placement.requests import Request
from provisioner.placement.reserve import room
from provisioner.placement.slots import price
from provisioner.plan.model import HostGroup
from provisioner.prices.offers import Offer

if TYPE_CHECKING:
    from provisioner.placement.fleet.model import Machines
    from provisioner.placement.fleet.solve import Solution

Key = tuple[int, int, int, str, tuple[str, ...], str, int]
"""A class of requests: needs, architecture, groups, and of replicas the runnable and how many of them a host may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Host number `number` of the group that is sized."""

    number: int
    offer: Offer
    requests: list[Request]


def solved(
    pairs: Sequence[tuple[HostGroup, Offer]], requests: Sequence[Request], *, apart: bool = True
) -> "tuple[Solution, list[Key], dict[Key, list[Request]]]":
    """The solution over pairs of group and machine, the classes in its order, and the requests of each class by name.

    Not `apart`: any number of replicas may share a host, which gives fewer classes and a bound that holds all the same.
    """
    import numpy as np

    from provisioner.placement.fleet.model import Demand
    from provisioner.placement.fleet.solve import solve

    waiting: dict[Key, list[Request]] = {}
    for request in sorted(requests, key=lambda request: request.name):
        waiting.setdefault(_key(request, len(requests), apart=apart), []).append(request)
    keys = sorted(waiting)
    demand = Demand(
        sizes=np.array([key[:3] for key in keys], np.int64),
        counts=np.array([len(waiting[key]) for key in keys], np.int64),
        most=np.array([key[6] for key in keys], np.int64),
        allowed=np.array([[key[3] in ("", offer.arch) and group.name in key[4] for group, offer in pairs] for key in keys]),
    )
    return solve(demand, _machines(pairs)), keys, waiting


def dealt(group: HostGroup, offers: Sequence[Offer], requests: Sequence[Request], zones: int) -> list[Host]:
    """Hosts in zones with their requests, replicas apart over hosts and zones; none where a request fits on no machine.

    Host numbers go round the zones, so those of one zone are as far apart as there are zones; the dearest come first.
    """
    import numpy as np

    from provisioner.placement.fleet.spread import first
    from provisioner.placement.fleet.state import Containers

    ordered = sorted(requests, key=lambda request: request.name)
    names = [request.shares[0].runnable if request.shares else request.name for request in ordered]
    services = {name: number for number, name in enumerate(dict.fromkeys(names))}
    containers = Containers(
        sizes=np.array([_size(request) for request in ordered], np.int64),
        service=np.array([services[name] for name in names], np.int64),
    )
    try:
        fleet, _ = first(containers, _machines([(group, offer) for offer in offers]), zones)
    except ValueError:
        return []
    held: dict[int, list[Request]] = {}
    for request, host in zip(ordered, fleet.host.tolist(), strict=True):
        held.setdefault(host, []).append(request)
    found: list[Host] = []
    for zone in range(zones):
        here = [host for host in held if int(fleet.zones[host]) == zone]
        here.sort(key=lambda host: (int(fleet.machines[host]) * -1, held[host][0].name))
        for place, host in enumerate(here):
            offer = offers[int(fleet.machines[host])]
            found.append(Host(number=zone + 1 + place * zones, offer=offer, requests=held[host]))
    return found


def _machines(pairs: Sequence[tuple[HostGroup, Offer]]) -> "Machines":
    import numpy as np

    from provisioner.placement.fleet.model import Machines

    rooms = [room(offer, group) for group, offer in pairs]
    return Machines(
        room=np.array([(one.millicpu, one.memory_mib, one.gpu) for one in rooms], np.int64),
        price=np.array([price(offer, spot=group.spot).nano for group, offer in pairs], np.int64),
    )


def _key(request: Request, count: int, *, apart: bool) -> Key:
    share = next(iter(request.shares), None) if apart else None
    runnable, most = (share.runnable, share.per_host) if share else ("", count)
    return (*_size(request), request.needs.arch, request.groups, runnable, most)


def _size(request: Request) -> tuple[int, int, int]:
    return request.needs.millicpu, request.needs.memory_mib, request.needs.gpu
