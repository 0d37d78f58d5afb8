"""Placed plans from the short YAML of the case files.

`workloads` maps names to containers and the rest; a text is a string, or a list of pieces in which `{secret: NAME}` and
`{later: OPERATOR}` stand for what is not known yet. `runs-on` says where each workload runs (default `app-1`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

from provisioner.errors import Place
from provisioner.placement.model import PlacedHost, Placement
from provisioner.plan.model import Balancer, HostGroup, Network, Plan, Target, Volume, Workload
from provisioner.prices.offers import Offer
from provisioner.resolve.model import (
    Check,
    Connection,
    Container,
    Depends,
    File,
    Hook,
    HookCommand,
    Later,
    Mount,
    Needs,
    Parts,
    Port,
    Route,
    SecretRef,
    Service,
    Text,
)
from provisioner.units import Money

CASES = Path(__file__).parent.parent / "cases" / "host"
Data = Mapping[str, Any]


def cases(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / name).read_text())


def plan(case: Data) -> Plan:
    return Plan(
        name="shop/platform",
        target=Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a",)),
        network=Network(cidr="10.0.0.0/16", subnets=(), egress="nat"),
        groups=(HostGroup(name="app", minimum=2, maximum=2, needs=Needs()),),
        volumes=tuple(_volume(name, data) for name, data in case.get("volumes", {}).items()),
        balancers=tuple(_balancer(name, data) for name, data in case.get("balancers", {}).items()),
        workloads=tuple(_workload(name, data) for name, data in case["workloads"].items()),
    )


def placement(case: Data) -> Placement:
    assignments = {**dict.fromkeys(case["workloads"], "app-1"), **case.get("runs-on", {})}
    names = sorted({"app-1", *assignments.values()})
    return Placement(hosts=tuple(_host(name, assignments) for name in names), assignments=assignments)


def text(data: object) -> Text:
    if not isinstance(data, list):
        return str(data)
    return Parts(tuple(_piece(piece) for piece in cast("list[object]", data)))


def _piece(data: object) -> str | SecretRef | Later:
    if isinstance(data, dict):
        named = cast("dict[str, str]", data)
        return SecretRef(name=named["secret"]) if "secret" in named else Later(operator=named["later"])
    return str(data)


def _host(name: str, assignments: Mapping[str, str]) -> PlacedHost:
    offer = Offer(
        cloud="aws",
        region="eu-west-1",
        machine="t3.medium",
        arch="amd64",
        millicpu=2000,
        memory_mib=4096,
        gpu=0,
        hourly=Money.parse("0.0456"),
        spot=None,
        source="tests",
        date="2026-11-22",
    )
    runs = tuple(workload for workload, host in assignments.items() if host == name)
    return PlacedHost(
        name=name,
        group="app",
        zone="eu-west-1a",
        offer=offer,
        spot=False,
        tags=(),
        workloads=runs,
        free_millicpu=0,
        free_memory_mib=0,
    )


def _workload(name: str, data: Data) -> Workload:
    readiness = data.get("readiness")
    return Workload(
        name=name,
        replica=data.get("replica", 1),
        containers=tuple(_container(each, value) for each, value in data["containers"].items()),
        needs=Needs(),
        services={each: Service(name=each, **value) for each, value in data.get("services", {}).items()},
        connections={each: Connection(name=each, **value) for each, value in data.get("connections", {}).items()},
        routes=tuple(Route(**route) for route in data.get("routes", ())),
        hooks=tuple(_hook(**hook) for hook in data.get("hooks", ())),
        depends=Depends(runnables=tuple(data.get("depends", ())), timeout=data.get("timeout", 300)),
        readiness=Check(code="true", **readiness) if readiness else None,
    )


def _container(name: str, data: Data) -> Container:
    plain = {key: data[key] for key in ("image", "restart", "restart_seconds", "user", "workdir") if key in data}
    return Container(
        name=name,
        command=tuple(map(text, data.get("command", ()))),
        entrypoint=tuple(map(text, data.get("entrypoint", ()))),
        environment={key: text(value) for key, value in data.get("environment", {}).items()},
        mounts=tuple(Mount(**mount) for mount in data.get("mounts", ())),
        ports=tuple(Port(**port) for port in data.get("ports", ())),
        files=tuple(_file(name, each, value) for each, value in data.get("files", {}).items()),
        needs=Needs(**data["needs"], stated=True) if "needs" in data else Needs(),
        cap_add=tuple(data.get("cap-add", ())),
        labels={key: text(value) for key, value in data.get("labels", {}).items()},
        ulimits=data.get("ulimits", {}),
        health=tuple(data.get("health", ())),
        place=Place(file="shop.yaml", line=1, column=1),
        **plain,
    )


def _hook(container: str, event: str, commands: list[list[str]]) -> Hook:
    """Each command: the container, then words."""
    steps = tuple(HookCommand(container=where, words=tuple(words)) for where, *words in commands)
    return Hook(container=container, event=event, action="act", commands=steps)


def _file(container: str, name: str, data: Data) -> File:
    return File(name=name, container=container, path=data["path"], contents=text(data["contents"]), mode=data.get("mode", 0o600))


def _volume(name: str, data: Data) -> Volume:
    return Volume(name=name, kind="SSD", size_gib=10, host=data.get("host", "app-1"), zone="eu-west-1a", path=data["path"])


def _balancer(name: str, data: Data) -> Balancer:
    return Balancer(name=name, type="tcp", workload=data["workload"], service="http", port=80, backend_port=data["backend_port"])
