"""Each rule at its edge: the last that passes, the first that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from campus import clock
from campus.bookings import rules
from campus.bookings.rules import Hours, Terms
from campus.clock import Period
from campus.errors import RuleBroken, Spoken
from tests.factories import DAY, NOW, at, period

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ONE_DAY = timedelta(days=1)
ROOM = Terms(
    per_day=False,
    grid=15 * MINUTE,
    shortest=15 * MINUTE,
    longest=8 * HOUR,
    longest_days=1,
    notice=timedelta(0),
    horizon_days=14,
)
DESK = replace(ROOM, per_day=True, shortest=HOUR, longest=None, longest_days=5)


def week_hours() -> Hours:
    """Return 08:00 to 20:00 on weekdays for three weeks, Monday the 30th closed with a reason."""
    days = [DAY + n * ONE_DAY for n in range(-7, 21)]
    closed = date(2026, 11, 30)
    return Hours(
        {d: period(8, 20, day=d) for d in days if d.weekday() < 5 and d != closed},
        {closed: Spoken("Verhuizing", "Moving day")},
    )


HOURS = week_hours()


def broken(asked: Period, *, terms: Terms = ROOM) -> str | None:
    """Return the name of the rule that refuses, or None."""
    try:
        rules.check(asked, terms=terms, hours=HOURS, now=NOW)
    except RuleBroken as refusal:
        return refusal.rule
    return None


@pytest.mark.parametrize(
    ("asked", "terms", "rule"),
    [
        (period(9, 11), ROOM, None),
        (Period(at(8), at(9)), ROOM, None),  # the quarter we are in
        (Period(at(8) - 15 * MINUTE, at(9)), ROOM, "past"),
        (Period(at(8), at(8, 5)), ROOM, "past"),
        (Period(at(8), at(17)), DESK, None),  # a day that has begun
        (period(9, 17, day=DAY - ONE_DAY), DESK, "past"),
        (Period(at(9, 5), at(11)), ROOM, "grid"),
        (Period(at(9), at(11, 5)), ROOM, "grid"),
        (Period(at(9), at(9, 15)), ROOM, None),
        (Period(at(9), at(9, 45)), DESK, "shortest"),
        (period(9, 17), ROOM, None),
        (Period(at(9), at(17, 15)), ROOM, "longest"),
        (period(18, 20), ROOM, None),
        (Period(at(18), at(20, 15)), ROOM, "opening_hours"),
        (period(9, 11, day=date(2026, 11, 28)), ROOM, "opening_hours"),
        (period(9, 11, day=date(2026, 11, 30)), ROOM, "holiday"),
        (period(9, 11, day=date(2026, 12, 10)), ROOM, None),
        (period(9, 11, day=date(2026, 12, 11)), ROOM, "horizon"),
    ],
)
def test_a_rule_refuses_from_its_edge_on(asked: Period, terms: Terms, rule: str | None) -> None:
    assert broken(asked, terms=terms) == rule


def test_the_horizon_counts_calendar_days_to_the_end() -> None:
    last = DAY + 14 * ONE_DAY

    assert broken(Period(at(19, day=last), at(20, day=last)), terms=ROOM) is None
    with pytest.raises(RuleBroken, match="2026-12-10"):
        rules.check_horizon(Period(at(19, day=last), at(9, day=last + ONE_DAY)), days=14, now=NOW)


def test_notice_is_measured_at_the_start() -> None:
    terms = replace(ROOM, notice=2 * HOUR)

    assert broken(Period(at(10, 15), at(11)), terms=terms) is None
    assert broken(Period(at(10), at(11)), terms=terms) == "notice"


def test_a_closed_day_says_why() -> None:
    with pytest.raises(RuleBroken, match="Moving day"):
        rules.check_hours(period(9, 11, day=date(2026, 11, 30)), hours=HOURS, per_day=False)


def test_several_days_take_one_row_for_each_open_day() -> None:
    asked = Period(at(9), at(15, day=date(2026, 12, 2)))  # Thursday to Wednesday

    claimed = rules.claims(asked, hours=HOURS, per_day=True)

    assert claimed == [
        period(9, 20),
        period(8, 20, day=date(2026, 11, 27)),
        period(8, 20, day=date(2026, 12, 1)),
        period(8, 15, day=date(2026, 12, 2)),
    ]


def test_a_closed_weekend_between_counts_for_nothing() -> None:
    asked = Period(at(9), at(17, day=date(2026, 12, 3)))

    assert broken(asked, terms=DESK) is None
    assert broken(Period(at(9), at(17, day=date(2026, 12, 4))), terms=DESK) == "longest"


@pytest.mark.parametrize(
    "asked",
    [
        Period(at(9), at(17, day=date(2026, 11, 28))),
        Period(at(9), at(21, day=date(2026, 11, 27))),
        Period(at(7), at(17, day=date(2026, 11, 27))),
    ],
    ids=["ends on a closed day", "ends after closing", "starts before opening"],
)
def test_several_days_start_and_end_in_open_hours(asked: Period) -> None:
    with pytest.raises(RuleBroken):
        rules.check_hours(asked, hours=HOURS, per_day=True)


def test_a_night_is_open_where_hours_meet_at_midnight() -> None:
    friday = DAY + ONE_DAY
    saturday = friday + ONE_DAY
    hours = Hours(
        {
            friday: Period(at(18, day=friday), clock.midnight(saturday)),
            saturday: Period(clock.midnight(saturday), at(6, day=saturday)),
        },
        {},
    )
    night = Period(at(22, day=friday), at(2, day=saturday))

    rules.check_hours(night, hours=hours, per_day=False)
    with pytest.raises(RuleBroken):
        rules.check_hours(
            Period(at(22, day=friday), at(7, day=saturday)), hours=hours, per_day=False
        )


def test_buffers_widen_what_is_claimed() -> None:
    assert rules.with_buffers([period(9, 10)], before=15, after=30) == [
        Period(at(8, 45), at(10, 30))
    ]


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        ([period(8, 20)], period(10, 12)),
        ([period(8, 10), period(11, 20)], period(11, 13)),
        ([period(8, 10), period(15, 20)], period(8, 10)),
        ([period(8, 9)], None),
        ([Period(at(10, 7), at(20))], Period(at(10, 15), at(12, 15))),
    ],
    ids=["as asked", "a bit later", "earlier is nearer", "nowhere", "on the grid"],
)
def test_the_nearest_time_keeps_the_length(free: list[Period], expected: Period | None) -> None:
    found = rules.nearest(period(10, 12), free=free, length=2 * HOUR, grid=15 * MINUTE)

    assert found == expected


def test_a_shorter_time_is_the_longest_part_that_is_left() -> None:
    free = [period(8, 11), Period(at(11, 30), at(14))]

    assert rules.shortened(period(10, 13), free=free, terms=ROOM) == Period(at(11, 30), at(13))
    assert rules.shortened(period(8, 10), free=free, terms=ROOM) is None


def test_the_clocks_going_forward_leaves_a_shorter_day() -> None:
    spring = date(2027, 3, 28)
    day = clock.day_period(spring)

    with pytest.raises(RuleBroken) as refused:
        clock.instant(spring, time(2, 30))

    assert refused.value.rule == "clock_change"
    assert rules.claims(day, hours=Hours({spring: day}, {}), per_day=True) == [day]
