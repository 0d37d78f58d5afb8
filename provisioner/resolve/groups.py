"""A group beside what it runs: its variables, balancers and actions."""

from provisioner.resolve.actions import actions
from provisioner.resolve.balancers import balancers
from provisioner.resolve.evaluation import BROKEN
from provisioner.resolve.model import Group
from provisioner.resolve.session import Session


def group(session: Session, name: str) -> Group:
    """The group `name`, every value worked out."""
    scope = session.scope(name)
    entries = scope.node.entries
    values = {variable: scope.value(variable) for variable in (*scope.declarations, *scope.overrides)}
    return Group(
        name=name,
        members=session.members.get(name, ()),
        variables={variable: value for variable, value in values.items() if value is not BROKEN},
        balancers=balancers(entries.get("balancers"), scope.evaluation(f"{name}/balancers")),
        actions=actions(entries.get("actions"), scope.evaluation(f"{name}/actions")),
        place=session.catalog.definitions[name].place,
    )
