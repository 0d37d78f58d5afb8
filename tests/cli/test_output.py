"""Tables keep their columns, whatever stands in a cell; problems for editors say what to do."""

from dataclasses import replace

import pytest

from provisioner.cli.codes import CODES
from provisioner.cli.output import print_table, problem_json
from provisioner.errors import Problem


def test_a_cell_of_several_lines_continues_in_its_own_column(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("clouds", ("cloud", "why not", "cost"), [("aws", "one\nlonger reason", 7), ("gcp", "", 12)], right=("cost",))
    assert capsys.readouterr().out.splitlines() == [
        "clouds",
        "cloud  why not        cost",
        "aws    one               7",
        "       longer reason",
        "gcp                     12",
        "",
    ]


def test_nothing_is_printed_without_rows(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("clouds", ("cloud",), [])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("code", CODES)
def test_an_editor_is_told_what_to_do_about_every_code(code: str) -> None:
    problem = Problem(severity="error", code=code, message="found something else")
    assert problem_json(problem)["hint"]
    assert problem_json(replace(problem, hint="did you mean x?"))["hint"] == "did you mean x?"
