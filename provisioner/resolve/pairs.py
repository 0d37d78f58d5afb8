"""Lists of texts, and `K=V` lines or mappings: environment, labels, limits."""

from collections.abc import Iterator, Mapping
from typing import Final

from provisioner.package.nodes import Node
from provisioner.resolve.evaluation import BROKEN, Evaluation
from provisioner.resolve.model import Parts, Text
from provisioner.script.values import Value, to_text

_QUOTED: Final = '"'
"""The style of a scalar that is taken as it stands."""


def listed(node: Node | None, evaluation: Evaluation) -> Iterator[Text]:
    """The texts of a list; an element that is nil is left out, as in MonkScript."""
    if node is not None and node.is_arrow:
        yield from _given(node, evaluation)
    for index, element in enumerate(node.elements if node else ()):
        text = evaluation.element(index, element)
        if text is not None:
            yield text


def _given(node: Node, evaluation: Evaluation) -> Iterator[Text]:
    """The elements of the array that an expression gives in the place of a list."""
    yield from _texts(evaluation.expression(node), node, evaluation)


def _texts(value: Value, node: Node, evaluation: Evaluation) -> Iterator[Text]:
    if isinstance(value, list):
        yield from (to_text(element) for element in value if element is not None)
    elif value is not None and value is not BROKEN:
        evaluation.problems.error("wrong-type", node.place(evaluation.path), f"expected a list, found {to_text(value)}")


def elements(node: Node | None, evaluation: Evaluation, *, or_one: bool = False) -> list[Node]:
    """A list's elements, without those that are empty; what an expression in its place gives must be known.

    `or_one`: a text in its place is its one element.
    """
    if node is None or not node.is_arrow:
        stated = (node,) if or_one and node is not None and node.text else node.elements if node else ()
        return [element for element in stated if not element.is_empty]
    texts = (evaluation.settled(text, node) for text in _given(node, evaluation))
    return [node._replace(value=text, style=_QUOTED) for text in texts if text is not None]


def pairs(node: Node | None, evaluation: Evaluation) -> dict[str, Text]:
    """`NAME=value` lines, or a mapping, as a mapping. A later line wins; a name alone has an empty value.

    An expression that gives nil or empty text gives no line.
    """
    if node is None:
        return {}
    if node.is_arrow:
        return _given_pairs(node, evaluation)
    found: dict[str, Text] = {}
    for index, element in enumerate(node.elements):
        text = evaluation.element(index, element)
        if text is None or (text == "" and element.is_arrow):
            continue
        name, value = _split(text)
        if name:
            found[name] = value
        else:
            evaluation.problems.error("wrong-type", element.place(evaluation.path), f'expected NAME=value, found "{text}"')
    for name, value in node.entries.items():
        if not isinstance(value.value, str):
            evaluation.problems.error(
                "wrong-type", value.place(f"{evaluation.path}/{name}"), f"expected text, found {value.shape}"
            )
            continue
        text = evaluation.element(name, value)
        if text is not None:
            found[name] = text
    return found


def _given_pairs(node: Node, evaluation: Evaluation) -> dict[str, Text]:
    """What an expression gives in their place: an object, or an array of lines."""
    value = evaluation.expression(node)
    if isinstance(value, Mapping):
        return {name: to_text(below) for name, below in value.items() if below is not None}
    found = dict(map(_split, _texts(value, node, evaluation)))
    if found.pop("", None) is not None:
        evaluation.problems.error("wrong-type", node.place(evaluation.path), "expected elements NAME=value, found one without")
    return found


def _split(text: Text) -> tuple[str, Text]:
    first = text.pieces[0] if isinstance(text, Parts) else text
    if not isinstance(first, str):
        return "", text
    name, _, rest = first.partition("=")
    if not isinstance(text, Parts):
        return name.strip(), rest
    return name.strip(), Parts((*((rest,) if rest else ()), *text.pieces[1:]))
