"""Sustained use on Compute Engine: the longer a machine runs in a month, the less of the list price its hours cost.

The families and what is left of the list price in each quarter of a month stand in `prices/sustained`, with their source.
"""

from provisioner.cost.model import Step
from provisioner.prices.sustained import quarters


def sustained(machine: str, *, spot: bool) -> tuple[Step, ...]:
    """The steps of a machine type such as `n2-standard-4`; none where its family has no such discount, and none for spot."""
    return () if spot else tuple(Step(end=end, factor=share) for end, share in quarters(machine))
