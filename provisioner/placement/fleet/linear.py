"""The two programs of HiGHS inside scipy that placement uses, typed."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from provisioner.placement.fleet.model import Floats, Ints

INFEASIBLE: Final = 2
"""The status of scipy's programs without a solution."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """Least `costs` over whole numbers from 0 to `upper`, each row's sum being between its two limits."""

    costs: Floats
    rows: list[tuple[Floats, float, float]]
    upper: Floats
    nodes: int
    """Steps of branch and bound at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    values: Floats | None
    """None where the steps ended before a solution was found."""
    infeasible: bool
    """Proven: there is no solution."""


def cover(prices: Floats, patterns: Ints, counts: Ints) -> tuple[Floats, Floats]:
    """Least cost of fractions of patterns (P, J) that cover `counts` (J,): the fractions, and the classes' dual prices."""
    from scipy.optimize import linprog  # pyright: ignore[reportUnknownVariableType]

    unit, most = float(prices.max()), float(counts.max())
    solved: Any = linprog(prices / unit, A_ub=-patterns.T.astype(float), b_ub=-counts / most, method="highs-ds")
    return np.asarray(solved.x, float) * most, np.maximum(-np.asarray(solved.ineqlin.marginals, float), 0.0) * unit


def cover_with(machines: Ints, patterns: Ints, counts: Ints, most: Ints, weights: Floats) -> tuple[float, Floats, Floats]:
    """Least weight of containers without a place, in fractions of patterns (P, J) on `most` (T,) machines of each type.

    Also the dual prices of the classes (J,) and of the machine types (T,).
    """
    from scipy.optimize import linprog  # pyright: ignore[reportUnknownVariableType]

    unit, classes = float(weights.max()), len(counts)
    by_type = (machines[None] == np.arange(len(most))[:, None]).astype(float)
    matrix = np.block([[-patterns.T.astype(float), -np.eye(classes)], [by_type, np.zeros((len(most), classes))]])
    costs = np.concatenate([np.zeros(len(machines)), weights / unit])
    solved: Any = linprog(costs, A_ub=matrix, b_ub=np.concatenate([-counts, most]).astype(float), method="highs-ds")
    duals = np.maximum(-np.asarray(solved.ineqlin.marginals, float), 0.0) * unit
    return float(solved.fun) * unit, duals[:classes], duals[classes:]


def assign(program: Program) -> Found:
    """The optimum, or what the steps allowed."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # pyright: ignore[reportUnknownVariableType]
    from scipy.sparse import csr_array

    matrix: Any = csr_array(np.array([row for row, _, _ in program.rows]))
    least: Any = np.array([least for _, least, _ in program.rows])
    most: Any = np.array([most for _, _, most in program.rows])
    upper: Any = program.upper
    solved: Any = milp(
        program.costs,
        constraints=LinearConstraint(matrix, least, most),
        bounds=Bounds(0, upper),
        integrality=np.ones(len(program.costs)),
        options={"node_limit": program.nodes, "mip_rel_gap": 0.0},
    )
    values = None if solved.x is None else np.asarray(solved.x, float)
    return Found(values=values, infeasible=solved.status == INFEASIBLE)
