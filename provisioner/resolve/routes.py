"""Routes of the ingress to a runnable's services."""

from provisioner.package.nodes import Node
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Route


def routes(services: Node | None, evaluation: Evaluation) -> tuple[Route, ...]:
    """`ingress-routes` (or `routes`) of every service, in the order written."""
    found: list[Route] = []
    for service, entry in named(services):
        for key in ("ingress-routes", "routes"):
            for name, node in named(entry.entries.get(key)):
                found.append(_route(service, name, node, evaluation.at(service, key, name)))
    return tuple(found)


def _route(service: str, name: str, node: Node, evaluation: Evaluation) -> Route:
    entries = node.entries
    prefix = evaluation.text_at(node, "path-prefix") or "/"
    if not prefix.startswith("/"):
        message = f'expected a path that starts with /, found "{prefix}"'
        evaluation.problems.warning("wrong-route", entries["path-prefix"].place(f"{evaluation.path}/path-prefix"), message)
        prefix = f"/{prefix}"
    rewrite = entries["path-rewrite"].entries if "path-rewrite" in entries else {}
    here = evaluation.at("path-rewrite")
    return Route(
        name=name,
        service=service,
        prefix=prefix,
        pattern=here.at("regex").known_text(rewrite.get("regex")) or "",
        host=evaluation.text_at(node, "host") or "",
        replacement=here.at("to").known_text(rewrite.get("to")) or "",
        place=node.key_place(evaluation.path),
    )
