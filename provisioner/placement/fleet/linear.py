"""The two programs of HiGHS inside scipy that placement uses, typed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from provisioner.placement.fleet.model import Floats, Ints


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
    bound: float
    optimal: bool


def cover(prices: Floats, patterns: Ints, counts: Ints) -> tuple[Floats, Floats]:
    """Least cost of fractions of patterns (P, J) that cover `counts` (J,): the fractions, and the classes' dual prices."""
    from scipy.optimize import linprog  # pyright: ignore[reportUnknownVariableType]

    unit, most = float(prices.max()), float(counts.max())
    solved: Any = linprog(prices / unit, A_ub=-patterns.T.astype(float), b_ub=-counts / most, method="highs-ds")
    return np.asarray(solved.x, float) * most, np.maximum(-np.asarray(solved.ineqlin.marginals, float), 0.0) * unit


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
    lower = 0.0 if solved.mip_dual_bound is None else float(solved.mip_dual_bound)
    return Found(values=values, bound=lower, optimal=solved.status == 0)
