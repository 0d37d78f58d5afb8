"""What holds for every bundle: its digest, its way through JSON, its names, and what it takes to deliver it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from placed_plan import cases, placement, plan

from provisioner.errors import HostError
from provisioner.host import document, status
from provisioner.host.bundle import bundle, bundles
from provisioner.host.delivery import deliver, needed_addresses, needed_devices, needed_keys, needed_secrets
from provisioner.host.model import Bundle, HostFile, HostService, Slot
from provisioner.host.names import joined
from provisioner.host.status import drift, wanted
from provisioner.host.summary import summary, words

ALL = [each for case in cases("units.yaml") for each in bundles(plan(case), placement(case))]
WEB = {"shop/web": {"containers": {"app": {"image": "registry.example.com/web:1.4", "environment": {"A": "1", "B": "2"}}}}}


def web(**changes: object) -> Bundle:
    app = {**WEB["shop/web"]["containers"]["app"], **changes}
    case = {"workloads": {"shop/web": {"containers": {"app": app}}}}
    return bundle(plan(case), placement(case), "app-1")


@pytest.mark.parametrize("made", ALL)
def test_a_bundle_comes_back_from_json(made: Bundle) -> None:
    back = document.from_data(document.to_data(made))
    assert document.to_data(back) == document.to_data(made)
    assert back.digest == made.digest == document.digest_of(made)


def test_a_bundle_that_was_changed_on_the_way_is_refused() -> None:
    data = document.to_data(web())
    data["units"][0]["text"] += "# more\n"
    with pytest.raises(HostError, match="digest: expected sha256:"):
        document.from_data(data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"units": [{"name": "a"}]}, "units: expected name, text, found name"),
        ({"gates": {}}, "gates: expected a list, found dict"),
        ({"disks": [{"volume": "a", "path": 1}]}, "disks/path: expected <class 'str'>, found int"),
        ({"services": [{"name": "a", "files": [1]}]}, "services/files: expected text, found int"),
        ({"more": 1}, "bundle: expected digest, disks, files, gates, host, secrets, services, units, found .* more"),
    ],
)
def test_a_document_of_another_shape_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(HostError, match=message):
        document.from_data({**document.to_data(web()), **change})


@given(
    st.lists(
        st.lists(st.text("ab-_A/é", min_size=1, max_size=4), min_size=2, max_size=4), min_size=2, max_size=2, unique_by=tuple
    )
)
def test_different_words_give_different_names(pair: list[list[str]]) -> None:
    assert joined(*pair[0]) != joined(*pair[1])


def test_services_of_the_host_and_slots_come_back_from_json() -> None:
    slots = tuple(Slot(name=each, service=f"shop-web-app-{each}.service", rules=f"/etc/{each}.nft") for each in "ab")
    made = replace(
        web(),
        files=(HostFile(path="/etc/provisioner/x", contents="%{key:app-1}", mode=0o600, template=True),),
        services=(HostService(name="provisioner-overlay.service", files=("/etc/provisioner/x",)),),
    )
    made = replace(made, gates=(replace(made.gates[0], slots=slots, drain=10.0),))
    data = json.loads(json.dumps(document.to_data(replace(made, digest=document.digest_of(made)))))
    assert document.from_data(data) == replace(made, digest=data["digest"], secrets=())


def test_only_templates_of_files_are_filled() -> None:
    files = tuple(
        HostFile(path=f"/{template}", contents="%{key:app-2} %{address:app-2} 5%%", mode=0o600, template=template)
        for template in (False, True)
    )
    made = replace(web(), files=files)
    assert (needed_keys(made), needed_addresses(made)) == ({"app-2"}, {"app-2"})
    filled = deliver(made, addresses={"app-2": "10.0.0.8"}, keys={"app-2": "abc="}, devices={}, secrets={}).bundle.files
    assert [file.contents for file in filled] == ["%{key:app-2} %{address:app-2} 5%%", "abc= 10.0.0.8 5%"]


def test_delivery_fills_addresses_secrets_and_devices() -> None:
    case = {
        "workloads": {
            "shop/web": {
                "containers": {
                    "app": {
                        "image": "web",
                        "environment": {"URL": ["db://", {"secret": "key"}, "@db"], "PLAIN": "%{address:x}"},
                        "ports": [{"container": 80, "host": 8080}],
                    }
                },
                "connections": {"db": {"target": "shop/db", "service": "sql"}},
            },
            "shop/db": {
                "containers": {"main": {"image": "db"}},
                "services": {"sql": {"container": "main", "port": 5432}},
            },
        },
        "runs-on": {"shop/db": "data-1"},
        "volumes": {"disk": {"path": "/data"}},
    }
    made = bundle(plan(case), placement(case), "app-1")
    assert (needed_addresses(made), needed_keys(made)) == ({"app-1", "data-1"}, {"data-1"})
    assert (needed_secrets(made), needed_devices(made)) == ({"key"}, {"disk"})
    addresses = {"app-1": "10.0.0.6", "data-1": "10.0.0.7"}
    delivery = deliver(
        made, addresses=addresses, keys={"data-1": "abc="}, devices={"disk": "/dev/vdb"}, secrets={"key": "hunter2"}
    )
    text = {unit.name: unit.text for unit in delivery.bundle.units}["shop-web-app.container"]
    assert "PublishPort=10.0.0.6:8080:80/tcp\n" in text
    assert 'Environment="PLAIN=%%{address:x}"' in text
    assert delivery.secrets == {"env.shop-web-app.URL": "db://hunter2@db"}
    assert delivery.disks[0].device == "/dev/vdb"
    assert "hunter2" not in repr(delivery)


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, []),
        ({"image": "registry.example.com/web:1.5"}, ["image of shop/web: 1.4 to 1.5"]),
        ({"image": "other/web:1"}, ["image of shop/web: registry.example.com/web:1.4 to docker.io/other/web:1"]),
        ({"environment": {"A": "1", "B": "3"}}, ["environment of shop/web: without B=2, with B=3"]),
        ({"environment": {}}, ["environment of shop/web: gone"]),
        (
            {"ports": [{"container": 80, "host": 80, "published": True}]},
            ["ports of shop/web: new, 80:80/tcp", "host firewall: changed"],
        ),
    ],
)
def test_a_change_is_told_in_words(changes: dict[str, object], sentences: list[str]) -> None:
    assert words(summary(web()), summary(web(**changes))) == sentences


def test_ports_of_a_container_with_slots_are_told_as_those_of_others() -> None:
    before = web(health=["up"], ports=[{"container": 80, "host": 80}])
    after = web(health=["up"], ports=[{"container": 80, "host": 81}])
    assert words(summary(before), summary(after)) == ["ports of shop/web: without 80:80/tcp, with 81:80/tcp"]


def test_drift_is_told_in_words() -> None:
    want = wanted(deliver(web(), addresses={}, devices={}, secrets={}))
    assert drift(want, status.from_data(status.to_data(want))) == []
    exited = replace(want, containers=(replace(want.containers[0], state="exited"),))
    assert drift(want, exited) == ["state of shop/web/app is exited, expected running"]
    edited = replace(want, units={**want.units, "shop-web-app.container": "0", "more.container": "1"})
    assert drift(want, edited) == [
        "unit more.container is not of this bundle",
        "unit shop-web-app.container was changed on the host",
    ]
    assert drift(want, replace(want, containers=(), digest="")) == ["shop/web/app does not run"]
