"""After a boot, the slots that served start again: those that the links in force name."""

from typing import Final

from provisioner.host.model import HostFile
from provisioner.host.part import Part, part
from provisioner.host.scene import Scene
from provisioner.host.slot_rules import FOLDER, slotted_here

SERVICE: Final = "provisioner-slots.service"
SCRIPT: Final = "/etc/provisioner/slots.sh"

_SCRIPT: Final = f"""\
#!/bin/sh
# Starts the slot that serves of every container that has slots: {FOLDER}/UNIT.nft leads to SLOT/UNIT.rules
for link in {FOLDER}/*.nft; do
  rules=$(readlink "$link") || continue
  slot=$(basename "$(dirname "$rules")")
  systemctl start --no-block "$(basename "$rules" .rules)_$slot.service"
done
"""


def slot_start(scene: Scene) -> Part | None:
    """None where nothing has slots."""
    if not any(slotted_here(scene)):
        return None
    script = HostFile(path=SCRIPT, contents=_SCRIPT, mode=0o700)
    service = [("Type", "oneshot"), ("RemainAfterExit", "yes"), ("ExecStart", SCRIPT)]
    return part(SERVICE, [("Description", "Containers that have two slots")], service, script)
