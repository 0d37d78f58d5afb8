"""The requirements of a plan's workloads as Kubernetes says them, so that a cluster's scheduler gets the same intent.

Data only: the parts of a pod template, with the field names of `v1.PodSpec`
(https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/). Labels under `provisioner.dev/` are those
that the cluster's nodes and the pods are to carry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from provisioner.placement.requests import Request, gather
from provisioner.plan.model import Plan

PREFIX: Final = "provisioner.dev"
ZONE: Final = "topology.kubernetes.io/zone"
HOST: Final = "kubernetes.io/hostname"
ARCH: Final = "kubernetes.io/arch"
GPU: Final = "nvidia.com/gpu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduling:
    """Of one workload, for its pod template. Every value is plain data, ready for YAML."""

    labels: Mapping[str, str]
    resources: Mapping[str, Mapping[str, Any]]
    """Requests, by container name."""
    node_selector: Mapping[str, str]
    affinity: Mapping[str, Any]
    topology_spread: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]
    """What Kubernetes has no word for."""


def scheduling(plan: Plan) -> Mapping[str, Scheduling]:
    """By workload name."""
    containers = {workload.name: workload.containers for workload in plan.workloads}
    zones = {volume.name: volume.zone for volume in plan.volumes}
    return {
        request.name: Scheduling(
            labels=_labels(request),
            resources={
                one.name: _requests(one.needs.millicpu, one.needs.memory_mib, one.needs.gpu) for one in containers[request.name]
            },
            node_selector=_selector(request, {zones[name] for name in request.volumes}),
            affinity=_affinity(request),
            topology_spread=_spread(request),
            notes=_notes(request),
        )
        for request in gather(plan)
    }


def _labels(request: Request) -> Mapping[str, str]:
    resident = {f"{PREFIX}/resident": "true"} if request.resident else {}
    return {f"{PREFIX}/workload": request.name.replace("/", ".")} | resident


def _requests(millicpu: int, memory_mib: int, gpu: int) -> Mapping[str, Any]:
    """GPUs are stated as limits too, as Kubernetes wants of devices; nothing else is limited."""
    requests: dict[str, Any] = {"cpu": f"{millicpu}m", "memory": f"{memory_mib}Mi"}
    return {"requests": requests | {GPU: gpu}, "limits": {GPU: gpu}} if gpu else {"requests": requests}


def _selector(request: Request, zones: set[str]) -> Mapping[str, str]:
    """A volume pins to its zone, where a cluster can attach it to any node; tags are labels of nodes."""
    chosen = {ARCH: request.needs.arch} if request.needs.arch else {}
    chosen |= {f"{PREFIX}/host": request.host} if request.host else {}
    chosen |= {f"{PREFIX}/tag.{request.tag}": "true"} if request.tag else {}
    return chosen | ({ZONE: min(zones)} if len(zones) == 1 else {})


def _affinity(request: Request) -> Mapping[str, Any]:
    """A resident keeps all other pods off its node, and all others keep off a resident's."""
    operator: Mapping[str, Any] = {"key": f"{PREFIX}/workload", "operator": "Exists"}
    resident: Mapping[str, Any] = {"key": f"{PREFIX}/resident", "operator": "Exists"}
    keep_off = operator if request.resident else resident
    term = {"labelSelector": {"matchExpressions": [keep_off]}, "namespaceSelector": {}, "topologyKey": HOST}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def _spread(request: Request) -> tuple[Mapping[str, Any], ...]:
    """Over zones and hosts, should the workload be given replicas. What a volume or a name pins cannot be spread."""
    if request.pinned:
        return ()
    selector = {"matchLabels": {f"{PREFIX}/workload": request.name.replace("/", ".")}}
    return tuple(
        {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": unsatisfiable, "labelSelector": selector}
        for key, unsatisfiable in ((ZONE, "DoNotSchedule"), (HOST, "ScheduleAnyway"))
    )


def _notes(request: Request) -> tuple[str, ...]:
    if not request.ignore_pressure:
        return ()
    return ("ignore-pressure has no counterpart: lower the CPU request, since the scheduler never gives CPU twice",)
