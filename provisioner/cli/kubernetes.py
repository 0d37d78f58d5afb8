"""`provisioner plan --format kubernetes`: the workloads' requirements as manifests."""

import yaml

from provisioner.placement import kubernetes
from provisioner.plan.model import Plan

_HEAD = """\
# {name}: where its workloads may run, for a Kubernetes scheduler. Written by `provisioner plan --format kubernetes`.
# Requests, affinities and spreads only: patch manifests of your own with it, or add environment, files, ports and storage.
# Nodes carry the labels under provisioner.dev/ that the selectors below name.
"""


def manifests(plan: Plan) -> str:
    """YAML documents, one a runnable, under a comment that says what is left out."""
    head = _HEAD.format(name=plan.name) + "".join(f"# No counterpart: {note}\n" for note in kubernetes.notes(plan))
    documents = (yaml.safe_dump(_plain(one), sort_keys=False) for one in kubernetes.manifests(plan))
    return head + "".join(f"---\n{document}" for document in documents)


def _plain(value: object) -> object:
    """Without shared parts, which YAML would write as anchors."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return value
