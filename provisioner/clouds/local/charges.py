"""What this machine bills for a plan: nothing. Its price and its power are the owner's, and no list states them."""

from collections.abc import Iterable, Sequence

from provisioner.cost.model import Charge, Machine
from provisioner.cost.usage import Usage
from provisioner.plan.model import Plan


def charges(plan: Plan, machines: Sequence[Machine], usage: Usage) -> Iterable[Charge]:
    del plan, machines, usage
    return ()
