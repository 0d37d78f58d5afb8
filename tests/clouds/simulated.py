"""A cloud's components built in this process, with the sandbox's own kinds for an answer: no engine, no mocks by hand.

    tree = simulate(cloud, prepared)

Each resource is checked and created as the sandbox does it, in the order in which the program registers them, so what
`simulate` returns is what a first `up` would create. It works for every cloud that `discovery` finds.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pulumi
from golden import Fake, Tree, quiet_sdk_imports, record
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

from provisioner.clouds.components import Deployment
from provisioner.clouds.contract import Cloud
from provisioner.clouds.discovery import clouds
from provisioner.deploy import program
from provisioner.deploy.prepare import Prepared
from provisioner.host.cloud_init import cloud_init
from provisioner.plan.model import Target
from provisioner.sandbox import checking, configuration, lifecycle
from provisioner.sandbox.kinds import CloudRefusal
from provisioner.sandbox.lifecycle import Subject
from provisioner.sandbox.naming import Naming
from provisioner.sandbox.registry import Catalog, load_catalogs
from provisioner.sandbox.schema import Schema
from provisioner.sandbox.state import State
from provisioner.sandbox.world import StateWorld

CATALOGS = load_catalogs()
SEED = bytes(range(16))


@dataclass(slots=True)
class Simulated(Fake):
    """Answers with what the sandbox makes of each resource, and refuses what it refuses."""

    registered: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list[tuple[str, str, Mapping[str, Any]]])
    """Type, name and inputs of each resource, in the program's order."""
    catalog: Catalog = field(kw_only=True)
    config: Mapping[str, str] = field(kw_only=True)
    state: State = field(kw_only=True)

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        given = cast("dict[str, Any]", plain(args.args))  # pyright: ignore[reportUnknownMemberType]
        with self.state.transaction():
            return dict(self.catalog.function(args.token)(given, self.config, StateWorld(self.state))), []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        inputs = cast("dict[str, Any]", plain(args.inputs))  # pyright: ignore[reportUnknownMemberType]
        if not args.custom:
            return "", inputs
        self.registered.append((args.typ, args.name, inputs))
        return self.create(args.typ, args.name, inputs)

    def create(self, token: str, name: str, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Raises `CloudRefusal`."""
        kind = self.catalog.kind(token)
        subject = Subject(package=self.catalog.package, urn=f"urn:pulumi:dev::demo::{token}::{name}", config=self.config)
        with self.state.transaction():
            asked = lifecycle.call(subject, inputs, lifecycle.make_digest(subject.urn), StateWorld(self.state))
            checked = checking.check(kind, Schema(self.catalog.schemas), asked, {}, SEED, Naming())
            if checked.failures:
                words = "; ".join(f"{failure.property}: {failure.reason}" for failure in checked.failures)
                raise CloudRefusal(f"{subject.urn}: {words}")
            made = lifecycle.create(self.state, kind, subject, checked.inputs)
        return made.id, dict(made.outputs)


def simulate(prepared: Prepared, *, beside: State | None = None) -> Tree:
    """What the components of the plan's cloud register, each resource accepted by its sandbox.

    `beside` is what the sandbox holds already.
    """
    document = cloud_init("")
    documents = {host.name: document for host in prepared.placement.hosts}
    return build(Deployment(plan=prepared.plan, hosts=prepared.placement.hosts, user_data=documents), beside=beside)


def build(deployment: Deployment, *, beside: State | None = None, after: Callable[[Any], None] | None = None) -> Tree:
    """`simulate` for a deployment made by hand. `after` gets its families once they are there."""
    with cloud_of(deployment.plan.target, beside) as mocks:
        return run(deployment, mocks, after)


def run(deployment: Deployment, mocks: Simulated, after: Callable[[Any], None] | None = None) -> Tree:
    """Register a deployment with a cloud."""
    cloud = clouds()[deployment.plan.target.cloud]
    with quiet_sdk_imports():
        modules = program.families(cloud.name, program.used(deployment.plan))

    def register() -> None:
        made = program.build(with_values(deployment), modules, {})
        if after is not None:
            after(made)

    return record(register, mocks=mocks)


def with_values(deployment: Deployment) -> Deployment:
    """A value for each stored secret: outputs are made where resources are registered."""
    names = [secret.name for secret in deployment.plan.stored_secrets]
    return replace(deployment, secret_values={name: pulumi.Output.secret(f"value of {name}") for name in names})


@contextmanager
def cloud_of(target: Target, beside: State | None = None) -> Generator[Simulated]:
    """A simulated cloud in which nothing exists, or what `beside` holds."""
    cloud, state = clouds()[target.cloud], beside or State(Path(":memory:"))
    try:
        yield Simulated(catalog=CATALOGS[cloud.package], config=provider_config(cloud, target.region), state=state)
    finally:
        if beside is None:
            state.close()


def provider_config(cloud: Cloud, region: str) -> Mapping[str, str]:
    given = {key.split(":")[1]: region for key in cloud.region_config}
    return configuration.complete(cloud.package, given)


def plain(value: Any) -> Any:
    """Whole numbers as integers: the wire has floats only. Secrets as their values."""
    if rpc.is_rpc_secret(value):
        return plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in cast("dict[object, object]", value).items()}
    if isinstance(value, list):
        return [plain(item) for item in cast("list[object]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value
