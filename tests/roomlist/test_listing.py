"""Files as they come: what a spreadsheet saves is read, everything else is a sentence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from campus.roomlist import listing
from campus.roomlist.models import Sheet
from campus.web.remarks import Mistaken
from tests.roomlist.conftest import SMALL, said


def read(words: str | bytes, *, name: str = "list.csv", rows: str = "") -> Sheet:
    raw = words if isinstance(words, bytes) else words.encode()
    return listing.read(raw, name=name, rows=rows)


def refused(words: str | bytes, *, name: str = "list.csv", rows: str = "") -> str:
    with pytest.raises(Mistaken) as caught:
        read(words, name=name, rows=rows)
    return "\n".join(said(caught.value))


@pytest.mark.parametrize(
    "raw",
    [
        SMALL.encode(),
        b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode(),
        SMALL.replace(";", ",").encode(),
        SMALL.replace(";", "\t").encode("utf-16"),
        b"sep=;\r\n" + SMALL.replace("\n", "\r\n").encode(),
        SMALL.replace("\n", "\n;;;;\n").encode(),
        SMALL.replace("\n", "\r").encode(),
    ],
    ids=["plain", "excel", "commas", "unicode text", "sep", "blank lines", "old macs"],
)
def test_a_list_is_read_however_a_spreadsheet_saves_it(raw: bytes) -> None:
    sheet = read(raw)

    assert sheet.columns == ("code", "naam", "soort", "verdieping", "capaciteit")
    assert [row.cells["naam"] for row in sheet.rows] == ["Hunze", "Reest"]


def test_letters_of_an_old_windows_are_read_and_it_is_said() -> None:
    sheet = read("code;naam\nA1;Zaal Één – café\n".encode("cp1252"))

    assert sheet.rows[0].cells["naam"] == "Zaal Één – café"
    assert "Windows-1252" in str(sheet.read_as)


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    sheet = read('sep=,\ncode,naam\nA1,"Hunze\nboven"\n\nA2,Reest\n')

    assert [row.line for row in sheet.rows] == [3, 6]
    assert sheet.rows[0].cells["naam"] == "Hunze boven"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty."),
        (b" \r\n\r\n", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"code;naam\n", "nothing else"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"code;naam\nA1;a\x00b\n", "line 2: Here is a NUL character"),
        (b"code;naam\nA1;\x81\xff\n", "line 2: A character here cannot be read."),
        (b"\xff\xfea", "line 1: A character here cannot be read."),
        (b"code;naam;code\nA1;x;A2\n", "line 1, column code: Columns 1 and 3 have the same name."),
        (b'code;naam\nA1;x\nA2;"y\nA3;z\n', "line 3: From here on the line cannot be read"),
        (b'code;naam\nA1;"x"y\n', "line 2: From here on the line cannot be read"),
        (b"code;" + b"x" * 200_000 + b"\nA1;y\n", "line 1: From here on"),
        (b";".join(b"c%d" % n for n in range(300)) + b"\n1\n", "line 1: A list has at most 200"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_line(raw: bytes, words: str) -> None:
    assert words in refused(raw)


def test_a_hundred_megabytes_are_refused() -> None:
    assert "The file has 100 MB, and at most 20 MB are read." in refused(
        b"x" * (100 * 1024 * 1024)
    )


def test_a_million_rows_are_refused() -> None:
    assert "more than 50000 rows" in refused(b"code\n" + b"A\n" * 1_000_000)
    assert "more than 50000 rows" in refused(b"[" + b"{}," * 60_000 + b"{}]")


def test_json_is_a_list_or_an_object_of_spaces() -> None:
    listed = read('[{"code": "A1", "at": {"x": 1.0, "tags": ["a", null]}}]', name="x.json")
    keyed = read('{"A1": {"floor": null, "big": true}}')
    inside = read('{"made": "2026", "rooms": [{"code": "A1"}]}')
    deep = read('{"data": {"rooms": {"A1": {"code": 7}}}}', rows="data.rooms")

    assert listed.rows[0].cells == {"code": "A1", "at.x": "1", "at.tags.0": "a", "at.tags.1": ""}
    assert keyed.rows[0].cells == {"key": "A1", "floor": "", "big": "True"}
    assert [row.path for row in (*listed.rows, *keyed.rows)] == ["[0]", "A1"]
    assert [row.path for row in (*inside.rows, *deep.rows)] == ["rooms[0]", "data.rooms.A1"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ('{"a": 1,\n "b": }', "line 2, column 7: From here on this is no JSON"),
        ("[1, 2]", "[0]: Here is no object that describes a space."),
        ('{"a": {"b": 1}, "c": 3}', "c: Here is no object that describes a space."),
        ('{"A1": {}, "A1": {}}', "The key “A1” stands twice"),
        ("[]", "The file has no spaces in it."),
        ("[" * 100_000, "too deep"),
        ("[" + "9" * 5000 + "]", "too long or is too deep"),
        (json.dumps([{f"k{n}": 1 for n in range(300)}]), "at most 200 columns"),
    ],
)
def test_json_that_is_no_list_is_refused_with_its_place(words: str, why: str) -> None:
    assert why in refused(words, name="rooms.json")


def test_rows_that_are_not_where_the_map_says_are_refused() -> None:
    assert "data.rooms: The file has nothing here" in refused('{"data": {}}', rows="data.rooms")
    assert "That is for JSON" in refused("code\nA1\n", rows="data.rooms")


@given(some.binary(max_size=300))
def test_no_bytes_at_all_end_otherwise_than_read_or_refused(raw: bytes) -> None:
    try:
        assert read(raw).rows
    except Mistaken as refusal:
        assert refusal.mistakes  # noqa: PT017 - the only way out beside an answer


@given(some.text(alphabet='{}[]",:1a \\n', max_size=60))
def test_nor_does_anything_that_looks_like_json(words: str) -> None:
    try:
        assert read(words, name="x.json").rows
    except Mistaken as refusal:
        assert refusal.mistakes  # noqa: PT017 - the only way out beside an answer
