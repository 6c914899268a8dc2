"""Hours, and which bookings a change of hours leaves outside."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus import clock
from campus.clock import Period
from campus.errors import RuleBroken
from campus.premises import rules
from campus.spaces.rules import open_period

MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=n) for n in range(7)]
HOURS = st.integers(min_value=0, max_value=23)


def opened(first: int, last: int, *, but: tuple[int, ...] = ()) -> dict[date, Period]:
    return {
        day: open_period(day, opens=time(first), closes=time(last % 24))
        for number, day in enumerate(DAYS)
        if number not in but
    }


def booked(first: int, starts: int, last: int, ends: int) -> Period:
    return Period(clock.wall(DAYS[first], time(starts)), clock.wall(DAYS[last], time(ends)))


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(time(9), time(8)), (time(9), time(9)), (time(9), None), (None, time(9))],
)
def test_hours_end_after_they_begin(opens: time | None, closes: time | None) -> None:
    with pytest.raises(RuleBroken):
        rules.check_hours(opens, closes)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(time(8), time(18)), (time(8), time(0)), (time(0), time(0)), (None, None)],
)
def test_midnight_ends_a_day_and_no_times_close_it(
    opens: time | None, closes: time | None
) -> None:
    rules.check_hours(opens, closes)


@pytest.mark.parametrize(
    ("period", "after", "is_outside"),
    [
        (booked(0, 9, 0, 17), opened(8, 18), False),
        (booked(0, 9, 0, 17), opened(10, 18), True),
        (booked(0, 9, 0, 17), opened(8, 16), True),
        (booked(0, 9, 0, 17), opened(9, 17), False),
        (booked(0, 9, 0, 17), opened(8, 18, but=(0,)), True),
        (booked(0, 9, 0, 17), opened(8, 18, but=(1,)), False),
    ],
)
@pytest.mark.parametrize("per_day", [True, False])
def test_a_booking_of_one_day_has_to_fit_into_its_day(
    period: Period, after: dict[date, Period], is_outside: bool, per_day: bool
) -> None:
    before = opened(8, 20)

    outside = rules.falls_outside(period, before=before, after=after, per_day=per_day)

    assert outside is is_outside


@pytest.mark.parametrize(
    ("after", "is_outside"),
    [
        (opened(8, 18), False),  # the days between just become shorter
        (opened(8, 20, but=(1,)), True),  # a day between is closed: its claim stands, and is told
        (opened(10, 20), True),  # it begins at nine
        (opened(8, 16), True),  # it ends at five
        (opened(8, 17), False),
        (opened(18, 20), True),
    ],
)
def test_of_several_days_the_first_last_and_closed_ones_count(
    after: dict[date, Period], is_outside: bool
) -> None:
    period = booked(0, 9, 2, 17)

    outside = rules.falls_outside(period, before=opened(8, 20), after=after, per_day=True)

    assert outside is is_outside


def test_what_lay_outside_before_is_no_news() -> None:
    before, after = opened(8, 20, but=(5, 6)), opened(8, 20, but=(4, 5, 6))

    saturday = rules.falls_outside(booked(5, 9, 5, 12), before=before, after=after, per_day=False)
    evening = rules.falls_outside(booked(0, 21, 0, 22), before=before, after=after, per_day=False)

    assert (saturday, evening) == (False, False)


@given(starts=HOURS, length=st.integers(1, 100), opens=HOURS, closes=HOURS, per_day=st.booleans())
def test_hours_that_stay_leave_nothing_outside(
    starts: int, length: int, opens: int, closes: int, per_day: bool
) -> None:
    if closes and closes <= opens:
        opens, closes = closes - 1, opens + 1
    begins = clock.wall(MONDAY, time(starts))
    period = Period(begins, begins + timedelta(hours=length))
    hours = opened(opens, closes)

    assert not rules.falls_outside(period, before=hours, after=hours, per_day=per_day)


@given(starts=HOURS, length=st.integers(1, 60), per_day=st.booleans())
def test_longer_hours_leave_nothing_outside(starts: int, length: int, per_day: bool) -> None:
    begins = clock.wall(MONDAY, time(starts))
    period = Period(begins, begins + timedelta(hours=length))

    assert not rules.falls_outside(
        period, before=opened(8, 18), after=opened(7, 24), per_day=per_day
    )


def test_a_version_is_another_one_when_a_value_is() -> None:
    assert rules.version(["a", 1]) == rules.version(("a", 1))
    assert rules.version(["a", 1]) != rules.version(["a", "1"])
