"""A stack's configuration: what is read from it, and how every mistake in it is told."""

from typing import Any

import pytest

from provisioner.deploy.settings import Ssh, parse
from provisioner.errors import InputError

LEAST: dict[str, Any] = {"package": "shop/platform", "target": {"cloud": "aws", "region": "eu-west-1"}}


def test_what_is_stated_is_read_and_the_rest_is_the_default() -> None:
    variables = {"shop/web": {"size": [1, {"a": None}]}}
    given = {"rebalance": "30%", "ssh": {"port": "2222"}, "variables": variables, "renew": ["app-1"]}
    settings = parse({**LEAST, **given}, "Pulumi.dev.yaml")
    assert (settings.moves_percent, settings.ssh, settings.renew) == (30, Ssh(port=2222), ("app-1",))
    assert settings.variables == variables
    assert (settings.sources, settings.target.zones, settings.ssh_key) == (("blueprints",), (), "")


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"target": "aws"}, ['provisioner:target: expected a mapping, found "aws"']),
        ({"target": {"cloud": "aws"}}, ["provisioner:target: region is missing (state region here)"]),
        ({"sourcse": ["a"]}, ['provisioner:sourcse: unknown key "sourcse" (did you mean sources?)']),
        ({"rebalance": "150%"}, ['provisioner:rebalance: expected a whole share such as 30%, found "150%"']),
        (
            {"ssh": {"port": 0, "jumps": "x"}, "variables": {"shop/web": 3}},
            [
                "provisioner:variables/shop/web: expected a mapping, found 3",
                'provisioner:ssh/jumps: unknown key "jumps" (did you mean jump?)',
                "provisioner:ssh/port: expected a port number from 1 to 65535, found 0",
            ],
        ),
        (
            {"machines": ["rack-1"], "archives": {"web:1": 2}},
            ["provisioner:archives/web:1: expected text, found 2", "provisioner:machines: expected a mapping, found a list"],
        ),
    ],
)
def test_every_mistake_is_told_with_its_key(given: dict[str, Any], problems: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        parse({**LEAST, **given}, "Pulumi.dev.yaml")
    assert [str(problem) for problem in refused.value.problems] == [f"Pulumi.dev.yaml {problem}" for problem in problems]
