"""The `provisioner` plugin's own process under the real engine: a bundle's life on a simulated machine, and a secret's."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
from harness import EngineFailure, Harness

from provisioner.deploy.bundles import Bundle, Host, Way
from provisioner.deploy.secrets import Secret
from provisioner.host.document import digest_of
from provisioner.host.model import Bundle as Contents
from provisioner.host.model import Gate, SecretSlot, Unit
from provisioner.resolve.model import Parts, SecretRef
from provisioner.sandbox.hosts import bundles
from provisioner.sandbox.kinds import Kind
from provisioner.sandbox.registry import Catalog
from provisioner.sandbox.state import opened

MACHINE = Kind(
    token="aws:ec2/instance:Instance",
    identify=lambda call: f"i-{call.digest[:8]}",
    outputs=lambda _call, _id: {},
    immutable=frozenset({"ami"}),
)
SCHEMAS = {"resources": {MACHINE.token: {"required": ["ami"], "properties": {"ami": "string"}}}}
CATALOGS = {"aws": Catalog(package="aws", kinds={MACHINE.token: MACHINE}, schemas=SCHEMAS)}
PLUGIN = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
GIVEN = "hunter2-from-the-configuration"


def contents(version: str = "1.4", extra: str = "") -> Contents:
    """A web container with a secret of each kind, and its image at `version`."""
    image = f"registry.example.com/web:{version}"
    text = f"[Container]\nImage={image}\nContainerName=shop-web-app\nNetwork=provisioner.network\n{extra}\n"
    slots = (
        SecretSlot(name="secret.session", value=Parts((SecretRef(name="session"),))),
        SecretSlot(name="env.shop-web-app.url", value=Parts(("db://app:", SecretRef(name="given"), "@db"))),
    )
    made = Contents(
        host="app-1",
        units=(
            Unit(name="provisioner.network", text="[Network]\nNetworkName=provisioner\n"),
            Unit(name="shop-web-app.container", text=text),
        ),
        secrets=slots,
        gates=(Gate(workload="shop/web", container="app", service="shop-web-app.service", image=image, timeout=300),),
    )
    return replace(made, digest=digest_of(made))


def program(made: Contents, *, ami: str = "ami-1", length: int = 24) -> Callable[[], None]:
    def register() -> None:
        machine = pulumi.CustomResource(MACHINE.token, "app-1", {"ami": ami})
        session = Secret("session", length=length)
        secrets = {"session": session.value, "given": pulumi.Output.from_input(GIVEN), "unused": pulumi.Output.from_input("x")}
        way = Way(host="app-1", host_id=machine.id)
        host = Host("app-1", way=way)
        bundle = Bundle(
            "app-1",
            bundle=made,
            way=way,
            host_key=host.host_key,
            address="10.0.0.4",
            devices={},
            addresses={"data-1": "10.0.0.7"},
            keys={"app-1": host.overlay_key},
            secret_values=secrets,
        )
        pulumi.export("containers", bundle.containers)
        pulumi.export("session", session.value)

    return register


def documents(stack: Harness) -> list[dict[str, Any]]:
    with opened(stack.state_file) as state:
        return bundles(state)


def stop_containers(stack: Harness) -> None:
    """By hand, on the host."""
    (stored,) = documents(stack)
    for container in stored["status"]["containers"]:
        container["state"] = "exited"
    with opened(stack.state_file) as state:
        state.execute("UPDATE bundles SET document = ?", json.dumps(stored))


def at_rest(stack: Harness) -> str:
    """Everything that the engine's backend and the sandbox keep in files."""
    files = [*(stack.folder / "backend").rglob("*.json*"), stack.state_file]
    return "".join(file.read_bytes().decode(errors="replace") for file in files)


def test_the_life_of_a_bundle_and_of_a_secret(simulated: Callable[..., Harness]) -> None:
    stack = simulated(program(contents()), catalogs=CATALOGS, environment=PLUGIN, config={"provisioner:package": "shop/platform"})
    stack.up()
    first = stack.outputs()
    session = first["session"]
    assert [container["state"] for container in first["containers"]] == ["running"]
    assert session not in at_rest(stack)
    assert GIVEN not in at_rest(stack)
    assert "shop-web-app.container" in at_rest(stack)

    assert stack.up() == {"same": 5}

    stop_containers(stack)
    assert stack.refresh()["update"] == 1
    preview = stack.use(program(contents("1.5")))._stack.preview(color="never").stdout  # pyright: ignore[reportPrivateUsage]
    assert "image of shop/web: 1.4 to 1.5" in preview
    assert "repairs state of shop/web/app is exited, expected running" in preview

    assert stack.use(program(contents("1.5"), ami="ami-2")).up() == {"same": 2, "replace": 3}
    (stored,) = documents(stack)
    assert stored["status"]["containers"][0]["image"] == "registry.example.com/web:1.5"
    assert stored["status"]["containers"][0]["state"] == "running"
    assert stack.outputs()["session"] == session

    stack.destroy()
    assert documents(stack) == []


def test_a_unit_that_quadlet_refuses_stops_the_preview(simulated: Callable[..., Harness]) -> None:
    stack = simulated(program(contents(extra="Memory=512M")), catalogs=CATALOGS, environment=PLUGIN)
    with pytest.raises(EngineFailure, match=r"shop-web-app\.container:5:0: unsupported key 'Memory' in group 'Container'"):
        stack.preview()
    assert documents(stack) == []
