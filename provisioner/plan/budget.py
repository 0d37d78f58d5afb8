"""What a deployment may cost in a month."""

from provisioner.plan.fields import Section
from provisioner.plan.model import Budget
from provisioner.plan.readers import boolean, money
from provisioner.units import ZERO


def build(root: Section) -> Budget | None:
    if "budget" not in root:
        return None
    budget = root.section("budget")
    budget.only("monthly", "hard")
    budget.require("monthly")
    return Budget(
        monthly=budget.read("monthly", money, default=ZERO),
        hard=budget.read("hard", boolean, default=True),
        place=budget.place_of("monthly"),
    )
