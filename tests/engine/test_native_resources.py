"""The way down to native resources, as the how-to page shows it: the page's own program, run by the real engine."""

import json
import re
from pathlib import Path

import pytest
from test_command_line import ROOT, Project
from test_command_line import project as project  # noqa: PLC0414  (a fixture)

from provisioner.deploy.program import FAMILIES
from provisioner.sandbox.state import Resource, State

PAGE = ROOT / "docs" / "how-to" / "native-resources.md"
MAIN = "stacks/__main__.py"
INSTANCE, GROUP = "aws:ec2/instance:Instance", "aws:ec2/securityGroup:SecurityGroup"

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def test_the_pages_program_changes_hosts_and_adds_a_group(project: Project) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    (project.folder / MAIN).write_text(program)
    project.up("aws")
    found = made(project.folder)
    hosts = [each for each in found if each.token == INSTANCE]
    assert len(hosts) == 3
    assert all(each.outputs["monitoring"] is True for each in hosts)
    (group,) = [each for each in found if each.token == GROUP and each.name == "batch"]
    printed = project.pulumi("stack", "output", "--json", "--stack", "aws")
    assert json.loads(printed[printed.index("{") : printed.rindex("}") + 1])["batch-group"] == group.id


def test_a_transform_of_no_family_ends_the_run_before_anything_is_created(project: Project) -> None:
    project.edit(MAIN, "\nmain()", '\nmain(transforms={"host": lambda args: None})')
    printed = project.up("aws", status=1)
    assert 'unknown family "host"' in printed
    assert 'did you mean "hosts"?' in printed
    assert "Traceback" not in printed
    assert made(project.folder) == []


def made(folder: Path) -> list[Resource]:
    state = State(folder / ".provisioner" / "clouds.sqlite")
    try:
        return state.select("TRUE")
    finally:
        state.close()


def test_the_page_names_every_family() -> None:
    text = PAGE.read_text()
    assert [family for family in FAMILIES if f"`{family}`" not in text] == []
