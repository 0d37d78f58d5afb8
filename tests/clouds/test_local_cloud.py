"""This machine as a target: what it takes is planned at no cost and built."""

from pathlib import Path

import pytest
from golden import Fake, of_type, record
from own_machines import families_of
from test_contract import planned, write

from provisioner.clouds.discovery import targets
from provisioner.clouds.local import names, offers, tools
from provisioner.errors import HostError, InputError


@pytest.mark.parametrize("capability", sorted(targets()["local"].capabilities))
def test_what_it_has_is_planned_at_no_cost_and_built(tmp_path: Path, capability: str) -> None:
    found = planned(write(tmp_path, capability), "local")
    assert found.estimate.monthly.high.nano == 0
    assert any(problem.code == "own-machines" for problem in found.problems), "a cost of 0 needs a word"
    tree = record(lambda: families_of(found), mocks=Fake())
    machines = of_type(tree, "provisioner:index:Machine")
    assert {each["inputs"]["hostname"] for each in machines.values()} == {"app-1"}
    assert {each["inputs"]["reachesOut"] for each in machines.values()} == {capability == "egress-nat"}
    attached = of_type(tree, "provisioner:index:MachineAttachment")
    assert [each["inputs"]["volume"] for each in attached.values()] == (["v"] if capability == "volume-ssd" else [])


@pytest.mark.parametrize(("needs", "expected"), [("memory: 1TiB", "MiB for all its hosts"), ("cpu: 500", "for all its hosts")])
def test_more_than_the_machine_has_is_refused(tmp_path: Path, needs: str, expected: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(f"""
namespace: t
web:
  defines: runnable
  containers: {{web: {{image: nginx, resources: {{{needs}}}}}}}
b: {{defines: blueprint, network: {{egress: nat}}, hosts: {{app: {{count: 1}}}}, runs: [t/web]}}
""")
    with pytest.raises(InputError, match=expected):
        planned(file, "local")


def test_the_offer_is_this_machine() -> None:
    (offer,) = offers.offers()
    assert offer.millicpu >= 1000
    assert offer.memory_mib > 100
    assert offer.hourly.nano == 0


def test_one_message_says_everything_that_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(HostError) as refused:
        tools.require()
    assert "it needs root" in str(refused.value)
    assert "apt-get install -y --no-install-recommends" in str(refused.value)
    assert {"systemd-container", "nftables"} <= set(str(refused.value).split())


def test_names_of_stacks_do_not_meet() -> None:
    long = "a-very-long-name-of-a-platform-that-goes-on"
    made = {
        names.physical(scope, *words)
        for scope in ("shop/dev", "shop/prod", "store/dev")
        for words in ((long, "app-1"), (long, "app-2"))
    }
    assert len(made) == 6
    assert all(len(name) <= names.LONGEST for name in made)
