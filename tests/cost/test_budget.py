"""Budgets, differences and comparisons."""

import json
from decimal import Decimal
from typing import Any

import example_plan
import pytest
from example_plan import BUDGET_PLACE, Table

from provisioner.cost.budget import check_budget, enforce
from provisioner.cost.difference import against
from provisioner.cost.estimate import estimate
from provisioner.cost.model import Charge, Estimate, Quantity
from provisioner.cost.report import compare
from provisioner.errors import BudgetError
from provisioner.units import ZERO, Money


def estimated(hours: dict[str, str], *, cloud: str = "acme", missing: str = "") -> Estimate:
    """Hosts by name with their hours, at 0.1 USD each; `missing` names one without a price."""
    charges = [
        Charge(name=name, kind="machine", item="medium", region="north", quantity=Quantity.fixed(Decimal(amount)))
        for name, amount in hours.items()
    ]
    if missing:
        charges.append(Charge(name=missing, kind="disk", item="tape", region="north", quantity=Quantity.fixed(1)))
    found = estimate("acme", "north", charges, [], Table([example_plan.tariff((0, None, "0.1"))]))
    return Estimate(
        cloud=cloud,
        region=found.region,
        monthly=found.monthly,
        items=found.items,
        missing=found.missing,
        by_workload=found.by_workload,
    )


def document(found: Estimate) -> dict[str, Any]:
    """As `provisioner cost --json` writes it, rounded to a millionth."""
    items = [{"name": item.name, "kind": item.kind, "monthly": {"typical": item.monthly.typical.dollars}} for item in found.items]
    return json.loads(json.dumps({"items": items}))


@pytest.mark.parametrize(
    ("budget", "hard", "found"),
    [
        ("100 USD", True, []),
        ("73 USD", True, []),
        ("72.99 USD", True, [("error", "over-budget")]),
        ("72.99 USD", False, [("warning", "over-budget")]),
        (None, True, []),
    ],
)
def test_the_typical_month_is_compared(budget: str | None, hard: bool, found: list[tuple[str, str]]) -> None:  # noqa: FBT001
    plan = example_plan.plan({"budget": budget, "hard": hard})
    problems = check_budget(plan, estimated({"host app-1": "730"}))
    assert [(problem.severity, problem.code) for problem in problems] == found


def test_over_budget_says_where_how_much_and_what_costs_most() -> None:
    plan = example_plan.plan({"budget": "72.99 USD"})
    (problem,) = check_budget(plan, estimated({"host app-1": "600", "host app-2": "130"}))
    assert problem.place == BUDGET_PLACE
    assert problem.message == ("demo/platform costs 73.00 USD in a typical month on acme north, expected at most 72.99 USD")
    assert problem.hint == "raise the budget, or begin with host app-1 (medium), 60.00 USD of it"


def test_a_hard_budget_stops_and_a_soft_one_does_not() -> None:
    over = estimated({"host app-1": "730"})
    with pytest.raises(BudgetError, match=r"costs 73\.00 USD"):
        enforce(check_budget(example_plan.plan({"budget": "1 USD"}), over))
    enforce(check_budget(example_plan.plan({"budget": "1 USD", "hard": False}), over))


def test_a_budget_that_cannot_be_checked_in_full_is_said_loudly() -> None:
    plan = example_plan.plan({"budget": "400 USD"})
    (problem,) = check_budget(plan, estimated({"host app-1": "730"}, missing="volume archive"))
    assert (problem.severity, problem.code) == ("warning", "budget-uncertain")
    assert "no price for volume archive" in problem.message


def test_an_unchanged_estimate_differs_in_nothing() -> None:
    found = estimated({"host app-1": "730", "host app-2": "0.12345678"})
    difference = against(document(found), found)
    assert (difference.monthly, difference.changes) == (ZERO, ())


def test_a_difference_names_what_changed_the_largest_first() -> None:
    before = estimated({"host app-1": "100", "host app-2": "100", "host old-1": "10"})
    after = estimated({"host app-1": "100", "host app-2": "300", "host new-1": "50"})
    difference = against(document(before), after)
    assert difference.monthly == Money.parse("24")
    assert [(change.name, change.difference) for change in difference.changes] == [
        ("host app-2", Money.parse("20")),
        ("host new-1", Money.parse("5")),
        ("host old-1", Money.parse("0") - Money.parse("1")),
    ]


@pytest.mark.parametrize("found", [{}, {"items": 3}, {"items": [{"name": "x"}]}, {"items": ["x"]}])
def test_a_difference_to_something_else_is_refused(found: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected what `provisioner cost --json` prints"):
        against(found, estimated({"host app-1": "1"}))


def test_clouds_side_by_side() -> None:
    dear = estimated({"host app-1": "200"}, cloud="dear")
    cheap = estimated({"host app-1": "100"}, cloud="cheap")
    table = compare([dear, cheap])
    assert table.columns == ("dear north", "cheap north")
    assert [(row.kind, row.cells) for row in table.rows] == [("machine", (Money.parse("20"), Money.parse("10")))]
    assert table.totals == (Money.parse("20"), Money.parse("10"))
    assert table.cheapest == "cheap north"


def test_an_incomplete_estimate_never_looks_cheapest() -> None:
    partial = estimated({"host app-1": "1"}, cloud="partial", missing="volume archive")
    full = estimated({"host app-1": "900"}, cloud="full")
    table = compare([partial, full])
    assert table.incomplete == (True, False)
    assert table.cheapest == "full north"
    assert compare([partial]).cheapest == ""
