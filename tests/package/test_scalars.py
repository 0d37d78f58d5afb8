"""Source texts in their types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.package.scalars import infer, to_bool, to_int


@pytest.mark.parametrize(
    ("text", "number"),
    [("0644", 0o644), ("0o644", 0o644), ("511", 511), ("0x1F", 31), ("0b11", 3), ("-7", -7), ("0", 0), ("+5", 5)],
)
def test_whole_numbers(text: str, number: int) -> None:
    assert to_int(text) == number


@pytest.mark.parametrize("text", ["", "abc", "1.0", "12:30", "1_000", "0x", "9" * 2000, "\uff10"])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(ValueError, match="expected a whole number"):
        to_int(text)


@pytest.mark.parametrize(("text", "truth"), [("true", True), ("yes", True), ("On", True), ("no", False), ("off", False)])
def test_bools(text: str, truth: object) -> None:
    assert to_bool(text) is truth


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), ("3.10", "3.10"), ("3.1", 3.1), ("007", "007"), ("yes", "yes"), ("true", True), ("1e3", "1e3")]
)
def test_inferred(text: str, value: object) -> None:
    assert infer(text) == value
    assert type(infer(text)) is type(value)


@given(st.text(max_size=12) | st.integers().map(str) | st.floats().map(str))
def test_inferring_never_loses_text(text: str) -> None:
    value = infer(text)
    assert (str(value).lower() if isinstance(value, bool) else str(value)) == text
