"""Why each host was, or was not, chosen; and what an impossible placement lacks."""

from collections.abc import Iterator, Mapping, Sequence

from provisioner.errors import InputError, Problem
from provisioner.placement import conflicts
from provisioner.placement.filters import refusal
from provisioner.placement.fit import fits, shortage
from provisioner.placement.model import Reason
from provisioner.placement.pack import Packing
from provisioner.placement.requests import Request
from provisioner.placement.reserve import machine_for, stated, words
from provisioner.placement.score import Order, tightest
from provisioner.placement.slots import Load, Slot
from provisioner.units import print_cpu


class Reasons(Mapping[str, tuple[Reason, ...]]):
    """By workload one reason for each host, in the hosts' order: the host as it is now, without the workload itself.

    Told when asked: a thousand workloads on fifty hosts have fifty thousand reasons, and few are read.
    """

    def __init__(self, requests: Sequence[Request], packing: Packing, last: Mapping[str, str]) -> None:
        self._requests = {name: request for request in requests for name in request.members}
        self._packing, self._last = packing, last

    def __getitem__(self, workload: str) -> tuple[Reason, ...]:
        request = self._requests[workload]
        return tuple(_reason(request, load, self._last, self._packing.order) for load in self._packing.loads)

    def __iter__(self) -> Iterator[str]:
        return iter(self._requests)

    def __len__(self) -> int:
        return len(self._requests)


def impossible(packing: Packing) -> InputError:
    """What has no place: its needs, what each host lacks, and what would resolve it."""
    return InputError(_problem(request, packing) for request in packing.unplaced)


def _reason(request: Request, load: Load, last: Mapping[str, str], order: Order) -> Reason:
    host = load.slot.name
    if any(other.name == request.name for other in load.requests):
        score = round(order(request, load.without(request)), 3)
        return Reason(host=host, fits=True, words=_why_chosen(request, load, last, order), score=score)
    if lack := refusal(request, load) or shortage(request, load):
        return Reason(host=host, fits=False, words=lack)
    return Reason(host=host, fits=True, words="has room too, and was not preferred", score=round(order(request, load), 3))


def _why_chosen(request: Request, load: Load, last: Mapping[str, str], order: Order) -> str:
    left = f"{words(max(0, load.free_millicpu), max(0, load.free_memory_mib))} left"
    if request.volumes:
        return f"chosen: volume {', '.join(request.volumes)} is here; {left}"
    if request.host:
        return f"chosen: affinity names it; {left}"
    if last.get(request.name) == load.slot.name:
        return f"kept: it was here; {left}"
    if request.resident:
        return f"chosen: empty, for a resident workload; {left}"
    return f"chosen: the tightest fit; {left}" if order is tightest else f"chosen: the most room; {left}"


def _problem(request: Request, packing: Packing) -> Problem:
    needs = stated(request.needs.millicpu, request.needs.memory_mib, request.needs.gpu)
    lacks: dict[str, list[str]] = {}
    for load in packing.loads:
        lacks.setdefault(refusal(request, load) or shortage(request, load), []).append(load.slot.name)
    hosts = ", ".join(f"{', '.join(names)} ({lack})" for lack, names in lacks.items()) or "there is no host"
    message = f"no host can run {request.name}, which needs {needs}: {hosts}"
    return Problem(severity="error", code="unplaceable", message=message, place=request.place, hint=_resolution(request, packing))


def _resolution(request: Request, packing: Packing) -> str:
    """The smallest change that would make room, where one group's size is all that is in the way."""
    passing = [load for load in packing.loads if not refusal(request, Load(load.slot))]
    if not passing:
        together = conflicts.smallest(request, packing.loads)
        if len(together) > 1:
            return f"no host meets {' and '.join(together)} together: {_missing(request)}, or give one of them up"
        return _missing(request)
    host, group = passing[0].slot.name, passing[0].slot.group
    if not fits(request, Load(passing[0].slot)):
        return _larger(request, passing[0].slot)
    if request.pinned:
        return f"give hosts/{group.name} larger needs, or move other workloads off {host} by affinity"
    if any(fits(request, load) for load in passing):
        return f"give hosts/{group.name} more hosts (now at most {group.maximum})"
    return f"give hosts/{group.name} more hosts (now at most {group.maximum}) or larger needs"


def _larger(request: Request, slot: Slot) -> str:
    group = slot.group
    machine = machine_for(request.needs, group)
    memory = -(-machine.memory_mib // 1024)
    size = f"cpu: {print_cpu(machine.millicpu)}, memory: {memory}GiB"
    if slot.offer.own:
        return f"state a machine with at least {size}, or split the workload"
    if group.machine:
        return f"name a machine for hosts/{group.name} with at least {size}"
    if group.needs.stated:
        return f"give hosts/{group.name} needs of at least {size}"
    return f"no machine of the region has {size} for hosts/{group.name}: split the workload, or take another region"


def _missing(request: Request) -> str:
    wanted = [f"tag: {request.tag}"] if request.tag else []
    wanted += [f"arch: {request.needs.arch}"] if request.needs.arch else []
    wanted += [f"gpu: {request.needs.gpu}"] if request.needs.gpu else []
    return f"add a host group with {', '.join(wanted)}" if wanted else "add a host group that it may run on"
