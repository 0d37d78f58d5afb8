"""A budget against an estimate.

The typical month is compared. A hard budget refuses what is over it; another warns. An estimate with missing prices is
a lower bound: it can show that a budget is exceeded, never that it is kept, and the check says so each time.
"""

from provisioner.cost.model import Estimate
from provisioner.errors import BudgetError, Problems
from provisioner.plan.model import Plan


def check_budget(plan: Plan, estimate: Estimate) -> Problems:
    """`over-budget` (error or warning) and `budget-uncertain` (warning), at the place of the budget."""
    problems = Problems()
    budget = plan.budget
    if budget is None:
        return problems
    typical = estimate.monthly.typical
    if typical > budget.monthly:
        report = problems.error if budget.hard else problems.warning
        message = f"{plan.name} costs {typical} in a typical month on {estimate.cloud} {estimate.region}"
        dearest = max(estimate.items, key=lambda item: item.monthly.typical)
        hint = f"raise the budget, or begin with {dearest.name} ({dearest.item}), {dearest.monthly.typical} of it"
        report("over-budget", budget.place, f"{message}, expected at most {budget.monthly}", hint=hint)
    if estimate.missing:
        names = ", ".join(dict.fromkeys(missing.name for missing in estimate.missing))
        message = f"the budget of {budget.monthly} cannot be checked in full: no price for {names}"
        problems.warning(
            "budget-uncertain", budget.place, message, hint="the estimate leaves them out, so the bill will be higher"
        )
    return problems


def enforce(problems: Problems) -> None:
    """Raise `BudgetError` when a hard budget is exceeded, so that nothing is created."""
    if problems.errors:
        raise BudgetError(problems.errors)
