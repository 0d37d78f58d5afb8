"""Who gets what: as many as can have something have it, what is fixed stays, and as few as possible change."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from provisioner.placement.assign import Assignment

THINGS = "abcde"
CHOICES = st.lists(st.lists(st.sampled_from(THINGS), unique=True, max_size=5).map(tuple), min_size=1, max_size=5)


def most(choices: dict[str, tuple[str, ...]]) -> int:
    """By trying every order, each taker one thing at most."""
    return max(
        sum(thing in choices[taker] for taker, thing in zip(choices, given, strict=False)) for given in permutations(THINGS)
    )


@given(CHOICES)
def test_as_many_as_can_have_something(listed: list[tuple[str, ...]]) -> None:
    choices = {f"host-{number}": found for number, found in enumerate(listed)}
    assignment = Assignment(choices=choices, holders={})
    added = [taker for taker in choices if assignment.add(taker)]
    assert sorted(assignment.holders.values()) == sorted(added)
    assert all(thing in choices[taker] for thing, taker in assignment.holders.items())
    assert len(added) == most(choices)


@given(CHOICES, st.data())
def test_who_is_fixed_keeps_what_it_has(listed: list[tuple[str, ...]], data: st.DataObject) -> None:
    choices = {f"host-{number}": found for number, found in enumerate(listed)}
    assignment = Assignment(choices=choices, holders={})
    there = [taker for taker in choices if assignment.add(taker)]
    fixed = set(data.draw(st.lists(st.sampled_from(there)))) if there else set[str]()
    before = {taker: thing for thing, taker in assignment.holders.items() if taker in fixed}
    choices["new"] = tuple(THINGS)
    assignment.add("new", fixed=fixed)
    after = {taker: thing for thing, taker in assignment.holders.items()}
    assert {taker: after[taker] for taker in before} == before
    assert set(there) <= set(after)


def test_one_that_may_lose_what_it_has_loses_it_last() -> None:
    assignment = Assignment(choices={"a": ("x",), "b": ("x", "y"), "c": ("y",)}, holders={"x": "b", "y": "c"})
    assert not assignment.add("a")
    assert assignment.add("a", less={"c"})
    assert assignment.holders == {"x": "a", "y": "b"}
