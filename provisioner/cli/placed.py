"""What placement says, as JSON: cost and bound, survival, hints, reasons and moves."""

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.placement.model import Placement, Survival
from provisioner.placement.rebalance import Move
from provisioner.placement.sensitivity import Hint


def placed(found: Placement, hints: Sequence[Hint]) -> Mapping[str, Any]:
    """`cost` and `bound` are USD an hour for all hosts; `saves` is a month's."""
    return {
        "cost": found.cost.dollars,
        "bound": found.bound.dollars,
        "gap": round(found.gap, 6),
        "optimal": found.optimal,
        "moved": list(found.moved),
        "survival": _survival(found.survival) if found.survival else None,
        "hints": [
            {
                "workload": one.workload,
                "cpu": one.millicpu / 1000,
                "memory_mib": one.memory_mib,
                "hosts": list(one.hosts),
                "machine": one.machine,
                "saves": one.saves.dollars,
            }
            for one in hints
        ],
    }


def reasons(found: Placement, workloads: Sequence[str]) -> list[Mapping[str, Any]]:
    return [
        {
            "workload": name,
            "host": found.assignments[name],
            "reasons": [
                {"host": one.host, "fits": one.fits, "why": one.words, "score": one.score} for one in found.reasons[name]
            ],
        }
        for name in workloads
    ]


def move(found: Move) -> Mapping[str, Any]:
    return {
        "host": found.host,
        "machine": found.machine or None,
        "workloads": dict(found.workloads),
        "saves": found.saves.dollars,
        "score": found.score,
        "worth_it": found.worth_it,
    }


def _survival(found: Survival) -> Mapping[str, Any]:
    return {
        "level": found.level,
        "proven": found.proven,
        "tightest": found.tightest.name if found.tightest else None,
        "losses": [
            {
                "name": one.name,
                "moves": dict(one.moves),
                "spared": dict(one.spared),
                "fullest": round(one.fullest, 4),
                "free_cpu": one.free_millicpu / 1000,
                "free_memory_mib": one.free_memory_mib,
            }
            for one in found.losses
        ],
    }
