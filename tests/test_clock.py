"""Instants, campus days, and the two nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus import clock
from campus.clock import Period
from campus.errors import RuleBroken

SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(RuleBroken, match="clocks go forward") as refused:
        clock.instant(SPRING, time(2, 30))

    assert refused.value.rule == "clock_change"


def test_a_time_that_comes_twice_means_the_first() -> None:
    assert clock.instant(AUTUMN, time(2, 30)) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_night_in_october_lasts_its_real_hours() -> None:
    night = Period(clock.instant(AUTUMN, time(0)), clock.instant(AUTUMN, time(9)))

    assert night.length == timedelta(hours=10)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 26), 24)])
def test_a_campus_day_has_the_hours_it_has(day: date, hours: int) -> None:
    assert clock.day_period(day).length == timedelta(hours=hours)


def test_a_period_that_ends_as_it_starts_is_refused() -> None:
    at = datetime(2026, 11, 26, 9, tzinfo=UTC)

    with pytest.raises(RuleBroken, match="after the start"):
        Period(at, at)


def test_a_period_of_naive_times_is_a_mistake_in_the_code() -> None:
    naive = datetime(2026, 11, 26, 9)  # noqa: DTZ001 - the point of the test

    with pytest.raises(ValueError, match="UTC"):
        Period(naive, naive + timedelta(hours=1))


def test_midnight_that_ends_a_period_belongs_to_the_day_before() -> None:
    day = date(2026, 11, 26)

    assert clock.days_of(clock.day_period(day)) == [day]


@given(st.dates(date(2021, 1, 1), date(2099, 1, 1)), st.times())
def test_an_instant_shows_the_wall_clock_it_was_made_of(day: date, at: time) -> None:
    try:
        made = clock.instant(day, at)
    except RuleBroken:
        assert day.month in {3, 4}
        return

    assert clock.local(made).replace(tzinfo=None) == datetime.combine(day, at)


@given(
    st.integers(0, 200), st.integers(1, 200), st.integers(0, 200), st.integers(1, 200) | st.none()
)
def test_periods_overlap_when_they_share_a_minute(
    a: int, long: int, b: int, wide: int | None
) -> None:
    start, minute = datetime(2026, 1, 1, tzinfo=UTC), timedelta(minutes=1)
    one = Period(start + a * minute, start + (a + long) * minute)
    end = None if wide is None else start + (b + wide) * minute
    two = Period(start + b * minute, end)
    minutes_of_two = range(b, b + (1000 if wide is None else wide))

    assert one.overlaps(two) is two.overlaps(one)
    assert one.overlaps(two) is bool(set(range(a, a + long)) & set(minutes_of_two))
