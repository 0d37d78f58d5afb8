"""The words of ArrowScript."""

from typing import Literal, NamedTuple

from provisioner.script.values import Value

Kind = Literal["literal", "template", "variable", "word", "(", ")", "[", "]", "{", "}", ",", ":", "<-{", "end"]


class Token(NamedTuple):
    """`value` is a literal's value; `text` a name, or a template's raw text. Offsets count characters of the source."""

    kind: Kind
    text: str
    offset: int
    value: Value = None
    end: int = 0
