"""One service of the host as a bundle has it: its unit, the files it reads, and its place in the order."""

from dataclasses import dataclass
from typing import Final

from provisioner.host.model import HostFile, HostService, Unit
from provisioner.host.quadlet import Section, unit_text

INSTALL: Final = Section(name="Install", lines=[("WantedBy", "multi-user.target")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    unit: Unit
    files: tuple[HostFile, ...]
    service: HostService


def part(name: str, unit: list[tuple[str, str]], service: list[tuple[str, str]], *files: HostFile) -> Part:
    """`unit` and `service` are the lines of those sections; the service starts at boot."""
    sections = (Section(name="Unit", lines=unit), Section(name="Service", lines=service), INSTALL)
    return Part(
        unit=Unit(name=name, text=unit_text(sections)),
        files=files,
        service=HostService(name=name, files=tuple(file.path for file in files)),
    )
