"""Machine types of Google Cloud: cores, memory and GPUs of their family, in every region that prices all of them.

A shared-core type counts the part of a core that it is sold as: e2-micro 0.25, e2-small 0.5, e2-medium 1. GPUs of a
family such as g2 are in its types' price, and nowhere else. Source: https://cloud.google.com/compute/vm-instance-pricing.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from provisioner.prices.importers.plain import MachineRow
from provisioner.prices.importers.sink import Sink
from provisioner.prices.sustained import discounted, full_month
from provisioner.prices.writer import Row
from provisioner.units import Money

USES: Final[Mapping[str, int]] = {"machine": 0, "spot": 0, "committed-1y": 1, "committed-3y": 3}

Parts = Mapping[tuple[str, str, str, str], int | None]


def machine_rows(sink: Sink) -> Iterator[Row]:
    """On demand, spot, committed and, where the family has the discount, sustained for a whole month."""
    regions = sorted({region for region, *_ in sink.parts})
    for region in regions:
        for machine in sink.machines.get("gcp", {}).values():
            for use, years in USES.items():
                price = composed(sink.parts, region, machine, use)
                if price is None:
                    continue
                yield _row(sink, region, use, machine, price, years)
                if use == "machine" and discounted(machine.machine):
                    whole = full_month(machine.machine, Money(price)).nano
                    yield _row(sink, region, "sustained", machine, whole, 0)


def composed(parts: Parts, region: str, machine: MachineRow, use: str) -> int | None:
    """Nano-USD an hour; None where a part has no price there: half a machine has none."""
    family = machine.machine.split("-", maxsplit=1)[0]
    counts = {"core": Decimal(machine.millicpu) / 1000, "ram": Decimal(machine.memory_mib) / 1024, "gpu": Decimal(machine.gpu)}
    total = Decimal(0)
    for part, count in counts.items():
        price = parts.get((region, family, part, use))
        if count and price is None:
            return None
        total += count * (price or 0)
    return Money(1).times(total).nano


def _row(sink: Sink, region: str, kind: str, machine: MachineRow, price: int, years: int) -> Row:
    return Row(
        cloud="gcp",
        region=region,
        kind=kind,
        item=machine.machine,
        unit="hour",
        nano=price,
        source=sink.source,
        years=years,
    )
