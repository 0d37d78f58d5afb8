"""What containers wrote, from the hosts' journals: the last lines of each, then new ones as they come.

The journal keeps a container's lines over its restarts and updates, and whatever slot it runs in.
"""

import json
import queue
import shlex
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from provisioner.deploy.hosts.connect import connect
from provisioner.deploy.operate.names import Target
from provisioner.deploy.operate.survey import each
from provisioner.errors import HostError


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Line:
    """`at` is in microseconds since 1970, by the host's clock; `cursor` is the journal's own name for the line."""

    at: int
    cursor: str
    container: str
    """`shop/web/app`."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A host that does not answer (any more)."""

    host: str
    reason: str


def last(targets: Sequence[Target], tail: int) -> Iterator[Line | Silent]:
    """The last `tail` lines of each container, in the order in which they were written; hosts that do not answer first."""
    groups = _by_host(targets)
    lines: list[Line] = []
    for group, answer in zip(groups, each(groups, lambda group: [*_lines(group, tail, follow=False)]), strict=True):
        if isinstance(answer, HostError):
            yield Silent(host=group[0].site.host, reason=str(answer))
        else:
            lines += answer
    yield from sorted(lines)


def follow(targets: Sequence[Target], tail: int) -> Iterator[Line | Silent]:
    """The last lines of each container, then new ones, until every host has fallen silent.

    A thread a host ends with the process: what it runs there ends when the connection closes (`connect.close_all`).
    """
    groups = _by_host(targets)
    told: queue.SimpleQueue[Line | Silent] = queue.SimpleQueue()

    def pump(group: Sequence[Target]) -> None:
        reason = "its journal ended"
        try:
            for line in _lines(group, tail, follow=True):
                told.put(line)
        except HostError as error:
            reason = str(error)
        told.put(Silent(host=group[0].site.host, reason=reason))

    for group in groups:
        threading.Thread(target=pump, args=(group,), daemon=True).start()
    left = len(groups)
    while left:
        item = told.get()
        left -= isinstance(item, Silent)
        yield item


def command(targets: Sequence[Target], tail: int, *, follow: bool) -> str:
    """What a host runs. New lines start at a spot taken before the last ones are read, so that none is lost between."""
    show = "journalctl --quiet --no-pager --output=json --output-fields=MESSAGE,CONTAINER_NAME"
    matches = [" ".join(f"CONTAINER_NAME={shlex.quote(name)}" for name in target.containers) for target in targets]
    tails = [f"{show} --lines={tail} {match}" for match in matches]
    if not follow:
        return "\n".join(tails)
    spot = "spot=$(journalctl --lines=0 --show-cursor | sed -n 's/^-- cursor: //p')"
    return "\n".join((spot, *tails, f'exec {show} --follow --lines=all --after-cursor="$spot" {" ".join(matches)}'))


def parse(text: str, names: Mapping[str, str]) -> Line:
    """One line of `journalctl --output=json`. `names` maps Podman's names of containers to ours.

    Raises `HostError` with the text where it is none: it says why the journal cannot be read.
    """
    try:
        entry = cast("Mapping[str, Any]", json.loads(text))
        at, cursor, container = int(entry["__REALTIME_TIMESTAMP"]), str(entry["__CURSOR"]), names[entry["CONTAINER_NAME"]]
    except (ValueError, KeyError, TypeError):
        raise HostError(f"the journal cannot be read: {text}") from None
    return Line(at=at, cursor=cursor, container=container, text=_message(entry.get("MESSAGE")))


def _message(found: object) -> str:
    """The journal writes text that is not UTF-8 as a list of bytes, and null for what is too long."""
    if found is None:
        return "(a line too long to show)"
    text = bytes(cast("list[int]", found)).decode(errors="replace") if isinstance(found, list) else str(found)
    return text.rstrip("\r\n")


def _lines(targets: Sequence[Target], tail: int, *, follow: bool) -> Iterator[Line]:
    """Those of containers of one host."""
    names = {container: target.name for target in targets for container in target.containers}
    seen = set[str]()
    for text in connect(targets[0].site.machine.reach).lines(command(targets, tail, follow=follow)):
        line = parse(text, names)
        if line.cursor not in seen:
            seen.add(line.cursor)
            yield line


def _by_host(targets: Sequence[Target]) -> list[list[Target]]:
    groups: dict[str, list[Target]] = {}
    for target in targets:
        groups.setdefault(target.site.host, []).append(target)
    return [*groups.values()]
