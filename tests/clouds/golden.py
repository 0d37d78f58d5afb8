"""Golden resource trees: what a cloud's families register for one small deployment, kept in `tests/golden/<cloud>/`.

    def test_tree_of_the_fixture():
        tree = record(lambda: build(deployment(TARGET, machines=MACHINES)), mocks=Fake(functions=…, outputs=…))
        assert_golden("aws/fixture.yaml", tree)

`UPDATE_GOLDEN=1 pytest …` writes the file instead of comparing. A name that vanishes without an alias is a replacement in
every stack that exists, so a change of a golden file is reviewed as such.
"""

import asyncio
import os
import warnings
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pulumi
import yaml
from pulumi.runtime import mocks as pulumi_mocks
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks

GOLDEN = Path(__file__).parent.parent / "golden"
UNKNOWN = "«unknown»"
"""Stands in a tree for an input that is not known in a preview."""

Tree = dict[str, dict[str, Any]]
"""`TYPE::NAME` to what was registered: parent, options that matter, inputs (the engine's names)."""


def record(build: Callable[[], object], *, mocks: "Fake", preview: bool = False) -> Tree:
    """Run `build` under mocks, wait for every registration, and return all of them.

    With `preview` nothing that a cloud would answer is known: ids and computed outputs are unknown.
    """
    monitor = Recorder(mocks)
    mocks.preview = preview
    awaited = cast("Callable[[Callable[[], object]], Callable[[], None]]", pulumi_mocks.test)  # pyright: ignore[reportUnknownMemberType]

    def run() -> None:
        build()

    with _own_event_loop(), quiet_sdk_imports():
        set_mocks(mocks, project="demo", stack="dev", preview=preview, monitor=monitor)
        awaited(run)()
    assert monitor.tree, "nothing was registered: the construction did not run"
    return dict(sorted(monitor.tree.items()))


def assert_golden(name: str, tree: Tree) -> None:
    """Compare with `tests/golden/NAME`, or write it when UPDATE_GOLDEN is set."""
    path = GOLDEN / name
    text = yaml.safe_dump(tree, width=120, sort_keys=True)
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    expected = yaml.safe_load(path.read_text())
    renamed = {alias for registration in tree.values() for alias in registration.get("aliases", ())}
    gone, new = sorted(expected.keys() - tree.keys() - renamed), sorted(tree.keys() - expected.keys())
    assert not gone, f"{path.name}: vanished without an alias: {gone}; new: {new}"
    assert not new, f"{path.name}: not in the golden file: {new}; UPDATE_GOLDEN=1 accepts them"
    for key, wanted in expected.items():
        assert yaml.safe_load(yaml.safe_dump(tree[key])) == wanted, f"{path.name}: {key} changed"


def names_only(tree: Tree) -> Tree:
    """The tree without inputs: what decides whether a resource that exists is kept."""
    return {key: {name: value for name, value in entry.items() if name != "inputs"} for key, entry in tree.items()}


def of_type(tree: Tree, token: str) -> dict[str, dict[str, Any]]:
    """Name to registration, for one resource type."""
    return {key.split("::")[1]: value for key, value in tree.items() if key.split("::")[0] == token}


def resolved(output: pulumi.Output[Any], into: dict[str, Any], key: str) -> None:
    """Keep what an output resolves to (None where it is unknown) in `into`, for assertions after `record`."""

    def keep(value: object) -> None:
        into[key] = value

    output.apply(keep)


@dataclass(slots=True)
class Fake(Mocks):
    """A provider that answers with the inputs, an id `NAME-id`, and what `outputs` and `functions` add.

    `outputs` maps a resource type to a function of (name, inputs); `functions` maps an invoke's token to one of its
    arguments.
    """

    outputs: Mapping[str, Callable[[str, Mapping[str, Any]], Mapping[str, Any]]] = field(
        default_factory=dict[str, Callable[[str, Mapping[str, Any]], Mapping[str, Any]]]
    )
    functions: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = field(
        default_factory=dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]]
    )
    preview: bool = False

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        given = cast("dict[str, Any]", args.args)  # pyright: ignore[reportUnknownMemberType]
        return dict(self.functions[args.token](given)), []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)  # pyright: ignore[reportUnknownMemberType]
        if not args.custom or self.preview:
            return "", dict(inputs)
        answer = self.outputs.get(args.typ, _nothing)
        return f"{args.name}-id", {**inputs, **answer(args.name, inputs)}


def _nothing(name: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


class Recorder(MockMonitor):
    """Keeps each registration with its parent and the options that change what the engine does."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.tree: Tree = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the protocol's name)
        if request.type != "pulumi:pulumi:Stack":
            key = f"{request.type}::{request.name}"
            assert key not in self.tree, f"{key} is registered twice"
            self.tree[key] = _registration(request)
        return super().RegisterResource(request)  # pyright: ignore[reportUnknownMemberType]


def _registration(request: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"inputs": _printable(rpc.deserialize_properties(request.object, keep_unknowns=True))}
    parent_type, parent_name = request.parent.split("::")[2:4]
    if parent_type != "pulumi:pulumi:Stack":
        entry["parent"] = f"{parent_type.split('$')[-1]}::{parent_name}"
    if request.ignoreChanges:
        entry["ignoreChanges"] = list(request.ignoreChanges)
    for option in ("deleteBeforeReplace", "protect", "retainOnDelete"):
        if getattr(request, option):
            entry[option] = True
    found = [*map(_of_urn, request.aliasURNs), *(_alias(request, alias) for alias in request.aliases)]
    aliases = [alias for alias in found if alias.split("::")[1] != request.name or alias.startswith("provisioner:")]
    return {**entry, "aliases": aliases} if aliases else entry  # an SDK's own are other API versions of the same name


def _alias(request: Any, alias: Any) -> str:
    """The `TYPE::NAME` that a resource had before."""
    if alias.urn:
        return _of_urn(alias.urn)
    return f"{alias.spec.type or request.type}::{alias.spec.name or request.name}"


def _of_urn(urn: str) -> str:
    chain, name = urn.split("::")[2:4]
    return f"{chain.split('$')[-1]}::{name}"


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _printable(item) for key, item in cast("dict[object, object]", value).items()}
    if isinstance(value, list):
        return [_printable(item) for item in cast("list[object]", value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the wire has floats only
    return UNKNOWN if isinstance(value, pulumi.output.Unknown) else value


@contextmanager
def _own_event_loop() -> Generator[None, None, None]:
    """Pulumi makes an event loop in every thread that it uses and never closes it, which counts as an error in tests."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    worker = ThreadPoolExecutor(max_workers=1)
    loop.set_default_executor(worker)
    try:
        yield
    finally:
        _end_tasks(loop)  # after a refusal others are under way, which would make the worker's loop anew
        worker.submit(_close_event_loop).result()
        loop.run_until_complete(loop.shutdown_default_executor())
        _close_event_loop()


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def _close_event_loop() -> None:
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        return
    loop.close()
    asyncio.set_event_loop(None)


@contextmanager
def quiet_sdk_imports() -> Generator[None, None, None]:
    """The clouds' SDKs warn of their own deprecated classes while they are imported: import them within this."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="pulumi_")
        yield
