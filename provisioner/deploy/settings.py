"""A stack's configuration, `provisioner:*`, checked once: from the running program or from the stack's file. No Pulumi here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, field_validator

from provisioner.clouds import inventory
from provisioner.clouds.inventory import Inventory
from provisioner.deploy.prepare import Request
from provisioner.errors import InputError, Place, Problem, Problems, ProvisionerError
from provisioner.units import parse_percent

NAMESPACE = "provisioner:"


class TargetSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cloud: str
    region: str
    zones: tuple[str, ...] = ()
    others: dict[str, str] = {}
    """Regions of the other clouds that host groups name."""


class Ssh(BaseModel):
    """How the hosts are reached over SSH. `key` is the path of a private key; "" asks the agent, then the user's own keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    user: str = "provisioner"
    key: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    jump: str = ""
    """`user@host:port` of the machine through which they are reached."""


class Settings(BaseModel):
    """The keys of our namespace, but `secrets`: only the running program reads those, as outputs."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    package: str
    target: TargetSettings
    variables: dict[str, dict[str, JsonValue]] = {}
    sources: tuple[str, ...] = ("blueprints",)
    usage: str = ""
    account: str = ""
    rebalance: str | int = ""
    ssh_key: Annotated[str, Field(alias="ssh-key")] = ""
    ssh: Ssh = Ssh()
    archives: dict[str, str] = {}
    """Image to the path of an archive that holds it, for hosts that no registry reaches."""
    renew: tuple[str, ...] = ()
    machines: dict[str, JsonValue] = {}
    """The inventory, which `clouds.inventory` reads."""

    @field_validator("rebalance")
    @classmethod
    def _share(cls, value: str | int) -> str | int:
        """A share such as 30%; "" for none."""
        if value != "":
            parse_percent(value)
        return value


KEYS = tuple(field.alias or name for name, field in Settings.model_fields.items())


def parse(found: Mapping[str, JsonValue], file: str) -> Settings:
    """`found` holds our keys without their namespace. Raises `InputError` with every wrong key named."""
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        raise InputError(_problems(error, file)) from None


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
        inventory=_inventory(settings, file),
        moves_percent=parse_percent(settings.rebalance) if settings.rebalance != "" else None,
        place=Place(file=file, path=f"{NAMESPACE}target"),
    )


def _inventory(settings: Settings, file: str) -> Inventory:
    problems = Problems()
    found = inventory.read(settings.machines, Place(file=file, path=f"{NAMESPACE}machines"), problems)
    problems.raise_errors()
    return found


def read_stack(start: Path, stack: str) -> Request:
    """The request of `Pulumi.STACK.yaml`, for verbs that work without an engine."""
    root = project_folder(start)
    project = _mapping(root / "Pulumi.yaml")
    file = root / str(project.get("stackConfigDir", "")) / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        raise InputError(
            [Problem(severity="error", code="unknown-stack", message=f'no stack "{stack}": expected the file {file}')]
        )
    config = _mapping(file).get("config")
    keys = config if isinstance(config, dict) else {}
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


def _mapping(file: Path) -> dict[str, JsonValue]:
    try:
        found: JsonValue = yaml.safe_load(file.read_text())
    except yaml.YAMLError as error:
        raise InputError([Problem(severity="error", code="yaml", message=str(error), place=Place(file=str(file)))]) from None
    return found if isinstance(found, dict) else {}


def _problems(error: ValidationError, file: str) -> list[Problem]:
    return [
        Problem(
            severity="error",
            code="stack-configuration",
            message=f"{detail['msg'][0].lower()}{detail['msg'][1:]}, found {detail['input']!r}",
            place=Place(file=file, path=NAMESPACE + "/".join(map(str, detail["loc"]))),
        )
        for detail in error.errors()
    ]
