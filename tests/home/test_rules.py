"""What is free, in words; where a day lies on a strip; what a form proposes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus import clock
from campus.clock import Period
from campus.home import rules
from campus.home.rules import OpenDay, Terms
from campus.web.strips import Cell
from tests.factories import DAY, NOW, at, period, tomorrow

HOURS = period(8, 20)
QUARTER = timedelta(minutes=15)


def day_with(*taken: Period, hours: Period = HOURS, day: date = DAY) -> OpenDay:
    return OpenDay(day, hours, taken)


def terms(**more: object) -> Terms:
    usual: dict[str, object] = {
        "step": QUARTER,
        "shortest": QUARTER,
        "usual": timedelta(hours=1),
        "decent": QUARTER,
        "until": None,
        "before": timedelta(0),
        "after": timedelta(0),
        "earliest": NOW,
    }
    return Terms(**{**usual, **more})  # type: ignore[arg-type]  # a mixed bag of values


@pytest.mark.parametrize(
    ("taken", "now", "words"),
    [
        ([], NOW, "free all day"),
        ([], at(20), "over"),
        ([period(8, 20)], NOW, "taken"),
        ([period(13, 14)], NOW, "free until 13:00:00"),
        ([period(9, 11)], at(7), "free from 11:00:00"),
        ([period(8, 9), period(15, 20)], at(7), "free 09:00:00–15:00:00"),
        ([period(8, 9)], at(10), "free until 20:00:00"),
        ([period(8, 12)], at(10), "free from 12:00:00"),
        ([Period(at(12), None)], at(10), "free until 12:00:00"),
    ],
)
def test_what_is_free_is_said_in_words(taken: list[Period], now: datetime, words: str) -> None:
    assert str(rules.free_words(day_with(*taken), now=now)) == words


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        ([period(8, 9)], "taken until 09:00:00"),
        ([period(8, 9), period(9, 10)], "taken until 10:00:00"),
        ([period(8, 20)], "taken"),
        ([Period(at(7), None)], "taken"),
        ([period(9, 10)], "free until 09:00:00"),
    ],
)
def test_a_space_says_how_it_is_now(taken: list[Period], words: str) -> None:
    assert str(rules.now_words(day_with(*taken), now=NOW)) == words


def test_before_it_opens_nothing_is_called_taken_now() -> None:
    early = day_with(period(7, 9), hours=HOURS)

    assert str(rules.now_words(early, now=at(7, 30))) == "free from 09:00:00"


def test_days_with_other_hours_share_one_strip() -> None:
    long, short = day_with(), day_with(hours=period(10, 18, day=tomorrow()), day=tomorrow())

    drawn = rules.frame([long, short], tomorrow())

    assert drawn == period(8, 20, day=tomorrow())
    assert rules.strip(short, drawn, now=NOW) == [Cell(0, 8, "past"), Cell(40, 8, "past")]


def test_a_day_that_ends_at_midnight_is_drawn_to_midnight() -> None:
    late = day_with(hours=Period(at(8), clock.midnight(tomorrow())))

    assert rules.frame([late], DAY).end == clock.midnight(tomorrow())


def test_what_is_over_is_hatched_and_now_is_a_line() -> None:
    cells = rules.strip(day_with(period(8, 9), period(12, 13)), HOURS, now=at(10))

    assert cells == [Cell(0, 4, "past"), Cell(16, 4), Cell(8, 1, "now")]


def test_a_form_proposes_the_next_free_hour_on_the_grid() -> None:
    busy = day_with(period(9, 10))

    found = rules.proposal([busy], terms=terms(earliest=at(8, 10)))

    assert found == Period(at(8, 15), at(9))


def test_a_form_proposes_a_later_day_when_today_is_full() -> None:
    full, free = day_with(HOURS), day_with(hours=period(8, 20, day=tomorrow()), day=tomorrow())

    found = rules.proposal([full, free], terms=terms())

    assert found == period(8, 9, day=tomorrow())


def test_a_form_proposes_nothing_when_nothing_is_free() -> None:
    assert rules.proposal([day_with(HOURS)], terms=terms()) is None


def test_a_desk_is_proposed_until_the_afternoon_ends() -> None:
    found = rules.proposal([day_with()], terms=terms(until=time(18)))

    assert found == Period(at(8, 15), at(18))


def test_a_stub_of_a_day_is_proposed_only_where_there_is_nothing_better() -> None:
    stub = day_with(period(8, 19))
    free = day_with(hours=period(8, 20, day=tomorrow()), day=tomorrow())
    wanted = terms(until=time(18), decent=timedelta(hours=4))

    better = rules.proposal([stub, free], terms=wanted)
    only = rules.proposal([stub], terms=wanted)

    assert better == period(8, 18, day=tomorrow())
    assert only == period(19, 20)


def test_buffers_of_a_new_booking_fit_beside_what_is_taken() -> None:
    half = timedelta(minutes=30)
    between = day_with(period(8, 10), period(12, 20))

    found = rules.proposal([between], terms=terms(before=half, after=half))

    assert found == Period(at(10, 30), at(11, 30))


@given(
    taken=st.lists(
        st.tuples(st.integers(0, 47), st.integers(1, 24)).map(
            lambda one: Period(at(8) + one[0] * QUARTER, at(8) + (one[0] + one[1]) * QUARTER)
        ),
        max_size=6,
    ),
    minutes=st.integers(0, 720),
)
def test_a_proposal_is_always_free_open_and_on_the_grid(taken: list[Period], minutes: int) -> None:
    earliest = at(8) + timedelta(minutes=minutes)

    found = rules.proposal([day_with(*taken)], terms=terms(earliest=earliest))

    if found is None:
        return
    assert HOURS.contains(found)
    assert found.starts_at >= earliest
    assert not any(found.overlaps(one) for one in taken)
    assert (found.starts_at - at(8)) % QUARTER == timedelta(0)
    assert (found.end - at(8)) % QUARTER == timedelta(0)
