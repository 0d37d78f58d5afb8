"""Feasibility: what keeps a workload from a host, whatever room the host has. Each filter answers in words, or "" to pass."""

from collections.abc import Callable
from typing import Final

from provisioner.placement.requests import Request
from provisioner.placement.slots import Load
from provisioner.plan.check import collide

Filter = Callable[[Request, Load], str]


def refusal(request: Request, load: Load) -> str:
    """The first reason why not, or "" where every filter passes."""
    return next((words for check in FILTERS if (words := check(request, load))), "")


def volumes(request: Request, load: Load) -> str:
    away = {name: host for name, host in request.volumes.items() if host != load.slot.name}
    return ", ".join(f"volume {name} is on {host}" for name, host in away.items())


def names(request: Request, load: Load) -> str:
    return "" if request.host in ("", load.slot.name) else f"affinity names {request.host}"


def tags(request: Request, load: Load) -> str:
    return "" if request.tag in ("", *load.slot.group.tags) else f"no tag {request.tag}"


def architecture(request: Request, load: Load) -> str:
    offer = load.slot.offer
    return "" if request.needs.arch in ("", offer.arch) else f"is {offer.arch}, not {request.needs.arch}"


def gpu(request: Request, load: Load) -> str:
    has = load.slot.offer.gpu
    return "" if request.needs.gpu <= has else f"{has or 'no'} GPU"


def resident(request: Request, load: Load) -> str:
    """A resident workload wants an empty host, and keeps all others off it."""
    owner = next((other.name for other in load.requests if other.resident), "")
    if owner:
        return f"is taken by {owner}, which is resident"
    if request.resident and load.requests:
        return f"is not empty ({load.requests[0].name}), and the workload is resident"
    return ""


def ports(request: Request, load: Load) -> str:
    for port in request.ports:
        for other in load.requests:
            if any(collide(port, rival) for rival in other.ports):
                return f"host port {port.host}/{port.protocol} is taken by {other.name}"
    return ""


def spot(request: Request, load: Load) -> str:
    return "is a spot host, which the cloud may take back" if load.slot.spot and not request.spot else ""


def spread(request: Request, load: Load) -> str:
    """Replicas keep apart, over hosts and over zones."""
    zone = load.slot.zone
    for share in request.shares:
        here, there = load.replicas(share.runnable), load.held[share.runnable, zone]
        if here >= share.per_host:
            return f"has {here} of {share.replicas} replicas of {share.runnable}, {share.per_host} a host at most"
        if there >= share.per_zone:
            return f"zone {zone} has {there} of {share.replicas} replicas of {share.runnable}, {share.per_zone} at most"
    return ""


FILTERS: Final[tuple[Filter, ...]] = (volumes, names, tags, spot, architecture, gpu, resident, spread, ports)
