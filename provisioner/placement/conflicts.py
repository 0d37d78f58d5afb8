"""The smallest set of requirements that no host meets together, where a workload has no place."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from provisioner.placement import filters
from provisioner.placement.requests import Request
from provisioner.placement.reserve import words
from provisioner.placement.slots import Load


def smallest(request: Request, loads: Sequence[Load]) -> tuple[str, ...]:
    """Requirements in words, such as ("tag data", "arch arm64"): each is met by some host, or stands alone.

    Hosts are looked at empty; () where one of them would do, so that only what runs there is in the way.
    """
    met = {name: _hosts(request, name, loads) for name in _stated(request)}
    everywhere = {load.slot.name for load in loads}
    for size in range(1, len(met) + 1):
        for chosen in combinations(met, size):
            if not everywhere.intersection(*(met[name] for name in chosen)):
                return chosen
    return ()


def _stated(request: Request) -> Mapping[str, object]:
    """The request's own requirements, the plainest first."""
    needs = request.needs
    stated: dict[str, object] = {f"volume {name}": name for name in request.volumes}
    stated |= {f"affinity {request.host}": request.host} if request.host else {}
    stated |= {f"tag {request.tag}": request.tag} if request.tag else {}
    stated |= {f"arch {needs.arch}": needs.arch} if needs.arch else {}
    stated |= {f"gpu {needs.gpu}": needs.gpu} if needs.gpu else {}
    return stated | {words(needs.millicpu, needs.memory_mib): needs.millicpu}


def _hosts(request: Request, requirement: str, loads: Sequence[Load]) -> set[str]:
    """Names of the hosts that, empty, meet one requirement."""
    return {load.slot.name for load in loads if _meets(request, requirement, Load(load.slot))}


def _meets(request: Request, requirement: str, empty: Load) -> bool:
    kind, _, name = requirement.partition(" ")
    if kind == "volume":
        return request.volumes[name] == empty.slot.name
    by_kind = {"affinity": filters.names, "tag": filters.tags, "arch": filters.architecture, "gpu": filters.gpu}
    if kind in by_kind:
        return not by_kind[kind](request, empty)
    enough_cpu = request.needs.millicpu <= empty.free_millicpu or request.ignore_pressure
    return enough_cpu and request.needs.memory_mib <= empty.free_memory_mib
