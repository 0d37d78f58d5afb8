"""`provisioner cost`: previews, comparisons, formats, budgets, accounts."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from provisioner.cli.cost import command
from provisioner.errors import UsageError

ROOT = Path(__file__).parents[2]
PREVIEW = str(ROOT / "tests/cases/cost/preview/gcp.json")
SCHEMA = json.loads((ROOT / "docs/reference/schemas/cost.json").read_text())


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, words, input=stdin, catch_exceptions=False)


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_a_preview_keeps_to_its_schema() -> None:
    answer = run("--preview", PREVIEW, "--json")
    document = json.loads(answer.stdout)
    jsonschema.validate(document, SCHEMA)
    jsonschema.validate(document, SCHEMA["oneOf"][2])
    assert document["coverage"]["unknown"] == {}
    assert document["difference"] == document["monthly"]["typical"] > document["before"]["typical"] == 0


def test_a_preview_comes_from_standard_input_too() -> None:
    assert run("--preview", "-", stdin=Path(PREVIEW).read_text()).stdout == run("--preview", PREVIEW).stdout


@pytest.mark.parametrize(("budget", "status"), [("100000 USD", 0), ("1 USD", 1)])
def test_a_budget_decides_the_exit_status(budget: str, status: int) -> None:
    answer = run("--preview", PREVIEW, "--budget", budget)
    assert answer.exit_code == status
    assert ("over the budget" in answer.stderr) == bool(status)


@pytest.mark.parametrize(
    "words",
    [
        ("--preview", PREVIEW, "demo/platform"),
        ("--preview", PREVIEW, "--compare", "aws/eu-west-1"),
        ("demo/platform", "--cloud", "aws", "--budget", "4 USD"),
        ("--preview", PREVIEW, "--budget", "much"),
        ("--preview", str(ROOT / "pyproject.toml")),
        ("demo/platform", "--compare", "aws"),
    ],
    ids=" ".join,
)
def test_wrong_usage(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        run(*words)


def test_regions_stand_side_by_side_line_by_line() -> None:
    answer = run("demo/platform", "--compare", "aws/eu-west-1,aws/us-east-1,gcp/europe-west1").stdout
    head, *lines = answer.splitlines()[1:]
    assert re.split(r"\s{2,}", head.strip()) == ["aws eu-west-1", "aws us-east-1", "gcp europe-west1"]
    assert any(re.match(r"volume pgdata disk(\s+\d+\.\d\d){3}$", line) for line in lines)


def test_markdown_is_a_table_that_adds_up() -> None:
    text = run("demo/platform", "--cloud", "gcp", "--format", "markdown").stdout
    total = re.search(r"\*\*([\d.]+) USD\*\* in a typical month", text)
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| [^|]+ \| ([\d,.]+) \|$", text, re.MULTILINE)
    assert total is not None
    assert len(rows) > 10
    assert abs(float(total[1]) - sum(float(row.replace(",", "")) for row in rows)) < 0.005 * len(rows)


def test_names_of_a_program_are_text_in_markdown_and_html() -> None:
    nasty = "<script>alert(1)</script>|@everyone"
    urn = f"urn:pulumi:dev::shop::aws:ec2/eip:Eip::{nasty}"
    new = {"urn": urn, "type": "aws:ec2/eip:Eip", "custom": True, "inputs": {"region": "eu-west-1"}}
    document = json.dumps({"steps": [{"op": "create", "urn": urn, "newState": new}]})
    page = run("--preview", "-", "--format", "html", stdin=document).stdout
    text = run("--preview", "-", "--format", "markdown", stdin=document).stdout
    assert "<script" not in page + text
    assert "@everyone" not in text
    assert r"\|" in text


def test_the_page_stands_alone() -> None:
    page = run("demo/platform", "--cloud", "aws,gcp", "--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert "<svg" in page
    sources = re.findall(r"<li>(.*?), read [0-9-]+</li>", page)
    assert sources
    assert {f"[{number}]" for number in range(1, 9)} <= set(re.findall(r"\[\d+\]", page))
    assert not re.search(r"<(script|link|img|iframe)|url\(|@import|(src|href)=", page)


def test_an_account_and_its_discount_change_the_total(tmp_path: Path) -> None:
    account = tmp_path / "account.yaml"
    account.write_text("discounts:\n  - {percent: 50, source: half}\n")
    words = ("demo/platform", "--cloud", "azure", "--json")
    listed, paid = (json.loads(run(*words, *more).stdout) for more in ((), ("--account", str(account))))
    assert paid["monthly"]["typical"] == pytest.approx(listed["monthly"]["typical"] / 2)
    assert all(item["source"].endswith("less 50 % (half)") for item in paid["items"])


@pytest.mark.parametrize(("form", "head"), [("markdown", "| for | kind | then | now | change |"), ("html", ">then</th>")])
def test_a_report_against_a_file_says_which_side_is_which(form: str, head: str, tmp_path: Path) -> None:
    """The file was made with four hosts, so now two are gone: their machines cost something then and nothing now."""
    earlier = tmp_path / "earlier.json"
    words = ("demo/platform", "--cloud", "gcp")
    earlier.write_text(run(*words, "--set", "app-hosts=4", "--json").stdout)
    text = run(*words, "--against", str(earlier), "--format", form).stdout
    assert head in text
    if form == "markdown":
        assert re.search(r"\| host app-4 \| machine \| [\d.]+ \| 0\.00 \| -[\d.]+ USD \|", text)


def test_the_page_is_well_formed() -> None:
    """Every element that is opened is closed, in order."""
    from html.parser import HTMLParser

    class Balance(HTMLParser):
        open: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag != "meta":
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            pass

    parser = Balance()
    parser.open = []
    parser.feed(run("demo/platform", "--cloud", "aws,gcp", "--format", "html").stdout)
    assert parser.open == []
