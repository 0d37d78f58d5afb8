"""What the wheel holds is enough: the project that `init` makes works from the wheel's own catalogue and template."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree and unpacked."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        pytest.skip("uv is not on PATH")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", str(folder)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_a_project_made_from_the_wheel_is_checked_and_priced(installed: Path, tmp_path: Path) -> None:
    def run(*words: str, folder: Path) -> str:
        command = [sys.executable, "-c", "from provisioner.cli.main import main; main()", *words]
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("init", "shop", folder=tmp_path)
    assert "0 errors, 0 warnings" in run("check", "blueprints", folder=tmp_path / "shop")
    shown = run("show", "shop/database", "--json", folder=tmp_path / "shop")
    assert "max_connections=200" in shown
    assert "cheapest:" in run("cost", "shop/platform", "--cloud", "aws,gcp,azure", folder=tmp_path / "shop")
    for folder in ("_catalogue", "_engine", "template"):
        assert (installed / "provisioner" / folder).is_dir()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "Pulumi.yaml").write_text("name: mine\n")
    command = [sys.executable, "-c", "from provisioner.cli.main import main; main()", "init", "shop"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nothing was written" in done.stderr
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["Pulumi.yaml"]
