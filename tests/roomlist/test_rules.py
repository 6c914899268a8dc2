"""Cells and templates: what people write is read, or refused with a sentence; no guesses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from campus.roomlist import rules
from campus.web.remarks import CellError


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("24", 2400),
        ("12,5", 1250),
        ("12.5", 1250),
        ("12,50 m²", 1250),
        ("24 m2", 2400),
        ("1.250,5", 125050),
        ("1,250.5", 125050),
        ("0,5", 50),
        ("0.125", 12),
        ("1 250", 125000),
    ],
)
def test_an_area_has_a_comma_or_a_point(words: str, expected: int) -> None:
    assert rules.area_dm2(words) == expected


def test_an_area_that_can_be_read_in_two_ways_is_refused_with_both() -> None:
    with pytest.raises(CellError, match="write 1250 or 1,25"):
        rules.area_dm2("1.250")


@pytest.mark.parametrize("words", ["", "0", "-4", "groot", "12;5", "1e3", "12,5,5"])
def test_what_is_no_area_is_refused(words: str) -> None:
    with pytest.raises(CellError, match="is no area"):
        rules.area_dm2(words)


@given(some.integers(1, 9_999_999))
def test_every_area_is_read_as_a_dutch_spreadsheet_writes_it(dm2: int) -> None:
    whole, part = divmod(dm2, 100)

    assert rules.area_dm2(f"{whole},{part:02}") == dm2
    assert rules.area_dm2(f"{whole}.{part:02}") == dm2


@given(some.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_both_ways(day: date) -> None:
    assert rules.day(f"{day:%d-%m-%Y}") == day
    assert rules.day(f"{day.day}-{day.month}-{day.year}") == day
    assert rules.day(day.isoformat()) == day


@pytest.mark.parametrize("words", ["2026/11/26", "11/26/2026", "26-11-26", "morgen", "01-01-1026"])
def test_what_is_no_day_is_refused(words: str) -> None:
    with pytest.raises(CellError, match="26-11-2026"):
        rules.day(words)


@pytest.mark.parametrize("words", ["31-02-2026", "2026-13-01", "00-01-2026"])
def test_a_day_that_no_calendar_has_is_refused_as_such(words: str) -> None:
    with pytest.raises(CellError, match="that no calendar has"):
        rules.day(words)


@pytest.mark.parametrize(
    ("words", "number"), [("12", 12), ("12,0", 12), (" 12.00 ", 12), ("+3", 3)]
)
def test_a_number_of_people_is_whole(words: str, number: int) -> None:
    assert rules.people(words) == number


@pytest.mark.parametrize("words", ["0", "-1", "1,5", "12.000", "veel", "100001", "99999999999"])
def test_what_is_no_number_of_people_is_refused(words: str) -> None:
    with pytest.raises(CellError, match="no number of people"):
        rules.people(words)


@pytest.mark.parametrize(
    ("words", "level"),
    [("0", 0), ("-1", -1), ("99", 99), ("105", None), ("Ground", None), ("", None), ("1,5", None)],
)
def test_a_level_is_one_that_a_building_can_have(words: str, level: int | None) -> None:
    assert rules.level(words) == level


@given(some.text())
def test_no_words_at_all_make_a_reader_fail_otherwise(words: str) -> None:
    for read in (rules.area_dm2, rules.day, rules.people):
        try:
            read(words)
        except CellError as refused:
            assert str(refused)  # noqa: PT017 - the only way out beside an answer
