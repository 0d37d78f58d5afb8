"""Values survive the protocol."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.values import SECRET, SIGNATURE, encode
from provisioner.protocol.values import decode_plain as decode
from provisioner.sandbox.kinds import UNKNOWN

_LEAVES = st.text() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    _LEAVES | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), _VALUES, max_size=5))
def test_there_and_back(properties: dict[str, Any]) -> None:
    assert decode(encode(properties)) == properties


def test_nulls_go() -> None:
    assert decode(encode({"a": None, "b": {"c": None}, "d": [None]})) == {"b": {}, "d": [None]}


def test_secrets_lose_their_wrapper() -> None:
    assert decode(encode({"a": {SIGNATURE: SECRET, "value": [1]}})) == {"a": [1]}


def test_empty_list_and_object_stay() -> None:
    assert decode(encode({"a": [], "b": {}})) == {"a": [], "b": {}}
