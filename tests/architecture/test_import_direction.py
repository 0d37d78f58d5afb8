"""A module imports only from its left (design, section 2). Parsed, not run: an import inside a function counts too."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "provisioner"
ORDER = ("package", "script", "resolve", "plan", "prices", "cost", "placement", "host", "clouds", "deploy")
SHARED = ("errors", "units")
MAY_IMPORT: dict[str, set[str]] = {
    **{layer: {*ORDER[: ORDER.index(layer) + 1], *SHARED} for layer in ORDER},
    "deploy": {*ORDER, *SHARED, "protocol"},
    "placement": {*ORDER[: ORDER.index("placement") + 1], *SHARED} - {"cost"},
    "errors": {"errors"},
    "units": {"units"},
    "protocol": {"protocol", "errors"},
    "sandbox": {"sandbox", "protocol", *SHARED},
    "cli": {*ORDER, *SHARED, "sandbox", "cli"},
    "": set(),
}
WITH_PULUMI = ("clouds", "deploy", "protocol")
SDKS = {"pulumi_aws": "aws", "pulumi_gcp": "gcp", "pulumi_azure_native": "azure"}
CLOUDS = ("aws", "gcp", "azure")


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if "template" not in path.parts)


def dotted(path: Path) -> str:
    return ".".join(("provisioner", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")


NAMES = {dotted(path): path for path in modules()}


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports; a `from provisioner.x import y` gives `provisioner.x.y` too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def runs(path: Path) -> Iterator[str]:
    """Modules of ours whose import runs: what only the type checker reads is left out."""
    tree = ast.parse(path.read_text())
    guards = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    unread = {id(below) for guard in guards for below in ast.walk(guard)}
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (name if (name := f"{node.module}.{alias.name}") in NAMES else str(node.module) for alias in node.names)


def layer(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_from_its_left(path: Path) -> None:
    for name in imports(path):
        if name.startswith("provisioner."):
            imported = name.split(".")[1]
            assert imported in MAY_IMPORT[layer(path)], f"{path.name} ({layer(path)}) imports {name}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Those that only the type checker sees are no circles: an expression is a value, and values hold expressions."""
    graph = {name: {one for one in runs(path) if one in NAMES} - {name} for name, path in NAMES.items()}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_pulumi_and_the_sdks_stay_in_their_places(path: Path) -> None:
    for name in imports(path):
        package = name.split(".")[0]
        generator = path.relative_to(ROOT).parts[:2] == ("sandbox", "schemas")
        if package == "pulumi":
            assert layer(path) in WITH_PULUMI or generator, f"{path.name} imports pulumi"
        if package in SDKS:
            own = path.relative_to(ROOT).parts[:2] == ("clouds", SDKS[package])
            assert own or generator, f"{path.name} imports {package}"


@pytest.mark.parametrize(
    "path", [path for path in modules() if layer(path) == "clouds"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_one_cloud_never_imports_another(path: Path) -> None:
    own = path.relative_to(ROOT).parts[1]
    for name in imports(path):
        parts = name.split(".")
        if parts[:2] == ["provisioner", "clouds"] and len(parts) > 2 and (ROOT / "clouds" / parts[2]).is_dir():
            assert parts[2] == own, f"{path.name} imports {name}"


@pytest.mark.parametrize(
    "path",
    [path for path in modules() if layer(path) in ("plan", "resolve", "placement", "cost", "host")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_layer_left_of_clouds_knows_a_cloud_by_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare):
            words = [one.value for one in (node.left, *node.comparators) if isinstance(one, ast.Constant)]
            assert not set(words) & set(CLOUDS), f"{path.name}:{node.lineno} compares with a cloud's name"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400
