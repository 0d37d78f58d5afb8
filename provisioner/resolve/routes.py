"""Routes of the ingress to a runnable's services."""

import re
from collections.abc import Mapping
from typing import Final

from provisioner.errors import nearest
from provisioner.package.nodes import Node
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Route, Service

_DOMAIN: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f]*")
_REFERENCE: Final = re.compile(r"\$(?:(\d)|\{(\d)\})")


def routes(node: Node | None, services: Mapping[str, Service], evaluation: Evaluation) -> tuple[Route, ...]:
    """`ingress-routes` (or `routes`) of every service, in the order written. What cannot be a route is an error."""
    found: list[Route] = []
    for service, entry in named(node):
        for key in ("ingress-routes", "routes"):
            for name, route in named(entry.entries.get(key)):
                here = evaluation.at(service, key, name)
                if service in services or here.is_incomplete:
                    found.append(_route(service, name, route, here))
                else:
                    _unserved(service, services, route, here)
                if service in services and services[service].protocol != "tcp":
                    message = f"expected a tcp service behind a route, {service} is {services[service].protocol}"
                    here.problems.error("wrong-route", route.key_place(here.path), message)
    return tuple(found)


def _route(service: str, name: str, node: Node, evaluation: Evaluation) -> Route:
    prefix = evaluation.text_at(node, "path-prefix") or "/"
    if not prefix.startswith("/"):
        message = f'expected a path that starts with /, found "{prefix}"'
        evaluation.problems.warning("wrong-route", node.entries["path-prefix"].place(f"{evaluation.path}/path-prefix"), message)
        prefix = f"/{prefix}"
    host = (evaluation.text_at(node, "host") or "").lower()
    if host and not _DOMAIN.fullmatch(host):
        _wrong(evaluation, node, "host", f'expected a domain such as shop.example.com, found "{host}"')
    if not _LINE.fullmatch(prefix):
        _wrong(evaluation, node, "path-prefix", f"expected a path without control characters, found {prefix!r}")
    pattern, replacement = _rewrite(node, evaluation)
    return Route(
        name=name,
        service=service,
        prefix=prefix,
        pattern=pattern,
        host=host,
        replacement=replacement,
        place=node.key_place(evaluation.path),
    )


def _rewrite(node: Node, evaluation: Evaluation) -> tuple[str, str]:
    """The expression and its replacement, both checked as far as Python reads expressions as the proxy does."""
    if "path-rewrite" not in node.entries:
        return "", ""
    rewrite, here = node.entries["path-rewrite"], evaluation.at("path-rewrite")
    pattern = here.at("regex").known_text(rewrite.entries.get("regex")) or ""
    replacement = here.at("to").known_text(rewrite.entries.get("to")) or ""
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        _wrong(here, rewrite, "regex", f'expected a regular expression, found "{pattern}": {error}')
        return pattern, replacement
    missing = [number for match in _REFERENCE.finditer(replacement) if (number := int(match[1] or match[2])) > groups]
    if missing:
        _wrong(here, rewrite, "to", f"`to` refers to group {missing[0]}, and the regex has {groups}")
    for key, text in (("regex", pattern), ("to", replacement)):
        if not _LINE.fullmatch(text):
            _wrong(here, rewrite, key, f"expected text without control characters, found {text!r}")
    return pattern, replacement


def _wrong(evaluation: Evaluation, node: Node, key: str, message: str) -> None:
    place = node.entries[key].place(f"{evaluation.path}/{key}") if key in node.entries else node.place(evaluation.path)
    evaluation.problems.error("wrong-route", place, message)


def _unserved(service: str, services: Mapping[str, Service], node: Node, evaluation: Evaluation) -> None:
    close = nearest(service, services)
    message = f"no container serves {service}, to which this route leads"
    hint = f"did you mean {close}?" if close else "give the service a container, a port and the protocol tcp"
    evaluation.problems.error("wrong-route", node.key_place(evaluation.path), message, hint=hint)
