"""Lists of texts, and `K=V` lines or mappings: environment, labels, limits."""

from collections.abc import Iterator

from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import Evaluation
from provisioner.resolve.model import Parts, Text


def listed(node: Node | None, evaluation: Evaluation) -> Iterator[Text]:
    """The texts of a list; an element that is nil is left out, as in MonkScript."""
    for index, element in enumerate(node.elements if node else ()):
        text = evaluation.element(index, element)
        if text is not None:
            yield text


def pairs(node: Node | None, evaluation: Evaluation) -> dict[str, Text]:
    """`NAME=value` lines, or a mapping, as a mapping. A later line wins; a name alone has an empty value."""
    if node is None:
        return {}
    found: dict[str, Text] = {}
    for index, element in enumerate(node.elements):
        text = evaluation.element(index, element)
        if text is None:
            continue
        name, value = _split(text)
        if name:
            found[name] = value
        else:
            evaluation.problems.error("wrong-type", element.place(evaluation.path), f'expected NAME=value, found "{text}"')
    for name, value in node.entries.items():
        text = evaluation.element(name, value)
        if text is not None:
            found[name] = text
    return found


def _split(text: Text) -> tuple[str, Text]:
    first = text.pieces[0] if isinstance(text, Parts) else text
    if not isinstance(first, str):
        return "", text
    name, _, rest = first.partition("=")
    if not isinstance(text, Parts):
        return name.strip(), rest
    return name.strip(), Parts((*((rest,) if rest else ()), *text.pieces[1:]))
