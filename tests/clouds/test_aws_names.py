"""Names that AWS takes, whatever the plan calls its things."""

import re

from hypothesis import given
from hypothesis import strategies as st

from provisioner.clouds.aws import names

words = st.lists(st.text(st.sampled_from("abcz019-/_é"), min_size=1, max_size=40), min_size=1, max_size=3).map(
    lambda parts: ("demo", *parts)
)


@given(words)
def test_bucket_prefixes_are_bucket_names(parts: tuple[str, ...]) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,35}-", names.prefix(37, *parts))


@given(words, st.lists(st.text(max_size=5), max_size=2))
def test_short_names_fit_a_load_balancer(parts: tuple[str, ...], salt: list[str]) -> None:
    name = names.short(32, *parts, salt=salt)
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", name)
    assert name == names.short(32, *parts, salt=salt)


def test_short_names_differ_with_their_salt() -> None:
    assert names.short(32, "demo", "web", salt=["dev"]) != names.short(32, "demo", "web", salt=["prod"])


@given(st.text(max_size=400))
def test_descriptions_hold_only_what_ec2_takes(text: str) -> None:
    assert re.fullmatch(r"[a-zA-Z0-9. _:/()#,@\[\]+=&;{}!$*-]{0,255}", names.description(text))


@given(st.sets(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=11))
def test_every_volume_of_a_host_has_a_device_of_its_own(volumes: set[str]) -> None:
    devices = names.devices(volumes, {})
    assert devices.keys() == volumes
    assert len(set(devices.values())) == len(volumes)
    assert all(re.fullmatch(r"/dev/sd[f-p]", device) for device in devices.values())


@given(
    st.sets(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=11),
    st.sets(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=11),
)
def test_a_volume_keeps_its_device_whatever_comes_or_goes(before: set[str], now: set[str]) -> None:
    first = names.devices(before, {})
    now = set(sorted(now)[: 11 - len(before & now)]) | (before & now)
    second = names.devices(now, {volume: first[volume] for volume in before & now})
    assert all(second[volume] == first[volume] for volume in before & now)
    assert second.keys() == now
    assert len(set(second.values())) == len(now)


def test_partitions() -> None:
    assert [names.partition(region) for region in ("eu-west-1", "cn-north-1", "us-gov-west-1")] == ["aws", "aws-cn", "aws-us-gov"]
