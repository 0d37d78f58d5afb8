"""Draw what `python -m bench.placement --figures FILE` found.

`uv run --with matplotlib python bench/placement/chart.py FILE SVG`
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "placement"  # the same figures give the same file

from matplotlib import pyplot as plt  # noqa: E402  (the backend is chosen before)

RULES = ("Karpenter-like", "single type", "spread")
LABELS = {
    "spread": "provisioner, spread over hosts and zones",
    "single type": "best single type, first-fit",
    "Karpenter-like": "Karpenter-like",
}
COLOURS = {"spread": "#1f6f54", "single type": "#b9b2a3", "Karpenter-like": "#d9a441"}


def main() -> None:
    figures = json.loads(Path(sys.argv[1]).read_text())
    figure, (sizes, updates) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for number, rule in enumerate(RULES):
        at = [index + (number - 1) * 0.27 for index in range(len(figures["sizes"]))]
        bars = sizes.bar(at, [100 * row[rule] for row in figures["sizes"]], 0.25, label=LABELS[rule], color=COLOURS[rule])
        sizes.bar_label(bars, fmt="%.1f", fontsize=7)
    sizes.set_xticks(range(len(figures["sizes"])), [f"{row['containers']:,}" for row in figures["sizes"]])
    sizes.set(xlabel="containers", ylabel="cost over the proven bound, %", title="First placement")
    sizes.legend(frameon=False, fontsize=8)
    numbers = range(1, len(figures["updates"]) + 1)
    over, moved = ([100 * row[key] for row in figures["updates"]] for key in ("over", "moved"))
    updates.plot(numbers, over, color=COLOURS["spread"], label="cost over the bound, %")
    updates.bar(numbers, moved, color=COLOURS["single type"], label="containers moved unforced, %")
    updates.set(xlabel="update (5 % go, 5 % come)", title="Thirty updates of 1,000 containers", ylim=(0, None))
    updates.legend(frameon=False, fontsize=8)
    figure.savefig(sys.argv[2], metadata={"Date": None})


if __name__ == "__main__":
    main()
