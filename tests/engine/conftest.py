"""Fixtures for tests with the real engine. They are skipped, with the reason, where no engine is installed."""

import gc
import os
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from harness import Harness
from pulumi import automation

from provisioner.deploy import engine

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "clouds"))  # the fixture deployment and what builds it


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "matrix: a case of the whole matrix, minutes of it: `make matrix` runs them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engine)
            # The Automation API leaves its event loops to the garbage collector.
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
    if "matrix" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("matrix")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def pulumi_command(tmp_path_factory: pytest.TempPathFactory) -> automation.PulumiCommand:
    """The engine that the command line would use."""
    found = engine.find()
    if found is None:
        pytest.skip("no Pulumi engine in the cache or on PATH: run `provisioner engine install`")
    root = tmp_path_factory.mktemp("engine")
    (root / "bin").mkdir()
    (root / "bin" / "pulumi").symlink_to(found.folder / "pulumi")
    return automation.PulumiCommand(root=str(root))


@pytest.fixture
def simulated(
    tmp_path: Path, pulumi_command: automation.PulumiCommand, monkeypatch: pytest.MonkeyPatch
) -> Generator[Callable[..., Harness], None, None]:
    """`simulated(program, config=…, catalogs=…)`: a stack on simulated clouds, closed after the test."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith("PULUMI_") and name != "PULUMI_HOME"]:
        monkeypatch.delenv(name)
    opened = list[Harness]()

    def open_stack(program: Callable[[], None], **options: object) -> Harness:
        opened.append(Harness(tmp_path, pulumi_command, program, **options))  # pyright: ignore[reportArgumentType]
        monkeypatch.setenv("PROVISIONER_SANDBOX", opened[-1].environment["PROVISIONER_SANDBOX"])
        return opened[-1]

    yield open_stack
    for harness in opened:
        harness.close()
    opened.clear()
    gc.collect()  # here, where the warnings about event loops are expected
