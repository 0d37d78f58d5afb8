"""`provisioner prices`, called as users call it, with a cache of its own."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from provisioner.cli.main import main

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "schemas"
HEADER = "region,kind,item,unit,tier_start,tier_end,usd,source,date\n"
OWN = HEADER + "eu-west-1,machine,t3.micro,hour,,,0.001,our contract,2026-11-01\n"
PAGE = {
    "BillingCurrency": "USD",
    "Items": [
        {
            "currencyCode": "USD",
            "retailPrice": 0.112,
            "armRegionName": "francecentral",
            "meterId": "m",
            "productName": "Virtual Machines DSv3 Series",
            "skuName": "D2s v3",
            "meterName": "D2s v3",
            "serviceName": "Virtual Machines",
            "unitOfMeasure": "1 Hour",
            "type": kind,
            "armSkuName": "Standard_D2s_v3",
        }
        for kind in ("Consumption", "DevTestConsumption")
    ],
}


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Answer]


@pytest.fixture
def prices(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """`prices("list")` runs `provisioner prices list`."""
    monkeypatch.setenv("PROVISIONER_CACHE", str(tmp_path / "cache"))

    def run(*words: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["provisioner", "prices", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Answer(int(ended.value.code or 0), printed.out, printed.err)

    return run


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def check(answer: Answer, schema: str) -> Any:
    assert answer.status == 0, answer.err
    jsonschema.validate(answer.json, json.loads((SCHEMAS / f"prices-{schema}.json").read_text()))
    return answer.json


def test_own_prices_are_imported_listed_found_and_removed(prices: Call, tmp_path: Path) -> None:
    before = check(prices("find", "aws eu-west-1 machine t3.micro", "--json"), "find")["prices"]
    found = check(prices("import", written(tmp_path / "ours.csv", OWN), "--cloud", "aws", "--json"), "import")["tables"]
    assert found == [
        {
            "name": "own-aws-ours",
            "format": "plain",
            "prices": 1,
            "regions": [{"cloud": "aws", "region": "eu-west-1"}],
            "left_out": [],
        }
    ]
    tables = check(prices("list", "--json"), "list")["tables"]
    assert [(one["name"], one["what"]) for one in tables] == [("own-aws-ours", "own"), ("curated", "curated")]
    now = check(prices("find", "aws", "eu-west-1", "machine", "t3.micro", "--json"), "find")["prices"]
    assert [one["tiers"][0]["usd"] for one in now] == [0.001]
    assert now[0]["source"] == "our contract"
    assert prices("remove", "own-aws-ours").out == "removed the table own-aws-ours\n"
    assert prices("find", "aws eu-west-1 machine t3.micro", "--json").json["prices"] == before != []


def test_a_page_is_imported_with_a_word_on_what_is_left_out(prices: Call, tmp_path: Path) -> None:
    page = written(tmp_path / "page.json", json.dumps(PAGE))
    said = prices("import", page).out
    assert said.startswith("imported 1 prices of 1 regions as page (azure-retail)\n")
    assert "a price of type DevTestConsumption" in said
    found = check(prices("import", page, "--name", "azure", "--json"), "import")["tables"][0]
    assert [one["count"] for one in found["left_out"]] == [1]
    listed = prices("list").out
    assert "azure-retail" in listed
    assert "azure francecentral" in listed


def test_find_says_how_many_more_there_are(prices: Call) -> None:
    found = check(prices("find", "gcp machine", "--limit", "2", "--json"), "find")
    assert len(found["prices"]) == 2
    assert found["more"] > 500
    assert "2 prices, and " in prices("find", "gcp machine", "--limit", "2").out
    assert "0 prices" in prices("find", "no such thing").out


def test_contradicting_prices_are_told_not_chosen(prices: Call, tmp_path: Path) -> None:
    twice = OWN + OWN.splitlines()[1].replace("0.001", "0.002") + "\n"
    assert prices("import", written(tmp_path / "twice.csv", twice), "--cloud", "aws").status == 0
    answer = prices("find", "aws eu-west-1 machine t3.micro", "--json")
    assert check(answer, "find")["prices"] == []
    assert "several prices" in answer.json["problems"][0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("refresh", "aws"), "expected --region REGION: aws has a list for each region"),
        (("refresh", "gcp", "--region", "x"), "leave --region out"),
        (("refresh", "gcp"), "expected --key-file FILE"),
        (("refresh", "acme"), 'expected one of aws, azure, gcp, found "acme"'),
        (("refresh", "aws", "--region", "x", "--address", "http://prices.example"), "begins with https://"),
        (("remove", "nothing"), 'no imported table "nothing"'),
        (("import", "FILE", "--cloud", "acme"), "expected one of aws, azure, gcp"),
        (("import", "FILE", "--machines", "FILE"), "expected --cloud with --machines"),
        (("import", "FILE", "--cloud", "aws", "--name", "../x"), "expected a table name"),
    ],
)
def test_wrong_usage_is_status_2(words: tuple[str, ...], says: str, prices: Call, tmp_path: Path) -> None:
    path = written(tmp_path / "ours.csv", OWN)
    answer = prices(*(path if word == "FILE" else word for word in words))
    assert (answer.status, says in answer.err) == (2, True), answer.err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN, "found our plain CSV (state its --cloud)"),
        ("", "expected a price file of a known format"),
        ('{"hello": 1}', "expected a price file of a known format"),
        ("\udcff", "expected UTF-8 text"),
    ],
)
def test_a_file_of_another_format_is_refused(text: str, says: str, prices: Call, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    answer = prices("import", path)
    assert (answer.status, says in answer.err) == (1, True), answer.err


def test_files_of_two_clouds_are_no_table(prices: Call, tmp_path: Path) -> None:
    page = written(tmp_path / "page.json", json.dumps(PAGE))
    skus = written(tmp_path / "skus.json", json.dumps({"skus": [{"pricingInfo": []}]}))
    assert "expected files of one cloud" in prices("import", page, skus).err
