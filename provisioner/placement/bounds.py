"""What a plan cannot cost less than, whatever ran where: proven by the configuration LP, with all that makes hosts dearer.

Known to it are needs, architectures, groups, replicas and host ports that keep apart, workloads that are tied to one host,
hosts that must be on demand, zones that are alike, and the room that must be left for a loss.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from provisioner.placement import arrays
from provisioner.placement.arrays import Option
from provisioner.placement.fleet import EXACT
from provisioner.placement.mixed import Candidates
from provisioner.placement.requests import Request, together
from provisioner.placement.slots import price
from provisioner.placement.zoned import zone_of
from provisioner.plan.model import HostGroup, Plan
from provisioner.prices.offers import Offer
from provisioner.units import ZERO, Money


def bound(plan: Plan, machines: Candidates, requests: Sequence[Request]) -> Money:
    """Proven an hour: the hosts that there are anyway, and what the workloads of open groups alone take at least."""
    stated = [group for group in plan.groups if len(machines[group.name]) == 1]
    opened = [group for group in plan.groups if len(machines[group.name]) > 1]
    least = sum((_floor(group, machines[group.name]) for group in plan.groups), ZERO)
    names = {group.name for group in opened}
    own = [one for one in requests if one.groups and set(one.groups) <= names and not one.ignore_pressure]
    if not opened or not own:
        return least
    anyway = sum((_floor(group, machines[group.name]) for group in stated), ZERO)
    case = _Case(plan=plan, opened=opened, machines=machines, requests=_tied(own))
    return max(least, anyway + Money(max(case.alone(), case.with_a_loss())))


def claim(plan: Plan, machines: Candidates, requests: Sequence[Request]) -> str:
    """A digest of all that the bound follows from. Where it is an earlier plan's, that one's bound stands."""
    known = (plan.groups, plan.target.zones, plan.survive, sorted(machines.items()), requests)
    return hashlib.sha256(repr(known).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Open groups and the workloads that can be nowhere else."""

    plan: Plan
    opened: Sequence[HostGroup]
    machines: Candidates
    requests: Sequence[Request]

    def alone(self) -> int:
        """Nano-USD an hour. Where all are replicas, even over all zones, each zone has its exact part, whose bound counts."""
        options, zones = self._dearest(), len(self.plan.target.zones)
        part = [request for request in self.requests if zones > 1 and zone_of(request, zones) == 0]
        if part and len(part) * zones == len(self.requests):
            zoned = arrays.least(options, part, 1) * zones
            return zoned if len(part) <= EXACT else max(zoned, arrays.least(options, self.requests, zones))
        return arrays.least(options, self.requests, zones)

    def with_a_loss(self) -> int:
        """Nano-USD an hour, where a loss is to be survived: what remains must hold all that needs a place again.

        Of any dearest host, or of the mean zone, as much is paid on top.
        """
        level, options, zones = self.plan.survive, self._options(), len(self.plan.target.zones)
        if level is None:
            return 0
        alone = any(one.affinity.resident for one in self.plan.workloads)
        again = [replace(request, shares=()) for request in self.requests if _needs_a_place(request, alone=alone)]
        if not again:
            return 0
        least = arrays.least(options, again, 1)
        if level == "zone":
            return -(-least * zones // (zones - 1)) if zones > 1 else 0
        found: list[int] = []
        for dearest in sorted({option.nano for option in options}):
            small = [option for option in options if option.nano <= dearest]
            volume = arrays.volume(small, self.requests) and arrays.volume(small, again)
            if volume:
                found.append(dearest + max(least, volume))
        return min(found, default=0)

    def _options(self, extra: Mapping[str, Fraction] | None = None) -> list[Option]:
        """Every machine of every open group, at its price. `extra` is what a group's missing share on demand is fined with."""
        found: list[Option] = []
        for group in self.opened:
            fine = (extra or {}).get(group.name, Fraction(0))
            share = Fraction(group.on_demand_percent, 100)
            for offer in self.machines[group.name]:
                spot = price(offer, spot=group.spot).nano
                found.append(Option(group=group, offer=offer, spot=group.spot, nano=int(spot + share * fine)))
                if group.spot and share:
                    nano = int(offer.hourly.nano - (1 - share) * fine)
                    found.append(Option(group=group, offer=offer, spot=False, nano=nano))
        return found

    def _dearest(self) -> list[Option]:
        """With the fines at which the workloads' volume is proven to cost most.

        A fine that on-demand hosts are paid, and spot hosts pay, in the ratio of their shares, costs nothing where the shares
        are kept: every fine gives a bound. Those are tried at which a machine costs the same either way.
        """
        fines: dict[str, Fraction] = {}
        for group in self.opened:
            if not group.spot or not group.on_demand_percent or group.on_demand_percent == 100:
                continue
            offers = self.machines[group.name]
            most = min(Fraction(offer.hourly.nano) for offer in offers) / (1 - Fraction(group.on_demand_percent, 100))
            tried = {Fraction(offer.hourly.nano - price(offer, spot=True).nano) for offer in offers}
            able = [Fraction(0), *sorted(fine for fine in tried if 0 < fine < most)]
            fines[group.name] = max(
                able, key=lambda fine, name=group.name: arrays.volume(self._options(fines | {name: fine}), self.requests)
            )
        return self._options(fines)


def _floor(group: HostGroup, offers: Sequence[Offer]) -> Money:
    return min(price(offer, spot=group.spot) for offer in offers).times(group.minimum)


def _tied(requests: Sequence[Request]) -> list[Request]:
    """What is tied to the same host, by a name or by volumes, as one request."""

    def host(request: Request) -> str:
        return min(request.volumes.values(), default=request.host)

    tied = sorted((request for request in requests if request.pinned), key=lambda request: (host(request), request.name))
    joined = (_joined(list(held)) for _, held in groupby(tied, key=host))
    return [*(request for request in requests if not request.pinned), *joined]


def _joined(held: Sequence[Request]) -> Request:
    ports = tuple(port for one in held for port in one.ports)
    needs, spot = together([one.needs for one in held]), all(one.spot for one in held)
    return replace(held[0], needs=needs, ports=ports, shares=(), spot=spot)


def _needs_a_place(request: Request, *, alone: bool) -> bool:
    """Whether it must be somewhere after a loss: replicas need not that something may keep off what remains.

    `alone`: some workload keeps all others off its host.
    """
    if not request.must_run or request.pinned or request.resident:
        return False
    tied = request.ports or request.tag or request.needs.arch or request.needs.gpu or not request.spot
    return not (request.shares and (tied or alone))
