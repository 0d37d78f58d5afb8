"""The sandbox's reference page lists, for each type, what the code that runs checks."""

from pathlib import Path

import pytest

from provisioner.sandbox.reference import words
from provisioner.sandbox.reference.page import MARK, section
from provisioner.sandbox.registry import load_catalogs

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sandbox.md"
KINDS = [kind for catalog in load_catalogs().values() for kind in catalog.kinds.values()]


def test_the_page_says_what_the_kinds_check() -> None:
    _, mark, listed = PAGE.read_text().partition(MARK)
    assert mark + listed == section(), "run `python -m provisioner.sandbox.reference`"


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
        ("azure-native:compute:VirtualMachine", "InvalidAvailabilityZone: The request for resource '{…}' has {…} zones."),
    ],
)
def test_words_that_a_kind_can_say_are_found(token: str, text: str) -> None:
    (kind,) = [kind for kind in KINDS if kind.token == token]
    assert any(text in found for found in words.read((kind.check, kind.refuse), token).words)
