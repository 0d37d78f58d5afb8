"""The share on demand of a spot group, kept at every count: hosts that the cloud may take back are opened only beside it."""

from collections.abc import Iterable, Mapping, Sequence

from provisioner.placement.slots import Load, Slot
from provisioner.plan.model import HostGroup


def is_open_to(slot: Slot, opened: Mapping[str, Load]) -> bool:
    """Whether a further host may be opened: one on demand always, one on spot while the share is kept with it."""
    group = slot.group
    if not slot.spot or not group.on_demand_percent:
        return True
    spot, on_demand = _counts(group, (load.slot for load in opened.values()))
    return _is_kept(group, spot + 1, on_demand)


def owed(slots: Sequence[Slot], needed: set[str]) -> set[str]:
    """Names of the hosts on demand that must be there too, though nothing runs on them, beside the `needed` ones."""
    found: set[str] = set()
    for group in {slot.group.name: slot.group for slot in slots if slot.group.on_demand_percent}.values():
        own = [slot for slot in slots if slot.group.name == group.name]
        spot, on_demand = _counts(group, (slot for slot in own if slot.name in needed))
        waiting = (slot.name for slot in own if not slot.spot and slot.name not in needed)
        for name in waiting:
            if _is_kept(group, spot, on_demand):
                break
            found.add(name)
            on_demand += 1
    return found


def _counts(group: HostGroup, slots: Iterable[Slot]) -> tuple[int, int]:
    own = [slot.spot for slot in slots if slot.group.name == group.name]
    return sum(own), len(own) - sum(own)


def _is_kept(group: HostGroup, spot: int, on_demand: int) -> bool:
    return on_demand * 100 >= group.on_demand_percent * (spot + on_demand)
