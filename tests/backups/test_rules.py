"""A manifest is read as it was written, and whatever else comes is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.backups import rules
from campus.backups.rules import Manifest, Part, UnreadableError

MANIFEST = Manifest(
    campus="0.1",
    made_at="2026-11-26T07:10:00+00:00",
    database="sqlite",
    made_with="SQLite 3.40.1",
    revision="0004",
    settings={"CAMPUS_ZONE": "Europe/Amsterdam"},
    rows={"booking": 2},
    parts=[Part("database.sqlite3", 10, "ab"), Part("uploads/plans/1.svg", 3, "cd")],
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    assert rules.read(MANIFEST.written()) == MANIFEST
    assert MANIFEST.size == 13


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        rules.read(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@given(st.sampled_from([*rules.FIELDS, "format"]), JSON)
def test_any_manifest_is_read_or_refused(field: str, value: object) -> None:
    said = {**json.loads(MANIFEST.written()), field: value}

    try:
        read = rules.read(json.dumps(said).encode())
    except UnreadableError:
        return
    assert all(part.size >= 0 for part in read.parts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "made by a newer campus"),
        ({"format": "1"}, "says no format"),
        ({"rows": {"booking": "2"}}, "counts rows in no numbers"),
        ({"parts": [{"name": "x"}]}, "names parts that are none"),
        ({"parts": [{"name": "x", "size": -1, "sha256": ""}]}, "names parts that are none"),
        ({"parts": [{"name": "x", "size": 1, "sha256": ""}] * 2}, "names a part twice"),
        ({"revision": None}, "says nothing of revision"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_said(change: dict[str, object], words: str) -> None:
    said = {**json.loads(MANIFEST.written()), **change}

    with pytest.raises(UnreadableError, match=words):
        rules.read(json.dumps(said).encode())


@pytest.mark.parametrize("name", ["database.dump", "uploads/a", "uploads/a/b c.svg", "uploads/ë"])
def test_names_of_campus_are_taken(name: str) -> None:
    rules.check_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "/etc/passwd", "../x", "uploads/../../x", "uploads//x", "uploads/./x", "uploads/", "a/b",
     "uploads/a\\b", "x\0", "uploads//etc/passwd", "a" * 2000, 7, None, "uploads/a/"],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(name: object) -> None:
    with pytest.raises(UnreadableError):
        rules.check_name(name)


@pytest.mark.parametrize("name", ["secret-key", "run.lock", ".secret-key-x7"])
def test_no_part_replaces_what_a_machine_has_of_its_own(name: str) -> None:
    with pytest.raises(UnreadableError, match="of its own"):
        rules.check_name(f"uploads/{name}")

    rules.check_name(f"uploads/kept/{name}")


def test_missing_rows_are_told_table_by_table() -> None:
    assert rules.missing_rows({"a": 1, "b": 2}, {"a": 1, "b": 2}) == []
    assert rules.missing_rows({"a": 1, "b": 2}, {"b": 1, "c": 3}) == [
        "a has 0 rows and had 1",
        "b has 1 rows and had 2",
        "c has 3 rows and had 0",
    ]
