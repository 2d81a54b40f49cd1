"""No text in a table is a formula, and every number is a number."""

import csv
import io
from typing import Any

import pytest

from shared.cells import safe


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","open me")',
        "+86 10 1234",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        "＝1+1",
        "＠SUM(1)",
    ],
)
def test_a_text_that_begins_as_a_formula_is_marked(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("value", [-200, -1.5, 0, None, "", "云帆科技", "deal-1", "a=b", "2025-03-01"])
def test_all_else_stays_as_it_is(value: Any) -> None:
    assert safe(value) == value


def test_a_separator_or_a_quote_in_a_text_begins_no_cell() -> None:
    line = io.StringIO()
    csv.writer(line).writerow([safe('x",=1+1,"'), safe("y\r\n=1+1")])
    assert list(csv.reader(io.StringIO(line.getvalue(), newline=""))) == [['x",=1+1,"', "y\r\n=1+1"]]
