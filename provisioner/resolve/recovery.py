"""How a runnable lasts: recovery from failures, the number of its copies, how much of its logs is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from provisioner.errors import Place
from provisioner.package import scalars
from provisioner.package.nodes import Node
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Container, Logs, Recovery, Runnable
from provisioner.units import parse_duration, parse_mib

CASES: Final = (
    "always",
    "none",
    "node-failure",
    "container-failure",
    "pressure",
    "memory-pressure",
    "cpu-pressure",
    "pid-pressure",
    "disk-pressure",
)
NEVER: Final = "never"
"""The `restart` of a container that runs on and is left alone once it has ended; `no` is a job's."""
_MODES: Final = ("node", "cluster")
"""Ways of which no host knows."""
_BY_ITSELF: Final = ("always", "none", "container-failure")
"""Cases that hosts see to themselves."""


def recovery(node: Node | None, evaluation: Evaluation) -> Recovery | None:
    """None where nothing is stated. The table of keys reports what is written wrongly."""
    if node is None or not node.entries:
        return None
    after = evaluation.parsed_at(node, "after", parse_duration)
    when = tuple(_cases(node.entries.get("when"), evaluation.at("when")))
    return Recovery(
        after=Recovery().after if after is None else after,
        when=when or Recovery().when,
        mode=evaluation.text_at(node, "mode") or Recovery().mode,
        place=node.key_place(evaluation.path),
    )


def recovering(container: Container, recovery: Recovery | None, *, is_stated: bool) -> Container:
    """The container as its runnable's recovery restarts it. `is_stated`: it says `restart` itself, which counts."""
    if recovery is None:
        return container
    if not recovery.restarts:
        return container if is_stated else replace(container, restart=NEVER)
    return replace(container, restart_seconds=recovery.after)


def left_out(runnable: Runnable) -> Iterator[tuple[str, Place]]:
    """What of its recovery, scale and logs no host carries out."""
    stated, scale = runnable.recovery, runnable.scale
    if stated:
        yield from ((f"`recovery` from {case}", stated.place) for case in stated.when if case not in _BY_ITSELF)
    if stated and stated.mode in _MODES:
        yield f"`mode: {stated.mode}` of `recovery`", stated.place
    if scale and scale.most > scale.least:
        yield f"automatic `scale` up to {scale.most} (it runs {runnable.replicas})", scale.place
    for container, logs in runnable.logs.items():
        yield f"`logs` of the container {container} (the host's journal keeps them)", logs.place


def logs(containers: Node | None, evaluation: Evaluation) -> Mapping[str, Logs]:
    """By container."""
    found: dict[str, Logs] = {}
    for name, entry in named(containers):
        node = entry.entries.get("logs")
        if node is not None and node.entries:
            here = evaluation.at(name, "logs")
            found[name] = Logs(
                count=here.parsed_at(node, "count", scalars.to_int),
                quota_mib=here.parsed_at(node, "quota", parse_mib),
                place=node.key_place(here.path),
            )
    return found


def _cases(node: Node | None, evaluation: Evaluation) -> Iterator[str]:
    """The words of a text, apart by slashes, commas or white space, or of a list; an unknown one is reported."""
    elements = node.elements if node is not None and node.elements else ((node,) if node is not None else ())
    for element in elements:
        text = evaluation.known_text(element) or ""
        for word in text.replace("/", " ").replace(",", " ").split():
            if word in CASES:
                yield word
            else:
                message = f'expected {", ".join(CASES)}, found "{word}"'
                evaluation.problems.error("wrong-type", element.place(evaluation.path), message)
