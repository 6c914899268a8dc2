"""Lists as CSV: what comes back is what was written, and no cell begins a formula."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from campus.errors import text
from campus.web.characters import one_line
from campus.web.tables import BOM, cell, csv_answer, disposition, written

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SEPARATORS = (",", ";", "\t", "|")
nasty = st.text(
    st.one_of(st.sampled_from("=+-@\t\r\n,;|\"' \0\ufeff\u202e\uff1d"), st.characters()),
    max_size=30,
)


def read(lines: str, separator: str) -> list[list[str]]:
    return list(csv.reader(StringIO(lines.removeprefix(BOM), newline=""), delimiter=separator))


@given(st.lists(st.lists(nasty, min_size=3, max_size=3), max_size=4), st.sampled_from(",;"))
def test_a_row_comes_back_as_its_lines_read_aloud(rows: list[list[str]], separator: str) -> None:
    file = "".join(written(("a", "b", "c"), rows, separator=separator))

    found = read(file, separator)

    assert found == [["a", "b", "c"], *([cell(one) for one in row] for row in rows)]
    assert [[one.replace("'", "") for one in row] for row in found[1:]] == [
        [one_line(one).replace("'", "") for one in row] for row in rows
    ]


@given(st.lists(nasty, min_size=1, max_size=4), st.sampled_from(",;"))
def test_no_cell_begins_a_formula_whatever_the_spreadsheet_takes_for_its_end(
    row: list[str], separator: str
) -> None:
    file = "".join(written(row, [row], separator=separator))

    cells = [one for other in SEPARATORS for found in read(file, other) for one in found]

    assert [one for one in cells if one.lstrip(' "').startswith(TRIGGERS)] == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("https://x")', '\'=HYPERLINK("https://x")'),
        ("+31 50", "'+31 50"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("een;=1", "een;'=1"),
        ("a, -b", "a,' -b"),
        ("Terp-data = goed", "Terp-data = goed"),
        ("nul\0 byte", "nul byte"),
        ("🌾", "🌾"),
        (None, ""),
        (12, "12"),
    ],
)
def test_a_cell_is_one_line_and_no_formula(value: object, shown: str) -> None:
    assert cell(value) == shown


@pytest.mark.parametrize(("language", "line"), [("nl", '"Dag";"b"'), ("en", '"Day","b"')])
def test_a_file_speaks_and_separates_as_its_reader(
    sqlite_app: Flask, language: str, line: str
) -> None:
    with sqlite_app.test_request_context(f"/{language}/"):
        sqlite_app.preprocess_request()
        answer = csv_answer("x", (text("Day"), "b"), [[("1", "2")], [], [("3", "4")]])
        body = answer.get_data(as_text=True)

    lines = body.split("\r\n")
    assert lines[0] == BOM + line
    assert len(lines) == 4
    assert lines[-1] == ""
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.content_type == "text/csv; charset=utf-8"
    assert (";" in lines[1]) == (language == "nl")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("boekingen.csv", "filename=\"boekingen.csv\"; filename*=UTF-8''boekingen.csv"),
        ("één lijst.csv", "filename=\"n-lijst.csv\"; filename*=UTF-8''%C3%A9%C3%A9n%20lijst.csv"),
        ('a"b\r\n.csv', "filename=\"a-b-.csv\"; filename*=UTF-8''a%22b%0D%0A.csv"),
    ],
)
def test_a_file_has_a_name_of_its_own(name: str, header: str) -> None:
    assert disposition(name) == f"attachment; {header}"
