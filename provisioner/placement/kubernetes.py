"""The requirements of a plan's workloads as Kubernetes objects, so that a cluster's scheduler gets the same intent.

One Deployment for each runnable, a Job where all its containers run once, with all that decides where pods may be and nothing
else: environment, files, ports and storage are not in it. Fields are those of `apps/v1` and `batch/v1`
(https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/). Labels under `provisioner.dev/` are those that pods
and nodes are to carry.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from provisioner.placement.requests import Request, request
from provisioner.plan.model import Plan, Workload
from provisioner.plan.names import slug
from provisioner.resolve.model import Container

PREFIX: Final = "provisioner.dev"
WORKLOAD: Final = f"{PREFIX}/workload"
RESIDENT: Final = f"{PREFIX}/resident"
ZONE: Final = "topology.kubernetes.io/zone"
HOST: Final = "kubernetes.io/hostname"
ARCH: Final = "kubernetes.io/arch"
GPU: Final = "nvidia.com/gpu"
SPOT: Final = {
    "karpenter.sh/capacity-type": "spot",
    "eks.amazonaws.com/capacityType": "SPOT",
    "cloud.google.com/gke-spot": "true",
    "kubernetes.azure.com/scalesetpriority": "spot",
}
"""Labels, with their values, by which Karpenter and the three clouds mark nodes that they may take back."""
TAINTS: Final = ("cloud.google.com/gke-spot", "kubernetes.azure.com/scalesetpriority")
"""Those of them that are taints of such nodes too."""

Data = Mapping[str, Any]


def manifests(plan: Plan) -> tuple[Data, ...]:
    """One object for each runnable, in start order; plain data, ready for YAML."""
    return tuple(_manifest(workload, plan) for workload in plan.workloads if workload.replica == 1)


def notes(plan: Plan) -> tuple[str, ...]:
    """What the plan says and Kubernetes has no word for."""
    pressed = [one.name for one in plan.workloads if one.affinity.ignore_pressure]
    roomy = [group.name for group in plan.groups if group.headroom_percent]
    found = [f"{name}: ignore-pressure; lower its CPU request, since the scheduler never gives CPU twice" for name in pressed]
    found += [f"hosts/{name}: headroom; low-priority pods that only hold room do the same" for name in roomy]
    found += [f"survive: {plan.survive}; keep as many spare nodes as the plan has"] if plan.survive else []
    return tuple(found)


def _manifest(workload: Workload, plan: Plan) -> Data:
    asked = request([workload], plan)
    is_job = all(container.restart == "no" for container in workload.containers)
    own = {WORKLOAD: _label(workload.runnable)}
    labels = own | ({RESIDENT: "true"} if asked.resident else {})
    pod: dict[str, Any] = {"containers": [_container(one) for one in workload.containers]}
    pod |= {"restartPolicy": "OnFailure"} if is_job else {}
    pod |= _where(workload, asked, plan)
    template = {"metadata": {"labels": labels}, "spec": pod}
    head = {"metadata": {"name": slug(workload.runnable), "labels": own}}
    if is_job:
        counts = {"parallelism": workload.replicas, "completions": workload.replicas}
        return {"apiVersion": "batch/v1", "kind": "Job", **head, "spec": {**counts, "template": template}}
    spec: dict[str, Any] = {"replicas": workload.replicas, "selector": {"matchLabels": own}}
    spec |= {"strategy": {"type": "Recreate"}} if workload.volumes else {}
    return {"apiVersion": "apps/v1", "kind": "Deployment", **head, "spec": {**spec, "template": template}}


def _container(container: Container) -> Data:
    """GPUs are stated as limits too, as Kubernetes wants of devices; nothing else is limited."""
    needs = container.needs
    requests: dict[str, Any] = {"cpu": f"{needs.millicpu}m", "memory": f"{needs.memory_mib}Mi"}
    resources: dict[str, Any] = {"requests": requests}
    if needs.gpu:
        resources = {"requests": {**requests, GPU: needs.gpu}, "limits": {GPU: needs.gpu}}
    return {"name": slug(container.name), "image": container.image, "resources": resources}


def _where(workload: Workload, asked: Request, plan: Plan) -> Data:
    """The parts of a pod's specification that have something to say."""
    found = {
        "nodeSelector": _selector(asked, plan),
        "affinity": _affinity(workload, asked),
        "topologySpreadConstraints": _spread(workload),
        "tolerations": _tolerations(asked, plan),
    }
    return {name: value for name, value in found.items() if value}


def _selector(asked: Request, plan: Plan) -> Mapping[str, str]:
    """A volume pins to its zone, where a cluster can attach it to any node; tags are labels of nodes."""
    zones = {volume.zone for volume in plan.volumes if volume.name in asked.volumes}
    chosen = {ARCH: asked.needs.arch} if asked.needs.arch else {}
    chosen |= {f"{PREFIX}/host": _label(asked.host)} if asked.host and not asked.volumes else {}
    chosen |= {f"{PREFIX}/tag.{_label(asked.tag, 59)}": "true"} if asked.tag else {}
    return chosen | ({ZONE: min(zones)} if len(zones) == 1 else {})


def _affinity(workload: Workload, asked: Request) -> Data:
    """A resident keeps all other pods off its node, and all others keep off a resident's. Company follows its first member."""
    others = "Exists" if asked.resident else ""
    apart = [_term({"matchExpressions": [{"key": WORKLOAD if others else RESIDENT, "operator": "Exists"}]})]
    if workload.replicas > 1 and workload.max_per_host == 1:
        apart.append(_term({"matchLabels": {WORKLOAD: _label(workload.runnable)}}))
    found: dict[str, Any] = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": apart}}
    first = min((workload.name, *workload.affinity.together))
    if first != workload.name:
        term = _term({"matchLabels": {WORKLOAD: _label(first)}})
        found["podAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": [term]}
    if not asked.spot:
        terms = [{"key": key, "operator": "NotIn", "values": [value]} for key, value in SPOT.items()]
        required = {"nodeSelectorTerms": [{"matchExpressions": terms}]}
        found["nodeAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": required}
    return found


def _term(selector: Data) -> Data:
    return {"labelSelector": selector, "namespaceSelector": {}, "topologyKey": HOST}


def _spread(workload: Workload) -> Sequence[Data]:
    """Over zones and hosts. Replicas of which a host has one at most keep apart by their affinity."""
    if workload.replicas == 1:
        return []
    selector = {"matchLabels": {WORKLOAD: _label(workload.runnable)}}
    limits = {ZONE: 1 if workload.max_per_zone < workload.replicas else 0}
    limits[HOST] = workload.max_per_host if 1 < workload.max_per_host < workload.replicas else 0
    return [
        {"maxSkew": skew, "topologyKey": key, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": selector}
        for key, skew in limits.items()
        if skew
    ]


def _tolerations(asked: Request, plan: Plan) -> Sequence[Data]:
    if not asked.spot or not any(group.spot for group in plan.groups if group.name in asked.groups):
        return []
    return [{"key": key, "operator": "Equal", "value": SPOT[key], "effect": "NoSchedule"} for key in TAINTS]


def _label(text: str, longest: int = 63) -> str:
    """A label's value, or the end of its name: letters, digits and `-_.` between; what must be cut ends in a digest."""
    words = re.sub(r"[^A-Za-z0-9_.-]+", ".", text).strip("-_.")
    if len(words) <= longest and words:
        return words
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{words[: longest - 9].rstrip('-_.')}-{digest}".lstrip("-")
