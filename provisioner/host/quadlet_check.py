"""What the real Quadlet (Podman 5.4), Podman or systemd would refuse in a set of units, found before any host sees them.

Where Quadlet itself passes a mistake on to `podman run` or to systemd (a port that is none, a group nobody reads), the
mistake is refused here, because the container would never start.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from provisioner.errors import Place, Problem, Problems, nearest
from provisioner.host.model import Unit
from provisioner.host.quadlet import Entry, entries
from provisioner.host.quadlet_keys import GROUPS, KEYS, SYSTEMD_GROUPS

SYSTEMD: Final = "service"
"""The ending of units that systemd reads itself: those of the host, which no user writes."""

_ADDRESS: Final = r"(?:\[[0-9A-Fa-f:.]+\]|\d+(?:\.\d+){3})"
_PORT: Final = re.compile(rf"(?:{_ADDRESS}?:)?(?:(\d*(?:-\d+)?):)?(\d+(?:-\d+)?)(?:/(?:tcp|udp|sctp))?")
_EXPOSED: Final = re.compile(r"\d+(-\d+)?(/(tcp|udp))?")
_DURATION: Final = (re.compile(r"(\d+(\.\d+)?(ns|us|ms|s|m|h))+|disable|0"), "a duration such as 10s")
_SHAPES: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "HealthInterval": _DURATION,
    "HealthTimeout": _DURATION,
    "HealthStartPeriod": _DURATION,
    "HealthStartupInterval": _DURATION,
    "HealthStartupTimeout": _DURATION,
    "HealthRetries": (re.compile(r"\d+"), "a number"),
    "Notify": (re.compile(r"healthy|yes|true|1|on|no|false|0|off"), "healthy, true or false"),
    "AddHost": (re.compile(r"[^:\s]+:\S+"), "NAME:ADDRESS"),
    "ContainerName": (re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*"), "letters, digits and _ . -"),
}

Keys = Mapping[str, Sequence[Entry]]
"""The entries of a unit's own group by key."""


def refusals(units: Iterable[Unit]) -> list[Problem]:
    """Every mistake, each with the unit's name as file and its line. Empty: real hosts take the units."""
    found = tuple(units)
    problems = Problems()
    names = {unit.name for unit in found}
    for unit in found:
        ending = unit.name.rpartition(".")[2]
        if ending == SYSTEMD:
            continue
        if ending not in GROUPS:
            expected = ", ".join(f".{known}" for known in (*GROUPS, SYSTEMD))
            problems.error("unit-kind", Place(file=unit.name), f"expected a unit that ends in one of {expected}")
            continue
        _check_unit(unit, GROUPS[ending], names, problems)
    problems.extend(_repeated(found))
    return list(problems)


def _check_unit(unit: Unit, group: str, names: set[str], problems: Problems) -> None:
    try:
        read = list(entries(unit.text))
    except ValueError as error:
        message, line = error.args
        problems.error("unit-syntax", Place(file=unit.name, line=line), message)
        return
    problems.extend(_unknown(unit, group, read))
    own: dict[str, list[Entry]] = {}
    for entry in read:
        if entry.section == group:
            own.setdefault(entry.key, []).append(entry)
    for check in _CHECKS.get(group, ()):
        problems.extend(check(unit, own))
    problems.extend(_references(unit, own, names))
    if group == "Container":
        problems.extend(_service(unit, [entry for entry in read if entry.section == "Service"]))


def _unknown(unit: Unit, group: str, read: Iterable[Entry]) -> Iterator[Problem]:
    """Keys that no reader knows refuse the unit; groups that no reader knows would be passed over, so they do too."""
    for entry in read:
        if entry.section.startswith("X-"):
            continue
        if entry.section != group and entry.section not in SYSTEMD_GROUPS:
            expected = ", ".join(sorted({group, *SYSTEMD_GROUPS}))
            yield _problem(unit, entry, "unit-group", f"expected one of the groups {expected}, found [{entry.section}]")
        elif entry.section in KEYS and entry.key not in KEYS[entry.section]:
            close = nearest(entry.key, KEYS[entry.section])
            hint = f"did you mean {close}?" if close else "limits go into [Service] or PodmanArgs"
            yield _problem(unit, entry, "unit-key", f"unsupported key '{entry.key}' in group '{entry.section}'", hint)


def _image(unit: Unit, own: Keys) -> Iterator[Problem]:
    image, rootfs = _last(own, "Image"), _last(own, "Rootfs")
    if image is None and rootfs is None:
        yield Problem(
            severity="error", code="unit-image", message="no Image or Rootfs key specified", place=Place(file=unit.name)
        )
    if image is not None and rootfs is not None:
        yield _problem(unit, rootfs, "unit-image", "Image and Rootfs cannot stand together")


def _ports(unit: Unit, own: Keys) -> Iterator[Problem]:
    for entry in own.get("PublishPort", ()):
        if entry.value and not _is_port(entry.value):
            message = f'expected [address:][host:]container[/protocol] with ports from 1 to 65535, found "{entry.value}"'
            yield _problem(unit, entry, "unit-port", message)
    for entry in own.get("ExposeHostPort", ()):
        if not _EXPOSED.fullmatch(entry.value):
            yield _problem(unit, entry, "unit-port", f"invalid port format '{entry.value}'")


def _is_port(value: str) -> bool:
    match = _PORT.fullmatch(value)
    numbers = re.findall(r"\d+", " ".join(filter(None, match.groups()))) if match else []
    return bool(match) and all(1 <= int(number) <= 65535 for number in numbers)


def _values(unit: Unit, own: Keys) -> Iterator[Problem]:
    """Values that Quadlet passes on and `podman run` would refuse."""
    for key, (shape, expected) in _SHAPES.items():
        for entry in own.get(key, ()):
            if entry.value and not shape.fullmatch(entry.value):
                yield _problem(unit, entry, "unit-value", f'{key}: expected {expected}, found "{entry.value}"')


def _combinations(unit: Unit, own: Keys) -> Iterator[Problem]:
    group = _last(own, "Group")
    if group is not None and _last(own, "User") is None:
        yield _problem(unit, group, "unit-value", "invalid Group set without User")
    for entry in own.get("Mount", ()):
        if not any(part.startswith("type=") for part in entry.value.split(",")):
            yield _problem(
                unit, entry, "unit-mount", f'incorrect mount format: expected type=…,source=…,target=…, found "{entry.value}"'
            )


def _service(unit: Unit, service: Iterable[Entry]) -> Iterator[Problem]:
    for entry in service:
        if entry.key == "Type" and entry.value not in ("notify", "oneshot"):
            yield _problem(unit, entry, "unit-service", f"invalid service Type '{entry.value}'")
        if entry.key == "KillMode" and entry.value not in ("mixed", "control-group"):
            yield _problem(unit, entry, "unit-service", f"invalid KillMode '{entry.value}'")


def _references(unit: Unit, own: Keys, names: set[str]) -> Iterator[Problem]:
    """`Network=x.network`, `Volume=x.volume:/y`, `Image=x.image`, `Pod=x.pod`: the unit named must be there too."""
    for key, endings in _REFERENCES.items():
        for entry in own.get(key, ()):
            for target in _targets(key, entry.value):
                if target.endswith(endings) and target not in names:
                    yield _problem(unit, entry, "unit-reference", f"requested Quadlet unit {target} was not found")
                if key == "Pod" and not target.endswith(".pod"):
                    yield _problem(unit, entry, "unit-reference", f"pod {target} is not Quadlet based")


_REFERENCES: Final = {
    "Network": (".network", ".container"),
    "Volume": (".volume",),
    "Mount": (".volume", ".image"),
    "Image": (".image", ".build"),
    "Pod": (".pod",),
}


def _targets(key: str, value: str) -> Iterable[str]:
    if key == "Mount":
        return [part.partition("=")[2] for part in value.split(",") if part.startswith(("source=", "src="))]
    return [value.split(":", maxsplit=1)[0] if key in ("Network", "Volume") else value]


def _repeated(units: Iterable[Unit]) -> Iterator[Problem]:
    """Two units of one name, or two that would make the same service or container."""
    taken: dict[str, str] = {}
    for unit in units:
        for what in (f"unit {unit.name}", f"service {_service_of(unit)}", *_container_names(unit)):
            first = taken.setdefault(what, unit.name)
            if first is not unit.name:
                message = f"{what} is already there, from {first}"
                yield Problem(severity="error", code="unit-repeated", message=message, place=Place(file=unit.name))


def _service_of(unit: Unit) -> str:
    base, _, ending = unit.name.rpartition(".")
    return f"{base}.service" if ending == "container" else f"{base}-{ending}.service"


def _container_names(unit: Unit) -> Iterator[str]:
    stated = re.findall(r"^ContainerName=(.+)$", unit.text, re.MULTILINE)
    return (f"container {name.strip()}" for name in stated[-1:])


def _last(own: Keys, key: str) -> Entry | None:
    found = [entry for entry in own.get(key, ()) if entry.value]
    return found[-1] if found else None


def _problem(unit: Unit, entry: Entry, code: str, message: str, hint: str = "") -> Problem:
    return Problem(severity="error", code=code, message=message, place=Place(file=unit.name, line=entry.number), hint=hint)


_CHECKS: Final[Mapping[str, Sequence[Callable[[Unit, Keys], Iterator[Problem]]]]] = {
    "Container": (_image, _ports, _values, _combinations),
    "Image": (_image,),
    "Pod": (_ports,),
}
