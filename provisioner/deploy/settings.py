"""A stack's configuration, `provisioner:*`, checked once: from the running program or from the stack's file. No Pulumi here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import yaml

from provisioner.clouds import inventory
from provisioner.clouds.inventory import NO_MACHINES, Inventory
from provisioner.deploy.prepare import Request
from provisioner.errors import InputError, Place, Problem, Problems, ProvisionerError
from provisioner.plan.fields import Section, plain
from provisioner.plan.readers import UnreadableError, found, integer, percent, text
from provisioner.resolve.model import Field

NAMESPACE: Final = "provisioner:"
KEYS: Final = (
    "package", "target", "variables", "sources", "usage", "account", "rebalance", "ssh-key", "ssh", "archives", "renew",
    "machines",
)  # fmt: skip
"""The keys of our namespace, but `secrets`: only the running program reads those, as outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """`others` are regions of the other clouds that host groups name."""

    cloud: str
    region: str
    zones: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ssh:
    """How the hosts are reached over SSH. `key` is the path of a private key; "" asks the agent, then the user's own keys."""

    user: str = "provisioner"
    key: str = ""
    port: int = 22
    jump: str = ""
    """`user@host:port` of the machine through which they are reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    package: str
    target: TargetSettings
    variables: Mapping[str, Mapping[str, object]] = field(default_factory=dict[str, "Mapping[str, object]"])
    sources: tuple[str, ...] = ("blueprints",)
    usage: str = ""
    account: str = ""
    moves_percent: int | None = None
    ssh_key: str = ""
    ssh: Ssh = field(default_factory=Ssh)
    archives: Mapping[str, str] = field(default_factory=dict[str, str])
    """Image to the path of an archive that holds it, for hosts that no registry reaches."""
    renew: tuple[str, ...] = ()
    inventory: Inventory = field(default_factory=lambda: NO_MACHINES)


def parse(given: Mapping[str, object], file: str) -> Settings:
    """`given` holds our keys without their namespace. Raises `InputError` with every mistake named."""
    problems = Problems()
    written = {key: plain(value, Place(file=file, path=f"{NAMESPACE}{key}")) for key, value in given.items()}
    top = Section(field=Field(value=written, place=Place(file=file, path=NAMESPACE)), problems=problems)
    top.only(*KEYS)
    top.require("package", "target")
    settings = Settings(
        package=top.read("package", text, default=""),
        target=_target(top),
        variables=_mappings(top.section("variables"), given.get("variables")),
        sources=top.read_list("sources", text) if "sources" in top else ("blueprints",),
        usage=top.read("usage", _line, default=""),
        account=top.read("account", _line, default=""),
        moves_percent=top.read("rebalance", _share, default=None),
        ssh_key=top.read("ssh-key", _line, default=""),
        ssh=_ssh(top.section("ssh")),
        archives=_texts(top.section("archives")),
        renew=top.read_list("renew", text),
        inventory=inventory.read(_mapping(given.get("machines")), top.section("machines").place, problems),
    )
    problems.raise_errors()
    return settings


def _target(top: Section) -> TargetSettings:
    target = top.section("target")
    target.only("cloud", "region", "zones", "others")
    if "target" in top and isinstance(target.field.value, dict):
        target.require("cloud", "region")
    return TargetSettings(
        cloud=target.read("cloud", text, default=""),
        region=target.read("region", text, default=""),
        zones=target.read_list("zones", text),
        others=_texts(target.section("others")),
    )


def _ssh(section: Section) -> Ssh:
    section.only("user", "key", "port", "jump")
    return Ssh(
        user=section.read("user", text, default="provisioner"),
        key=section.read("key", _line, default=""),
        port=section.read("port", integer("a port number", 1, 65535), default=22),
        jump=section.read("jump", _line, default=""),
    )


def _texts(section: Section) -> dict[str, str]:
    return {key: section.read(key, text, default="") for key in section.fields}


def _mappings(section: Section, given: object) -> dict[str, Mapping[str, object]]:
    """A mapping of mappings as it was given: what is in them is no business of ours."""
    return {name: _mapping(_mapping(given)[name]) for name, _ in section.sections()}


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _line(value: object) -> str:
    """Text, which may be empty."""
    if not isinstance(value, str):
        raise UnreadableError(f"expected text, found {found(value)}")
    return value


def _share(value: object) -> int | None:
    """A share such as 30%; "" for none."""
    return None if value == "" else percent(100)(value)


def request(settings: Settings, root: Path, file: str) -> Request:
    """What `prepare` needs. Paths are relative to `root`, the folder of `Pulumi.yaml`; absent source folders are left out."""
    folders = (root / source for source in settings.sources)
    return Request(
        name=settings.package,
        cloud=settings.target.cloud,
        region=settings.target.region,
        zones=settings.target.zones,
        others=settings.target.others,
        sources=tuple(folder for folder in folders if folder.exists()),
        variables=settings.variables,
        usage=root / settings.usage if settings.usage else None,
        account=root / settings.account if settings.account else None,
        inventory=settings.inventory,
        moves_percent=settings.moves_percent,
        place=Place(file=file, path=f"{NAMESPACE}target"),
    )


def read_stack(start: Path, stack: str) -> Request:
    """The request of `Pulumi.STACK.yaml`, for verbs that work without an engine."""
    root = project_folder(start)
    project = _loaded(root / "Pulumi.yaml")
    file = root / str(project.get("stackConfigDir", "")) / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        raise InputError(
            [Problem(severity="error", code="unknown-stack", message=f'no stack "{stack}": expected the file {file}')]
        )
    keys = _mapping(_loaded(file).get("config"))
    own = {
        key.removeprefix(NAMESPACE): value
        for key, value in keys.items()
        if key.startswith(NAMESPACE) and key != f"{NAMESPACE}secrets"
    }
    return request(parse(own, str(file)), root, str(file))


def project_folder(start: Path) -> Path:
    """The nearest folder with a `Pulumi.yaml`, from `start` upwards."""
    for folder in (start, *start.parents):
        if (folder / "Pulumi.yaml").is_file():
            return folder
    raise ProvisionerError(f"no Pulumi.yaml in {start} or above it; `provisioner init DIR` makes a project")


def _loaded(file: Path) -> Mapping[str, object]:
    try:
        return _mapping(yaml.safe_load(file.read_text()))
    except yaml.YAMLError as error:
        raise InputError([Problem(severity="error", code="yaml", message=str(error), place=Place(file=str(file)))]) from None
