"""`ports` of a container: the way to publish that came before services."""

import re
from typing import Final

from provisioner.package.nodes import Node
from provisioner.package.validate import port as parse_port
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Port
from provisioner.resolve.pairs import elements

_PORT: Final = re.compile(
    r"(?:(?P<address>\d+\.\d+\.\d+\.\d+|\[[^\]]*\]):)?(?:(?P<host>[^:/]*):)?(?P<container>[^:/]+)(?:/(?P<protocol>(?i:tcp|udp)))?"
)
_PRIVATE: Final = ("127.", "[::1]")


def ports(node: Node | None, evaluation: Evaluation) -> tuple[Port, ...]:
    """Every port of the list, or the one that is written in its place.

    They are open to the outside, unless they are bound to the host's loopback address.
    """
    found: list[Port] = []
    for index, element in enumerate(elements(node, evaluation, or_one=True)):
        here = evaluation.at(index)
        text = here.known_text(element)
        if not text:
            continue
        try:
            found.append(port(text))
        except ValueError as error:
            here.problems.error("wrong-port", element.place(here.path), str(error))
    return tuple(found)


def port(text: str) -> Port:
    """A port from `8080`, `8080:80`, `127.0.0.1:8080:80`, each with `/udp` or `/tcp`."""
    match = _PORT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'expected [address:]host:container[/protocol], found "{text}"')
    container = parse_port(match["container"])
    address = match["address"] or ""
    return Port(
        container=container,
        host=parse_port(match["host"]) if match["host"] else container,
        protocol=(match["protocol"] or "tcp").lower(),
        published=not address.startswith(_PRIVATE),
        address="" if address == "0.0.0.0" else address,  # noqa: S104 - "any address" is what the author wrote
    )
