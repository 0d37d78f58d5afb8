"""The sandbox's reference page lists, for each type, what the code that runs checks."""

from pathlib import Path

import pytest

from provisioner.sandbox.reference import sources, words
from provisioner.sandbox.reference.page import MARK, rules, section
from provisioner.sandbox.registry import load_catalogs

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sandbox.md"
CATALOGS = load_catalogs()
FROM_MEMORY = 45
"""At most: rules of all clouds that could be read nowhere."""
KINDS = [kind for catalog in CATALOGS.values() for kind in catalog.kinds.values()]


def test_the_page_says_what_the_kinds_check() -> None:
    _, mark, listed = PAGE.read_text().partition(MARK)
    assert mark + listed == section(), "run `python -m provisioner.sandbox.reference`"


@pytest.mark.parametrize("package", CATALOGS)
def test_every_rule_of_every_kind_says_where_it_was_read(package: str) -> None:
    read = sources.load(package)
    for kind in CATALOGS[package].kinds.values():
        assert read.of_type(kind.token), f"{kind.token}: no source in reference/sources of what a change replaces"
        for rule in rules(kind):
            assert read.of_rule(rule), f"{kind.token}: no source in reference/sources of {rule!r}"


@pytest.mark.parametrize("package", CATALOGS)
def test_every_source_is_of_a_rule_that_is_checked(package: str) -> None:
    read = sources.load(package)
    texts = {rule for kind in CATALOGS[package].kinds.values() for rule in rules(kind)}
    for source in read.sources:
        for rule in source.rules:
            assert any(text.startswith(rule) and read.of_rule(text) is source for text in texts), (
                f"nothing is refused with {rule!r}"
            )


def test_few_rules_are_from_memory() -> None:
    remembered = [
        (kind.token, rule)
        for package, catalog in CATALOGS.items()
        for kind in catalog.kinds.values()
        for rule in rules(kind)
        if (source := sources.load(package).of_rule(rule)) and source.read.startswith(sources.MEMORY)
    ]
    assert 0 < len({rule for _, rule in remembered}) <= FROM_MEMORY


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("aws:ec2/vpc:Vpc", "VpcLimitExceeded: The maximum number of VPCs has been reached. (at most 20)"),
        ("aws:ec2/subnet:Subnet", "InvalidSubnet.Conflict"),
        ("gcp:compute/firewall:Firewall", "exactly one of `allow,deny` must be specified"),
        ("gcp:compute/firewall:Firewall", "At most 10 service accounts are allowed."),
        ("azure-native:network:Subnet", "'^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$'"),
        ("azure-native:compute:Disk", "does not match expression"),
        ("azure-native:compute:VirtualMachine", "InvalidAvailabilityZone: The zone(s) {…} for resource '{…}' is not supported."),
        ("azure-native:compute:VirtualMachine", "InvalidParameter: The Admin Username specified is not allowed."),
        ("aws:route53/record:Record", "InvalidChangeBatch: [RRSet of type CNAME with DNS name {name}. is not permitted at apex"),
        ("aws:ec2/internetGateway:InternetGateway", "has some mapped public address(es)."),
        ("azure-native:compute:VirtualMachine", "InvalidAvailabilityZone: The request for resource '{…}' has {…} zones."),
    ],
)
def test_words_that_a_kind_can_say_are_found(token: str, text: str) -> None:
    (kind,) = [kind for kind in KINDS if kind.token == token]
    assert any(text in found for found in words.of(kind).words)
