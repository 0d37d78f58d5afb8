"""The numeric core of sizing: machines chosen and filled for any number of containers, near a proven bound.

It knows neither plans nor clouds: `Demand` is classes of equal containers, `Machines` is what can be bought, both arrays in
an order that the caller makes canonical. Every step has a fixed number of rounds, and none reads a clock, so that the same
input gives the same bytes.
"""

from typing import Final

EXACT: Final = 30
"""Containers up to which the optimum is looked for, and proven."""
