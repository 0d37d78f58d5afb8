"""Free-form sections as fields."""

from provisioner.package.nodes import Node
from provisioner.resolve.blueprint import field
from provisioner.resolve.entries import named
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Field


def whole(node: Node | None, evaluation: Evaluation) -> Field | None:
    """All that a free-form section says, evaluated; None where it is not there."""
    return None if node is None or node.is_empty else field(node, None, evaluation)


def fields(node: Node | None, evaluation: Evaluation) -> dict[str, Field]:
    """The named entries of a free-form section."""
    found = ((name, whole(entry, evaluation.at(name))) for name, entry in named(node))
    return {name: value for name, value in found if value is not None}
