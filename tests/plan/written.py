"""Resolved definitions written by hand in YAML, with true places, so that the plan is tested without the language layer."""

from pathlib import Path
from typing import Any, cast

import yaml

from provisioner.errors import Place
from provisioner.plan.model import Target
from provisioner.resolve.model import (
    Affinity,
    Blueprint,
    Container,
    Field,
    Later,
    Mount,
    Needs,
    Parts,
    Port,
    Resolved,
    Route,
    Runnable,
    RunnableVolume,
    SecretRef,
    Service,
    Spread,
)
from provisioner.units import parse_cpu, parse_mib

CASES = Path(__file__).parent.parent / "cases" / "plan"
TARGET = Target(cloud="aws", region="eu-west-1", zones=("eu-west-1a", "eu-west-1b", "eu-west-1c"))
NAME = "shop/platform"
SCALARS: Any = yaml.SafeLoader("")


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of one file; `blueprint` of each becomes a tree of fields with places."""
    text = (CASES / name).read_text()
    written = yaml.safe_load(text)
    nodes = cast("yaml.SequenceNode", yaml.compose(text, yaml.SafeLoader))
    for case, node in zip(written, nodes.value, strict=True):
        case["fields"] = next((field(value, name, NAME) for key, value in node.value if key.value == "blueprint"), None)
    return written


def field(node: yaml.Node, file: str, path: str) -> Field:
    """`LATER` and `SECRET` stand for values that are not known yet."""
    mark = node.start_mark
    place = Place(file=file, line=mark.line + 1, column=mark.column + 1, path=path)
    if isinstance(node, yaml.MappingNode):
        items = cast("list[tuple[yaml.ScalarNode, yaml.Node]]", node.value)
        return Field(value={key.value: field(value, file, f"{path}/{key.value}") for key, value in items}, place=place)
    if isinstance(node, yaml.SequenceNode):
        elements = cast("list[yaml.Node]", node.value)
        return Field(value=[field(value, file, f"{path}/{index}") for index, value in enumerate(elements)], place=place)
    value: object = SCALARS.construct_object(node)
    if value == "LATER":
        value = Parts((Later(operator="ip-address-public"),))
    if value == "SECRET":
        value = Parts(("prefix-", SecretRef(name="token")))
    return Field(value=value, place=place)


def resolved(case: dict[str, Any]) -> Resolved:
    runnables = tuple(runnable(name, written or {}) for name, written in case.get("runnables", {}).items())
    fields: Field | None = case.get("fields")
    blueprint = None
    if fields is not None:
        blueprint = Blueprint(name=NAME, sections=cast("dict[str, Field]", fields.value or {}), place=fields.place)
    return Resolved(name=NAME, kind="blueprint" if blueprint else "group", blueprint=blueprint, runnables=runnables)


def runnable(name: str, written: dict[str, Any]) -> Runnable:
    services = {key: Service(name=key, container="main", **value) for key, value in written.get("services", {}).items()}
    volumes = {key: RunnableVolume(name=key, **value) for key, value in written.get("volumes", {}).items()}
    containers: dict[str, dict[str, Any] | None] = written.get("containers") or {"main": {}}
    affinity: dict[str, Any] = {**written.get("affinity", {})}
    together: tuple[str, ...] = tuple(affinity.pop("together", ()))
    return Runnable(
        name=name,
        containers=tuple(container(name, key, value or {}) for key, value in containers.items()),
        services=services,
        routes=tuple(Route(**route, place=Place(path=name)) for route in written.get("routes", ())),
        affinity=Affinity(**affinity, together=together),
        replicas=written.get("replicas", 1),
        spread=Spread(**written.get("spread", {})),
        survive=written.get("survive", True),
        volumes=volumes,
        place=Place(path=name),
    )


def container(runnable_name: str, name: str, written: dict[str, Any]) -> Container:
    asked = written.get("needs", {})
    needs = Needs(
        millicpu=parse_cpu(asked.get("cpu", "250m")),
        memory_mib=parse_mib(asked.get("memory", "256MiB")),
        gpu=asked.get("gpu", 0),
        arch=asked.get("arch", ""),
        stated=bool(asked),
    )
    return Container(
        name=name,
        image="docker.io/library/nginx:1.28",
        environment={secret.upper(): Parts((SecretRef(name=secret),)) for secret in written.get("secrets", [])},
        mounts=(
            *(Mount(host=path, container="/data") for path in written.get("mounts", [])),
            *(Mount(host=f"/mnt/{volume}", container="/data", volume=volume) for volume in written.get("volumes", [])),
        ),
        ports=tuple(Port(**port) for port in written.get("ports", [])),
        needs=needs,
        place=Place(path=f"{runnable_name}/containers/{name}"),
    )
