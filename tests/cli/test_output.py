"""Tables keep their columns, whatever stands in a cell."""

import pytest

from provisioner.cli.output import print_table


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
