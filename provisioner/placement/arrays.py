"""Requests and offers as the arrays that `fleet` works on, and its answers as hosts with requests again."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from provisioner.placement.fleet import EXACT
from provisioner.placement.requests import Request
from provisioner.placement.reserve import room
from provisioner.placement.slots import price
from provisioner.plan.hosts import host_name
from provisioner.plan.model import HostGroup
from provisioner.prices.offers import Offer

if TYPE_CHECKING:
    from provisioner.placement.fleet.model import Demand, Machines
    from provisioner.placement.fleet.state import Containers, Fleet

Taken = tuple[tuple[int, str, str], ...]
"""Host ports with their protocols and addresses."""
Key = tuple[int, int, int, str, tuple[str, ...], Taken, bool, str, int]
"""A class of requests: needs, architecture, groups, host ports, whether on spot hosts, and of replicas the runnable and how
many of them a host may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Host number `number` of the group that is sized."""

    number: int
    offer: Offer
    requests: list[Request]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A machine that a host of a group can be, and what it counts as costing, nano-USD an hour."""

    group: HostGroup
    offer: Offer
    spot: bool
    nano: int


def least(options: Sequence[Option], requests: Sequence[Request], zones: int) -> int:
    """Nano-USD an hour: no hosts that hold the requests, replicas even over so many zones, cost less; 0 where none hold them."""
    from provisioner.placement.fleet.solve import least

    demand, _, _ = _demand(options, requests, apart=len(requests) <= EXACT)
    return least(demand, _machines(options), zones) if _fits(demand, options) else 0


def volume(options: Sequence[Option], requests: Sequence[Request]) -> int:
    """Nano-USD an hour that the CPU and memory asked for cost at least; 0 where a request fits on no machine."""
    from provisioner.placement.fleet import bound

    demand, _, _ = _demand(options, requests, apart=False)
    return int(bound.volume(demand, _machines(options)) @ demand.counts * (1 - 1e-9)) if _fits(demand, options) else 0


def filled(group: HostGroup, offers: Sequence[Offer], requests: Sequence[Request]) -> list[tuple[Offer, list[Request]]]:
    """Hosts with their requests, dearest first, equal requests dealt out by name; empty where a request fits on no machine."""
    from provisioner.placement.fleet.solve import solve

    options = _options(group, offers)
    demand, keys, waiting = _demand(options, requests, apart=True)
    if not _fits(demand, options):
        return []
    solution = solve(demand, _machines(options))
    chosen: list[int] = solution.filled.machines.tolist()
    taken: list[list[int]] = solution.filled.counts.tolist()
    hosts: list[tuple[Offer, list[Request]]] = []
    for machine, counts in zip(chosen, taken, strict=True):
        held = [waiting[key].pop(0) for key, number in zip(keys, counts, strict=True) for _ in range(number)]
        hosts.append((offers[machine], held))
    return sorted(hosts, key=lambda pair: (-price(pair[0], spot=group.spot).nano, pair[0].machine, pair[1][0].name))


def dealt(group: HostGroup, offers: Sequence[Offer], requests: Sequence[Request], zones: int) -> list[Host]:
    """Hosts in zones with their requests, replicas apart over hosts and zones; none where a request fits on no machine.

    Host numbers go round the zones, so those of one zone are as far apart as there are zones; the dearest come first.
    """
    from provisioner.placement.fleet.spread import first

    ordered = sorted(requests, key=lambda request: request.name)
    try:
        fleet, _ = first(_containers(ordered), _machines(_options(group, offers)), zones)
    except ValueError:
        return []
    held = _held(ordered, fleet)
    found: list[Host] = []
    for zone in range(zones):
        here = [host for host in held if int(fleet.zones[host]) == zone]
        here.sort(key=lambda host: (int(fleet.machines[host]) * -1, held[host][0].name))
        for place, host in enumerate(here):
            offer = offers[int(fleet.machines[host])]
            found.append(Host(number=zone + 1 + place * zones, offer=offer, requests=held[host]))
    return found


def redealt(  # noqa: PLR0913  (what stands, what is asked for, and how much may move)
    group: HostGroup,
    offers: Sequence[Offer],
    requests: Sequence[Request],
    zones: Sequence[str],
    last: Mapping[str, str],
    settled: Mapping[str, Offer],
    budget: int,
    *,
    gone: bool,
) -> list[Host]:
    """The hosts that stand, by name with their machines in `settled`, after an update; none where a request fits on no machine.

    A new host takes the first number of its zone that no host has, nor one that is closed now: another machine of that name
    would be the old one replaced.
    """
    import numpy as np

    from provisioner.placement.fleet.calm import update
    from provisioner.placement.fleet.state import NOWHERE, Fleet

    ordered = sorted(requests, key=lambda request: request.name)
    numbers = sorted(int(name.removeprefix(f"{group.name}-")) for name in settled)
    at = {host_name(group.name, number): index for index, number in enumerate(numbers)}
    standing = Fleet(
        machines=np.array([offers.index(settled[name]) for name in at], np.int64),
        zones=np.array([(number - 1) % len(zones) for number in numbers], np.int64),
        host=np.array([at.get(last.get(request.name, ""), NOWHERE) for request in ordered], np.int64),
    )
    machines = _machines(_options(group, offers))
    try:
        done = update(_containers(ordered), machines, standing, len(zones), budget=budget, gone=gone)
    except ValueError:
        return []
    held, found = _held(ordered, done.fleet), [numbers[index] for index in done.kept]
    opened: list[int] = done.fleet.zones[len(found) :].tolist()
    for zone in opened:
        found.append(_free_number(zone, len(zones), {*numbers, *found}))
    chosen: list[int] = done.fleet.machines.tolist()
    return [Host(number=number, offer=offers[chosen[index]], requests=held.get(index, [])) for index, number in enumerate(found)]


def _free_number(zone: int, zones: int, taken: set[int]) -> int:
    return next(number for number in count(zone + 1, zones) if number not in taken)


def _containers(ordered: Sequence[Request]) -> "Containers":
    """A request of several runnables with replicas is as near as the strictest of them allows."""
    import numpy as np

    from provisioner.placement.fleet.state import Containers

    names = [request.shares[0].runnable if request.shares else request.name for request in ordered]
    services = {name: number for number, name in enumerate(dict.fromkeys(names))}
    limits = {name: _limits(request) for name, request in zip(names, ordered, strict=True)}
    return Containers(
        sizes=np.array([_size(request) for request in ordered], np.int64),
        service=np.array([services[name] for name in names], np.int64),
        per_host=np.array([limits[name][0] for name in services], np.int64),
        per_zone=np.array([limits[name][1] for name in services], np.int64),
    )


def _limits(request: Request) -> tuple[int, int]:
    """How many of its like may share a host and a zone; alone, it has no like."""
    shares = request.shares
    return min((one.per_host for one in shares), default=1), min((one.per_zone for one in shares), default=1)


def _held(ordered: Sequence[Request], fleet: "Fleet") -> dict[int, list[Request]]:
    held: dict[int, list[Request]] = {}
    for request, host in zip(ordered, fleet.host.tolist(), strict=True):
        held.setdefault(host, []).append(request)
    return held


def _options(group: HostGroup, offers: Sequence[Offer]) -> list[Option]:
    return [Option(group=group, offer=one, spot=group.spot, nano=price(one, spot=group.spot).nano) for one in offers]


def _machines(options: Sequence[Option]) -> "Machines":
    import numpy as np

    from provisioner.placement.fleet.model import Machines

    rooms = [room(option.offer, option.group) for option in options]
    return Machines(
        room=np.array([(one.millicpu, one.memory_mib, one.gpu) for one in rooms], np.int64),
        price=np.array([option.nano for option in options], np.int64),
    )


def _demand(
    options: Sequence[Option], requests: Sequence[Request], *, apart: bool
) -> "tuple[Demand, list[Key], dict[Key, list[Request]]]":
    """The demand, its classes in order, and the requests of each class by name.

    Not `apart`: any number of replicas may share a host, which gives fewer classes and a bound that holds all the same.
    """
    import numpy as np

    from provisioner.placement.fleet.model import Demand

    waiting: dict[Key, list[Request]] = {}
    for request in sorted(requests, key=lambda request: request.name):
        waiting.setdefault(_key(request, len(requests), apart=apart), []).append(request)
    keys = sorted(waiting)
    demand = Demand(
        sizes=np.array([key[:3] for key in keys], np.int64),
        counts=np.array([len(waiting[key]) for key in keys], np.int64),
        most=np.array([key[8] for key in keys], np.int64),
        allowed=np.array([[_may(key, option) for option in options] for key in keys]),
        rivals=np.array(_rivals([key[5] for key in keys]), np.int64),
    )
    return demand, keys, waiting


def _may(key: Key, option: Option) -> bool:
    return key[3] in ("", option.offer.arch) and option.group.name in key[4] and (key[6] or not option.spot)


def _fits(demand: "Demand", options: Sequence[Option]) -> bool:
    """Whether every class fits on some machine that it may be on."""
    import numpy as np

    room = _machines(options).room
    able = (demand.sizes[:, None] <= room[None]).all(axis=2) & demand.allowed
    return bool(np.all(able.any(axis=1)))


def _key(request: Request, count: int, *, apart: bool) -> Key:
    share = next(iter(request.shares), None) if apart else None
    runnable, most = (share.runnable, share.per_host) if share else ("", count)
    taken = sorted((port.host, port.protocol, port.address) for port in request.ports if port.host is not None)
    return (*_size(request), request.needs.arch, request.groups, tuple(taken), request.spot, runnable, most)


def _rivals(taken: Sequence[Taken]) -> list[int]:
    """Classes with a host port in common have the same number, -1 those without ports; of several ports the one most wanted."""
    wanted = Counter(port for ports in taken for port in ports)
    chosen = [min(ports, key=lambda port: (-wanted[port], port)) if ports else None for ports in taken]
    numbers = {port: number for number, port in enumerate(dict.fromkeys(port for port in chosen if port))}
    return [numbers[port] if port else -1 for port in chosen]


def _size(request: Request) -> tuple[int, int, int]:
    return request.needs.millicpu, request.needs.memory_mib, request.needs.gpu
