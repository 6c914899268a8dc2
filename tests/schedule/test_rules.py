"""How cells of a schedule are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.schedule import rules
from campus.web.remarks import CellError

ZONE = ZoneInfo("Europe/Brussels")
HALF_PAST = datetime(2024, 2, 3, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        "2024-02-03 10:30", "2024-02-03T10:30", "2024-02-03 10:30:00", "03-02-2024 10:30",
        "3-2-2024 10:30", "03/02/2024 10:30", "3.2.2024 10.30", "2024-02-03T09:30Z",
        "2024-02-03T09:30:00.000Z", "2024-02-03T11:30+02:00", "2024-02-03 04:30 -0500",
        "2024-02-03, 10:30",
    ],
)  # fmt: skip
def test_an_instant_is_read_as_people_and_programs_write_it(words: str) -> None:
    assert rules.instant(words, zone=ZONE) == HALF_PAST


def test_a_day_of_its_own_and_a_time_make_an_instant() -> None:
    assert rules.instant("10:30", zone=ZONE, on=date(2024, 2, 3)) == HALF_PAST
    midnight = rules.instant("24:00", zone=ZONE, on=date(2024, 2, 3))
    assert midnight == datetime(2024, 2, 3, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "is no day and time"),
        ("tomorrow", "is no day and time"),
        ("2024-02-03", "is no day and time"),
        ("31-02-2024 10:30", "no calendar has"),
        ("2024-13-01 10:30", "no calendar has"),
        ("2024-02-03 25:00", "no clock shows"),
        ("2024-02-03 24:01", "no clock shows"),
        ("2024-02-03 10:61", "no clock shows"),
        ("2024-02-03 10:30:61", "no clock shows"),
        ("1924-02-03 10:30", "between 1990 and 2100"),
        ("2024-02-03T10:30+99:00", "is no time zone"),
        ("2024-03-31 02:30", "the clocks go forward"),
    ],
)
def test_what_is_no_instant_says_why(words: str, said: str) -> None:
    with pytest.raises(CellError, match=said):
        rules.instant(words, zone=ZONE)


def test_a_time_that_comes_twice_means_its_first_coming() -> None:
    found = rules.instant("27-10-2024 02:30", zone=ZONE)

    assert found == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


@given(st.datetimes(datetime(1990, 1, 2), datetime(2100, 12, 30)))  # noqa: DTZ001 - a wall clock
def test_every_instant_is_read_as_it_was_written(wall: datetime) -> None:
    at = wall.replace(second=0, microsecond=0, tzinfo=UTC)

    assert rules.instant(f"{at:%Y-%m-%dT%H:%MZ}", zone=ZONE) == at
    assert rules.instant(f"{at:%d-%m-%Y %H:%M}", zone=ZoneInfo("UTC")) == at


@given(st.text(max_size=30))
def test_whatever_stands_in_a_cell_is_an_instant_or_a_sentence(words: str) -> None:
    try:
        assert rules.instant(words, zone=ZONE).tzinfo is UTC
    except CellError as wrong:
        assert "“" in str(wrong) or "clocks" in str(wrong)  # noqa: PT017 - either way is right


def test_long_ids_become_short_ones_and_short_ones_stay() -> None:
    assert rules.source_id("fosdem", "12") == "fosdem:12"
    assert len(rules.source_id("fosdem", "x" * 5_000)) < 80


def test_what_takes_no_time_or_more_than_a_year_is_no_booking() -> None:
    year = timedelta(days=366)

    assert "does not end after" in str(rules.why_not_period(HALF_PAST, HALF_PAST))
    assert rules.why_not_period(HALF_PAST, HALF_PAST + year) is None
    assert "year" in str(rules.why_not_period(HALF_PAST, HALF_PAST + year + timedelta(minutes=1)))
