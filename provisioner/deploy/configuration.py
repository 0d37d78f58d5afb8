"""The running stack's configuration, through Pulumi: our keys, the provider's region, and secrets as outputs."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import pulumi

from provisioner.clouds.contract import Cloud
from provisioner.deploy.settings import KEYS, Settings, parse
from provisioner.errors import Place, Problems

_OBJECTS = ("target", "variables", "sources", "ssh", "archives", "renew", "machines")


def stack_file() -> str:
    """The name by which messages call the stack's configuration."""
    return f"Pulumi.{pulumi.get_stack()}.yaml"


def read() -> Settings:
    config = pulumi.Config("provisioner")
    found: dict[str, object] = {}
    for key in KEYS:
        value = cast("object", config.get_object(key) if key in _OBJECTS else config.get(key))
        if value is not None:
            found[key] = value
    return parse(found, stack_file())


def check_provider_region(cloud: Cloud, region: str) -> Problems:
    """The provider's own region must be the target's, or prices and resources would disagree."""
    problems = Problems()
    for key in cloud.region_config:
        namespace, name = key.split(":")
        found = pulumi.Config(namespace).get(name)
        if found != region:
            words = f'found "{found}"' if found else "found nothing"
            place = Place(file=stack_file(), path=key)
            message = f'expected the target\'s region "{region}", {words}'
            problems.error("provider-region", place, message, hint=f"pulumi config set {key} {region}")
    return problems


def secret_values() -> Mapping[str, pulumi.Output[str]]:
    """`provisioner:secrets`, each value a Pulumi secret."""
    config = pulumi.Config("provisioner")
    given: pulumi.Output[Any] | None = config.get_secret_object("secrets")
    names = cast("Mapping[str, object]", config.get_object("secrets") or {})
    if given is None:
        return {}
    return {name: given.apply(_picker(name)) for name in names}


def _picker(name: str) -> Callable[[Mapping[str, object]], str]:
    return lambda values: str(values[name])
