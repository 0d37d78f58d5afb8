"""Names that Google Cloud takes, whatever the definition calls things."""

import re

from hypothesis import given
from hypothesis import strategies as st

from provisioner.clouds.gcp import names

RESOURCE = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
ACCOUNT = re.compile(r"[a-z][-a-z0-9]{4,28}[a-z0-9]")


@given(st.text(min_size=1, max_size=200))
def test_every_name_is_legal(logical: str) -> None:
    explicit = names.physical(logical, "demo/dev")
    assert RESOURCE.fullmatch(explicit or f"{logical}-1234567")
    assert ACCOUNT.fullmatch(names.account_id(logical, "demo/dev"))
    assert RESOURCE.fullmatch(names.device(logical))
    assert re.fullmatch(r"[a-z0-9_-]{0,63}", names.label(logical))


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_different_names_stay_different(one: str, other: str) -> None:
    if one != other:
        assert names.account_id(one, "demo/dev") != names.account_id(other, "demo/dev")
        assert names.device(one) != names.device(other)


def test_the_provider_names_what_is_legal_already() -> None:
    assert names.physical("demo-platform-app-1", "demo/dev") is None
    assert names.physical("x" * 55, "demo/dev") is None
    assert re.fullmatch(r"x{55}-[0-9a-f]{7}", names.physical("x" * 56, "demo/dev") or "")


def test_stacks_of_one_definition_have_accounts_of_their_own() -> None:
    assert names.account_id("demo-platform-app", "demo/dev") == "demo-platform-app-f749586"
    assert names.account_id("demo-platform-app", "demo/prod") != names.account_id("demo-platform-app", "demo/dev")
