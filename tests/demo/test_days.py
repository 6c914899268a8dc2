"""The demo's month of bookings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from campus import clock
from campus.clock import Period
from campus.demo.cast import CLOSED
from campus.demo.days import DemoCampus, bookings, days_around, demo_campus
from campus.demo.diary import DemoBooking
from campus.demo.people import COLLEAGUE, FOUNDER
from campus.members.models import Relation
from campus.spaces.models import Audience, SpaceKind

THURSDAY = date(2026, 11, 26)
SATURDAY = date(2026, 11, 28)
CAMPUS = demo_campus(1)
KIND = {space.code: space.kind for space in CAMPUS.spaces}
MINUTE = timedelta(minutes=1)


def opened(today: date, *, off: Iterable[date] = ()) -> dict[date, Period]:
    """Return the open hours of the working days around a day."""
    first, last = days_around(today)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {
        day: Period(clock.instant(day, time(8)), clock.instant(day, time(20)))
        for day in every
        if day.weekday() < 5 and day not in set(off)
    }


def month(
    today: date = THURSDAY, *, seed: int = 1, campus: DemoCampus = CAMPUS
) -> list[DemoBooking]:
    """Return the bookings around a day."""
    return bookings(campus, today=today, opened=opened(today), seed=seed)


def standing(made: list[DemoBooking]) -> list[DemoBooking]:
    """Return the bookings that were not given up."""
    return [one for one in made if one.cancelled_at is None]


def claims(made: list[DemoBooking]) -> dict[str, list[tuple[datetime, datetime]]]:
    """Return what is taken of each space, buffers included and combined rooms as their parts."""
    by_code = {space.code: space for space in CAMPUS.spaces}
    taken: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in made:
        space = by_code[one.space]
        starts_at = one.starts_at - space.buffer_before_minutes * MINUTE
        ends_at = one.ends_at + space.buffer_after_minutes * MINUTE
        for code in space.parts or (space.code,):
            taken[code].append((starts_at, ends_at))
    return taken


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("today", [THURSDAY, SATURDAY], ids=["an open day", "a closed day"])
def test_nothing_is_taken_twice(today: date, seed: int) -> None:
    for periods in claims(standing(month(today, seed=seed))).values():
        ordered = sorted(periods)
        assert all(one[1] <= other[0] for one, other in pairwise(ordered))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everybody_has_at_most_one_desk_a_day(seed: int) -> None:
    desks = [one for one in standing(month(seed=seed)) if KIND[one.space] is SpaceKind.DESK]
    places = [(one.person, clock.today(one.starts_at)) for one in desks]

    assert len(set(places)) == len(places) > 1000


def test_nobody_is_in_two_meetings_at_once() -> None:
    meetings: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in standing(month()):
        if KIND[one.space] is not SpaceKind.DESK:
            meetings[one.person].append((one.starts_at, one.ends_at))

    for periods in meetings.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(periods)))


def test_the_same_day_and_seed_give_the_same_month_and_another_seed_another() -> None:
    assert month(seed=7) == month(seed=7) != month(seed=8)


def test_bookings_lie_inside_the_hours_and_closed_days_stay_empty() -> None:
    hours = opened(THURSDAY, off={THURSDAY + timedelta(days=1)})
    made = bookings(CAMPUS, today=THURSDAY, opened=hours, seed=1)

    assert {clock.today(one.starts_at) for one in made} == set(hours)
    for one in made:
        inside = Period(one.starts_at, one.ends_at)
        assert hours[clock.today(one.starts_at)].contains(inside)


@pytest.mark.parametrize(
    ("ahead", "share"),
    [(0, 0.56), (1, 0.31), (4, 0.44), (5, 0.88), (6, 0.52), (-1, 0.52), (-2, 0.88)],
)
def test_desks_are_as_full_as_the_weekday_is(ahead: int, share: float) -> None:
    day = THURSDAY + timedelta(days=ahead)
    used = {
        one.space
        for one in standing(month())
        if clock.today(one.starts_at) == day and KIND[one.space] is SpaceKind.DESK
    }

    assert len(used) / 142 == pytest.approx(share, abs=0.01)


def test_the_middle_of_morning_and_afternoon_is_busiest_in_the_rooms() -> None:
    starts = [
        clock.local(one.starts_at).hour
        for one in standing(month())
        if KIND[one.space] is SpaceKind.MEETING_ROOM
    ]

    busy = min(starts.count(hour) for hour in (10, 14))
    assert busy > 2 * max(starts.count(hour) for hour in (8, 17, 18))


def test_a_few_come_nearly_daily_and_many_now_and_then() -> None:
    visits: dict[str, int] = defaultdict(int)
    for one in standing(month()):
        if KIND[one.space] is SpaceKind.DESK:
            visits[one.person] += 1

    often = sorted(visits.values(), reverse=True)
    assert often[len(often) // 10] >= 3 * often[len(often) // 2 + len(often) // 4]


def test_some_bookings_were_given_up_before_they_began() -> None:
    made = month()
    cancelled = [one for one in made if one.cancelled_at is not None]

    assert len(made) * 0.02 < len(cancelled) < len(made) * 0.08
    assert all(
        one.created_at <= one.cancelled_at <= one.starts_at
        for one in cancelled
        if one.cancelled_at
    )


def test_everything_was_booked_before_today_and_before_it_began() -> None:
    midnight = clock.midnight(THURSDAY)

    for one in month():
        assert one.created_at < min(one.starts_at, midnight)


@pytest.mark.parametrize(
    ("today", "first"),
    [(THURSDAY, THURSDAY), (SATURDAY, date(2026, 11, 30))],
    ids=["today is open", "the next open day"],
)
def test_the_founder_has_a_desk_and_a_room_and_meets_colleagues(today: date, first: date) -> None:
    here = [one for one in standing(month(today)) if clock.today(one.starts_at) == first]
    founders = {one.space for one in here if one.person == FOUNDER}
    colleagues = {one.person for one in here if one.organisation == "terpdata"} - {FOUNDER}

    assert founders == {"1.32", "ameland", "reitdiep"}
    assert {COLLEAGUE, "amira@terpdata.example", "tomasz@terpdata.example"} <= colleagues


def test_the_founder_is_free_to_book_on_most_days_ahead() -> None:
    ahead = {
        clock.today(one.starts_at): one.space
        for one in standing(month())
        if one.person == FOUNDER and KIND[one.space] is SpaceKind.DESK
    }

    coming = {day: space for day, space in ahead.items() if day >= THURSDAY}
    assert coming == {THURSDAY: "1.32", date(2026, 12, 1): "2.11"}


def test_a_closed_room_is_not_booked() -> None:
    first = [one for one in standing(month()) if clock.today(one.starts_at) == THURSDAY]

    assert CLOSED not in {one.space for one in first}


def test_only_those_who_may_book_a_space_have_it() -> None:
    relations = {one.code: one.relation for one in CAMPUS.organisations}
    guarded = {space.code for space in CAMPUS.spaces if space.audience is Audience.RESIDENTS}
    by_associates = {
        one.space for one in month() if relations[one.organisation] is Relation.ASSOCIATED
    }

    assert guarded
    assert not guarded & by_associates
    assert {KIND[one.space] for one in month()} == {
        SpaceKind.DESK, SpaceKind.MEETING_ROOM, SpaceKind.PHONE_BOOTH, SpaceKind.EVENT_SPACE,
    }  # fmt: skip


def test_a_larger_campus_has_more_bookings() -> None:
    larger = month(campus=demo_campus(3))

    assert len(larger) > 2.5 * len(month())
    assert {one.space.partition("-")[0] for one in larger} >= {"B2", "B3"}


def test_the_demo_reaches_eight_weeks_back_and_four_ahead() -> None:
    assert days_around(THURSDAY) == (date(2026, 10, 1), date(2026, 12, 24))
