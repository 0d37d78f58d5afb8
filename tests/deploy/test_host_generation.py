"""What a host receives and how it answers, without any host: generations, what was found, how a switch ended."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from provisioner.deploy.hosts import inspect
from provisioner.deploy.hosts.generation import Generation, generation, secret_name
from provisioner.deploy.hosts.switch import judge
from provisioner.errors import HostError
from provisioner.host import document, status
from provisioner.host.delivery import Delivery, deliver
from provisioner.host.model import Bundle, DiskMount, Gate, HostFile, HostService, SecretSlot, Slot, Unit
from provisioner.resolve.model import Parts, SecretRef

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "hosts" / "switch.yaml").read_text())
KEY = "5e" * 32
GIVEN = "hunter2"
WEB = (
    "[Container]\nImage=docker.io/library/nginx:1\nContainerName=shop-web-app\n"
    'HealthCmd=["/bin/sh", "-c", "test -f /ready"]\nNotify=healthy\nSecret=secret.token,type=env,target=TOKEN\n'
)


def bundle(**changes: Any) -> Bundle:
    made = Bundle(
        host="app-1",
        units=(
            Unit(name="provisioner.network", text="[Network]\nNetworkName=provisioner\n"),
            Unit(name="provisioner-firewall.service", text="[Service]\nExecStart=/bin/true\n"),
            Unit(name="shop-web-app.container", text=WEB),
            Unit(name="shop-job-app.container", text="[Container]\nImage=job:1\n[Service]\nType=oneshot\n"),
        ),
        files=(HostFile(path="/etc/provisioner/firewall.nft", contents="flush ruleset\n", mode=0o600),),
        secrets=(SecretSlot(name="secret.token", value=Parts((SecretRef(name="token"),))),),
        disks=(DiskMount(volume="data", path="/data"),),
        services=(HostService(name="provisioner-firewall.service", files=("/etc/provisioner/firewall.nft",)),),
        gates=(gate("web", "docker.io/library/nginx:1"), gate("job", "job:1")),
    )
    changed = replace(made, **changes)
    return replace(changed, digest=document.digest_of(changed))


def gate(name: str, image: str) -> Gate:
    return Gate(workload=f"shop/{name}", container="app", service=f"shop-{name}-app.service", image=image, timeout=30)


def delivery(token: str = GIVEN, **changes: Any) -> Delivery:
    return deliver(bundle(**changes), addresses={}, devices={"data": "/dev/disk/by-id/data"}, secrets={"token": token})


def unit(made: Generation, name: str) -> str:
    return next(item.contents.decode() for item in made.items if item.path.endswith(f"/{name}"))


def test_steps_come_in_the_order_in_which_a_host_takes_them() -> None:
    words = [step.split(" ") for step in generation(delivery(), KEY).steps]
    assert [(step[0], step[1], step[4]) for step in words] == [
        ("network", "provisioner-network.service", "provisioner"),
        ("service", "provisioner-firewall.service", "provisioner-firewall.service"),
        ("disk", "provisioner-disk@data.service", "data"),
        ("container", "shop-web-app.service", "shop/web/app"),
        ("container", "shop-job-app.service", "shop/job/app"),
    ]
    assert [step[5:] for step in words[3:]] == [["healthy"], ["job"]]


def test_files_lie_where_their_readers_look() -> None:
    assert {item.path: (item.mode, item.service) for item in generation(delivery(), KEY).items} == {
        "/etc/containers/systemd/provisioner.network": (0o644, "provisioner-network.service"),
        "/etc/systemd/system/provisioner-firewall.service": (0o644, "provisioner-firewall.service"),
        "/etc/containers/systemd/shop-web-app.container": (0o644, "shop-web-app.service"),
        "/etc/containers/systemd/shop-job-app.container": (0o644, "shop-job-app.service"),
        "/etc/provisioner/firewall.nft": (0o600, "provisioner-firewall.service"),
        "/etc/provisioner/disks/data": (0o600, "provisioner-disk@data.service"),
        "/usr/local/sbin/provisioner-disk": (0o755, "-"),
        "/etc/systemd/system/provisioner-disk@.service": (0o644, "-"),
    }


def test_a_changed_file_of_a_service_of_the_host_changes_what_it_reads_alone() -> None:
    before, after = (generation(made, KEY).steps[1].split(" ") for made in (delivery(), delivery(files=())))
    assert before[:5] == after[:5]
    assert before[5] != after[5]


def test_slots_are_one_step_with_both_places() -> None:
    slots = tuple(Slot(name=name, service=f"shop-web-app_{name}.service", rules=f"/rules/{name}/web.rules") for name in "ab")
    units = tuple(Unit(name=f"shop-web-app_{name}.container", text=WEB) for name in "ab")
    made = generation(delivery(units=units, services=(), gates=(replace(gate("web", "x"), slots=slots, drain=30.0),)), KEY)
    assert made.steps[-1].split(" ")[4:] == [
        *("shop/web/app", "30"),
        *("a", "shop-web-app_a.service", "/rules/a/web.rules"),
        *("b", "shop-web-app_b.service", "/rules/b/web.rules"),
    ]


def test_another_secret_is_another_name_in_the_units_and_its_value_is_in_no_file() -> None:
    first, second = generation(delivery("hunter2"), KEY), generation(delivery("hunter3"), KEY)
    assert first.id != second.id
    (name,) = first.secrets
    assert f"Secret={name},type=env,target=TOKEN\n" in unit(first, "shop-web-app.container")
    assert name not in second.secrets
    for text in (*first.files.values(), *(item.contents.decode() for item in first.items), repr(first)):
        assert "hunter" not in text


@given(value=st.text(), other=st.text(), key=st.text(min_size=1))
def test_names_of_secrets_follow_from_name_value_and_key(value: str, other: str, key: str) -> None:
    made = secret_name("secret.token", value, key)
    assert made == secret_name("secret.token", value, key)
    assert (made == secret_name("secret.token", other, key)) == (value == other)
    assert made != secret_name("secret.token", value, f"{key}x")
    assert made.startswith("provisioner.secret.token.")


def answer(made: Generation, *, without: str = "", journal: str = "healthy g") -> str:
    """What a host on which `made` runs well says."""
    listed = [
        {
            "Image": "docker.io/library/nginx:1",
            "State": "running",
            "Status": "Up 3 minutes (healthy)",
            "Ports": [{"host_ip": "", "host_port": 80, "container_port": 8080, "protocol": "tcp"}],
            "Labels": {"provisioner.workload": "shop/web", "provisioner.container": "app"},
        }
    ]
    lines = [
        f"key {KEY}",
        f"journal {journal}",
        f"current {made.id}",
        f"digest {made.digest}",
        *(f"path {item.line.strip()}" for item in made.items),
        *(f"secret {name}" for name in made.secrets),
        "service shop-job-app.service active exited 0 success",
        f"containers {json.dumps(listed)}",
    ]
    return "\n".join(line for line in lines if not without or without not in line)


def test_a_host_that_runs_what_was_brought_has_no_drift() -> None:
    wanted = delivery()
    made = generation(wanted, KEY)
    state = inspect.parse(answer(made))
    found = inspect.running(state, wanted, made)
    assert status.drift(status.wanted(wanted), found) == []
    assert found.containers[0].ports == ("80:8080/tcp",)
    assert state.is_whole
    assert [*inspect.remarks(state)] == []


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ("secret.token", "secret secret.token is missing"),
        ("shop-job-app.service active", "shop/job/app does not run"),
        ("containers [", "shop/web/app does not run"),
        ("/etc/provisioner/firewall.nft", "file /etc/provisioner/firewall.nft is missing"),
    ],
)
def test_what_a_host_lacks_is_drift(without: str, words: str) -> None:
    wanted = delivery()
    made = generation(wanted, KEY)
    found = inspect.running(inspect.parse(answer(made, without=without)), wanted, made)
    assert status.drift(status.wanted(wanted), found) == [words]


def test_an_update_that_stopped_midway_is_told() -> None:
    state = inspect.parse(answer(generation(delivery(), KEY), journal="switching g2 root@ci"))
    assert [*inspect.remarks(state)] == ["an update stopped midway (switching g2 root@ci)"]
    assert inspect.parse("") == inspect.HostState()


@pytest.mark.parametrize("case", CASES, ids=lambda case: " / ".join(case["told"])[:60])
def test_how_a_switch_ended(case: dict[str, Any]) -> None:
    if not case["says"]:
        judge(case["told"], bundle())
        return
    with pytest.raises(HostError) as failure:
        judge(case["told"], bundle())
    assert str(failure.value) == case["says"]
