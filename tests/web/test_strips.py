"""A day as a strip of 48 cells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.clock import Period
from campus.web.strips import CELLS, Cell, cells, hour_marks, now_cell

EIGHT = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)  # 08:00 on the campus
HOURS = Period(EIGHT, EIGHT + timedelta(hours=12))


def minutes(start: int, end: int | None) -> Period:
    """Return a period counted in minutes from eight o'clock."""
    until = None if end is None else EIGHT + timedelta(minutes=end)
    return Period(EIGHT + timedelta(minutes=start), until)


@pytest.mark.parametrize(
    ("claim", "cell"),
    [
        (minutes(60, 570), Cell(4, 34)),
        (minutes(7, 8), Cell(0, 1)),
        (minutes(10, 20), Cell(0, 2)),
        (minutes(-60, 15), Cell(0, 1)),
        (minutes(700, 900), Cell(46, 2)),
        (minutes(600, None), Cell(40, 8)),
        (minutes(-60, None), Cell(0, 48)),
    ],
    ids=["quarters", "a minute", "two halves", "since before", "until after", "open", "all day"],
)
def test_a_claim_covers_the_cells_it_touches(claim: Period, cell: Cell) -> None:
    assert cells(HOURS, [(claim, "")]) == [cell]


def test_what_lies_outside_the_hours_is_not_drawn() -> None:
    assert cells(HOURS, [(minutes(-60, 0), "mine"), (minutes(720, 800), "")]) == []


def test_a_longer_day_has_longer_cells() -> None:
    day = Period(EIGHT, EIGHT + timedelta(hours=24))

    assert cells(day, [(minutes(60, 120), "mine")]) == [Cell(2, 2, "mine")]


def test_now_is_a_line_while_the_campus_is_open() -> None:
    assert now_cell(HOURS, now=EIGHT + timedelta(minutes=158)) == [Cell(10, 1, "now")]
    assert now_cell(HOURS, now=HOURS.end) == []


def test_the_axis_names_every_second_whole_hour() -> None:
    half_past = Period(EIGHT + timedelta(minutes=30), EIGHT + timedelta(hours=6))

    assert [start for start, _ in hour_marks(HOURS)] == [0, 8, 16, 24, 32, 40]
    assert [at.hour for _, at in hour_marks(half_past)] == [8, 10, 12]


@given(start=st.integers(-2000, 2000), length=st.integers(1, 3000), opened=st.integers(15, 1440))
def test_no_cell_leaves_the_strip(start: int, length: int, opened: int) -> None:
    hours = Period(EIGHT, EIGHT + timedelta(minutes=opened))

    for cell in cells(hours, [(minutes(start, start + length), "")]):
        assert 0 <= cell.start < CELLS
        assert 1 <= cell.length <= CELLS - cell.start
