"""Balancers of groups and runnables: what stands behind them by full names, and their ports."""

from provisioner.package import validate
from provisioner.package.nodes import Node
from provisioner.resolve.blueprint import field
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Balancer
from provisioner.resolve.pairs import elements


def balancers(node: Node | None, evaluation: Evaluation, *, own: str = "") -> dict[str, Balancer]:
    """Every balancer of a section. `own`: the runnable that it belongs to, which it leads to where it names no instances."""
    found: dict[str, Balancer] = {}
    for name, entry in named(node):
        here = evaluation.at(name)
        settings = field(entry, None, here)
        if settings is None or not isinstance(entry.value, dict):
            continue
        entries = entry.entries
        found[name] = Balancer(
            name=name,
            type=(here.text_at(entry, "type") or "tcp").lower(),
            port=here.parsed_at(entry, "port", validate.port),
            frontend_port=here.parsed_at(entry, "frontend-port", validate.port),
            instances=_instances(entries.get("instances"), here.at("instances")) or ((own,) if own else ()),
            settings=settings,
            place=entry.key_place(here.path),
        )
    return found


def _instances(node: Node | None, evaluation: Evaluation) -> tuple[str, ...]:
    scope = evaluation.scope
    stated = elements(node, evaluation, or_one=True)
    names = (scope.session.reference(element, scope.name, evaluation.path) for element in stated)
    return tuple(dict.fromkeys(name for name in names if name))
