"""The arguments of one call of an action."""

from typing import Any

import pytest

from provisioner.resolve.actions import given
from provisioner.resolve.model import Action, Argument

ACTION = Action(
    name="backup",
    code="$args",
    arguments={
        "to": Argument(name="to", type="string"),
        "times": Argument(name="times", type="int", default=2, required=False),
        "note": Argument(name="note", default=None, required=False),
    },
)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"to": "s3"}, {"to": "s3", "times": 2, "note": None}),
        ({"to": 7, "times": "0x10", "note": "x"}, {"to": "7", "times": 16, "note": "x"}),
    ],
)
def test_arguments_in_their_types(values: dict[str, Any], found: dict[str, Any]) -> None:
    assert given(ACTION, values) == found


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "backup needs to=…"),
        ({"to": "s3", "tims": 3}, 'takes no argument "tims" .* did you mean times'),
        ({"to": "s3", "times": "many"}, "expected a whole number"),
    ],
)
def test_arguments_that_are_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        given(ACTION, values)
