"""The time asked for, or the nearest that can be had, and why it is another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus import clock
from campus.clock import Period
from campus.errors import Spoken
from campus.finder.rules import Habit, Slot
from campus.finder.slot import Said, slot_among, slot_for
from campus.finder.terms import Calendar, Terms, calendar_of, of_all, why_not
from tests.factories import DAY, NOW, at

ONE_DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
DESK = Terms(
    per_day=True,
    grid=QUARTER,
    shortest=HOUR,
    longest=None,
    notice=timedelta(0),
    horizon_days=14,
    usual=(time(8), time(18)),
    length=HOUR,
)
ROOM = Terms(
    per_day=False,
    grid=QUARTER,
    shortest=QUARTER,
    longest=8 * HOUR,
    notice=timedelta(0),
    horizon_days=60,
    usual=(time(8), time(18)),
    length=HOUR,
)
SINTERKLAAS = DAY + timedelta(days=5)


def calendar(terms: Terms = DESK, *, now: datetime = NOW) -> Calendar:
    """Weekdays from 08:00 to 20:00; closed on one of them with a reason."""
    days = [DAY + n * ONE_DAY for n in range(-3, 70)]
    periods = {
        day: Period(at(8, day=day), at(20, day=day))
        for day in days
        if day.weekday() < 5 and day != SINTERKLAAS
    }
    return Calendar(periods, {SINTERKLAAS: Spoken("feest", "a party")}, terms, now)


def asked(
    said: Said, terms: Terms = DESK, *, now: datetime = NOW, habit: Habit | None = None
) -> tuple[Slot, list[str]]:
    slot, mistakes = slot_for(said, calendar(terms, now=now), habit)
    assert slot is not None
    return slot, [str(mistake) for mistake in mistakes]


def hours(slot: Slot) -> str:
    first, last = clock.local(slot.wanted.starts_at), clock.local(slot.wanted.end)
    return f"{first:%H:%M}–{last:%H:%M}"


def test_without_a_word_it_is_the_rest_of_today() -> None:
    slot, mistakes = asked(Said(), now=at(10, 50))

    assert (slot.day, hours(slot), mistakes) == (DAY, "10:45–18:00", [])


def test_when_today_is_over_it_is_the_next_open_day() -> None:
    friday = DAY + ONE_DAY

    slot, mistakes = asked(Said(), now=at(19, 30, day=friday))

    assert (slot.day, hours(slot), mistakes) == (DAY + 4 * ONE_DAY, "08:00–18:00", [])


def had(*days: date) -> Habit:
    """Return the habit of somebody who has a place on these days."""
    before = DAY - timedelta(days=2)
    return Habit(1, 1, at(9, day=before), at(17, day=before), frozenset(days))


FRIDAY, MONDAY, WEDNESDAY = (DAY + n * ONE_DAY for n in (1, 4, 6))


@pytest.mark.parametrize(
    ("booked", "shown"),
    [
        ([], DAY),
        ([DAY], FRIDAY),
        ([FRIDAY], DAY),
        ([DAY, FRIDAY], MONDAY),
        ([DAY, FRIDAY, MONDAY], WEDNESDAY),
        ([DAY + n * ONE_DAY for n in range(15)], DAY),
    ],
    ids=["none", "today", "tomorrow only", "over the weekend", "over a closed day", "every day"],
)
def test_who_has_a_desk_is_shown_the_first_open_day_without_one(
    booked: list[date], shown: date
) -> None:
    slot, mistakes = asked(Said(), habit=had(*booked))

    assert (slot.day, mistakes) == (shown, [])


def test_a_day_that_was_said_is_shown_although_there_is_a_desk_on_it() -> None:
    slot, _ = asked(Said(day=DAY), habit=had(DAY))

    assert slot.day == DAY


def test_with_a_room_today_the_next_one_is_proposed_for_today_too() -> None:
    slot, _ = asked(Said(), ROOM, habit=had(DAY, FRIDAY))

    assert slot.day == DAY


def test_a_day_without_a_desk_that_is_over_is_not_proposed() -> None:
    slot, _ = asked(Said(), now=at(19, 30), habit=had(FRIDAY))

    assert slot.day == MONDAY


@pytest.mark.parametrize(
    ("terms", "now", "shown"),
    [
        (DESK, at(8, 10), "09:00–17:30"),
        (DESK, at(12, 5), "12:00–17:30"),
        (DESK, at(17, 10), "17:00–20:00"),
        (ROOM, at(8, 10), "09:00–17:00"),
        (ROOM, at(12, 5), "12:00–20:00"),
    ],
    ids=["as last time", "what is left", "too late for that", "room", "room, later"],
)
def test_usual_hours_are_proposed_again(terms: Terms, now: datetime, shown: str) -> None:
    before = DAY - timedelta(days=2)
    habit = Habit(1, 1, at(9, day=before), at(17, 30, day=before))
    said = Said(day=DAY)

    slot, mistakes = asked(said, terms, now=now, habit=habit)

    assert hours(slot) == shown
    assert [mistake for mistake in mistakes if "at most" not in mistake] == []


def test_a_room_is_proposed_for_an_hour_from_now_or_from_nine() -> None:
    today, _ = asked(Said(), ROOM, now=at(11, 20))
    tomorrow, _ = asked(Said(day=DAY + ONE_DAY), ROOM, now=at(11, 20))

    assert (hours(today), hours(tomorrow)) == ("11:15–12:15", "09:00–10:00")


@pytest.mark.parametrize(
    ("day", "shown", "words"),
    [
        (DAY - ONE_DAY, DAY, "2026-11-25 is over."),
        (date(1, 1, 1), DAY, "0001-01-01 is over."),
        (DAY + 2 * ONE_DAY, DAY + 4 * ONE_DAY, "The campus is closed on 2026-11-28."),
        (SINTERKLAAS, SINTERKLAAS + ONE_DAY, "The campus is closed on 2026-12-01: a party."),
        (DAY + 15 * ONE_DAY, DAY + 14 * ONE_DAY, "You can book up to 14 days ahead"),
        (date(2100, 1, 1), DAY + 14 * ONE_DAY, "You can book up to 14 days ahead"),
    ],
    ids=["yesterday", "long ago", "Saturday", "closed with a reason", "too far", "much too far"],
)
def test_a_day_that_cannot_be_booked_shows_the_nearest_and_says_why(
    day: date, shown: date, words: str
) -> None:
    slot, mistakes = asked(Said(day=day, starts=time(9), ends=time(12)))

    assert slot.day == shown
    assert words in mistakes[0]


@pytest.mark.parametrize(
    ("first", "last", "shown", "words"),
    [
        (time(9), time(12), "09:00–12:00", ""),
        (time(12), time(9), "12:00–18:00", "The end must be after the start."),
        (time(9), time(9), "09:00–18:00", "The end must be after the start."),
        (time(6), time(10), "08:00–10:00", "the campus is open 08:00:00–20:00:00"),
        (time(18), time(23), "18:00–20:00", "the campus is open 08:00:00–20:00:00"),
        (time(9), time(0), "09:00–20:00", "the campus is open 08:00:00–20:00:00"),
        (time(22), time(23), "19:00–20:00", "the campus is open 08:00:00–20:00:00"),
        (time(9, 5), time(12), "09:00–12:00", "steps of 15 minutes"),
        (time(9), time(9, 30), "09:00–10:00", ""),
        (time(16), None, "16:00–18:00", ""),
        (None, time(12), "08:00–12:00", ""),
        (None, time(8), "08:00–09:00", "the campus is open"),
    ],
)
def test_hours_that_cannot_be_had_are_put_right_and_said(
    first: time | None, last: time | None, shown: str, words: str
) -> None:
    slot, mistakes = asked(Said(DAY + ONE_DAY, first, last))

    assert hours(slot) == shown
    assert any(words in mistake for mistake in mistakes) if words else mistakes == []


def test_hours_that_have_passed_are_over() -> None:
    slot, mistakes = asked(Said(DAY, time(9), time(10)), now=at(12))

    assert (hours(slot), mistakes) == ("12:00–13:00", ["That time has passed."])


def test_a_booking_that_has_begun_meanwhile_begins_now_without_a_word() -> None:
    slot, mistakes = asked(Said(DAY, time(9), time(17)), now=at(12, 20))

    assert (hours(slot), mistakes) == ("12:15–17:00", [])


def test_a_room_is_not_had_longer_than_its_longest() -> None:
    slot, mistakes = asked(Said(DAY, time(9), time(19)), ROOM)

    assert (hours(slot), mistakes) == ("09:00–17:00", ["One booking takes at most 8:00:00."])


def test_notice_is_kept() -> None:
    terms = Terms(**{**{name: getattr(ROOM, name) for name in ROOM.__slots__}, "notice": HOUR})

    slot, _ = asked(Said(), terms, now=at(10, 5))

    assert hours(slot) == "11:15–12:15"


def test_without_opening_hours_there_is_nothing_to_book() -> None:
    slot, mistakes = slot_for(Said(), Calendar({}, {}, DESK, NOW), None)

    assert slot is None
    assert [str(mistake) for mistake in mistakes] == [
        "No day can be booked yet: there are no opening hours."
    ]


def test_a_time_that_the_clocks_skip_is_said() -> None:
    spring = date(2027, 3, 28)
    open_all_night = Calendar({spring: clock.day_period(spring)}, {}, DESK, clock.midnight(spring))

    slot, mistakes = slot_for(Said(spring, time(2, 30), time(6)), open_all_night, None)

    assert slot is not None
    assert "the clocks go forward" in str(mistakes[0])


# --- kinds with hours and terms of their own --------------------------------------------------


HALL = replace(ROOM, grid=HOUR, shortest=2 * HOUR, longest=12 * HOUR, horizon_days=180)


def calendar_of_hall() -> Calendar:
    """Every day from 12:00 to 23:00."""
    days = [DAY + n * ONE_DAY for n in range(181)]
    periods = {day: Period(at(12, day=day), at(23, day=day)) for day in days}
    return Calendar(periods, {}, HALL, NOW)


def test_of_several_kinds_the_widest_hours_and_terms_can_be_asked() -> None:
    plain = calendar_of(ROOM, calendar().periods, calendar().reasons, now=NOW)

    whole = of_all([plain, calendar_of_hall()])

    assert whole.periods[DAY] == Period(at(8), at(23))
    saturday = DAY + 2 * ONE_DAY
    assert whole.periods[saturday] == Period(at(12, day=saturday), at(23, day=saturday))
    far = DAY + 61 * ONE_DAY
    assert whole.periods[far] == Period(at(12, day=far), at(23, day=far))
    assert SINTERKLAAS not in whole.reasons
    assert whole.terms == replace(ROOM, longest=12 * HOUR, horizon_days=180)


@pytest.mark.parametrize(
    ("said", "now", "shown"),
    [
        (Said(), NOW, (DAY, "08:00–09:00")),
        (Said(), at(20, 30), (FRIDAY, "09:00–10:00")),
        (Said(day=DAY), at(20, 30), (DAY, "20:30–21:30")),
        (Said(day=DAY + 2 * ONE_DAY), NOW, (DAY + 2 * ONE_DAY, "12:00–13:00")),
        (Said(day=DAY, starts=time(20), ends=time(22)), NOW, (DAY, "20:00–22:00")),
    ],
    ids=["nothing said", "rooms are shut", "today", "a day for halls only", "hours for halls"],
)
def test_what_nobody_said_is_proposed_for_the_plainest_kind(
    said: Said, now: datetime, shown: tuple[date, str]
) -> None:
    plain, hall = calendar(ROOM, now=now), replace(calendar_of_hall(), now=now)

    slot, mistakes = slot_among(said, plain=plain, whole=of_all([plain, hall]), habit=None)

    assert slot is not None
    assert ((slot.day, hours(slot)), mistakes) == (shown, [])
    assert slot.hours.end == at(23, day=slot.day)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (DAY, "too late to book"),
        (DAY + 2 * ONE_DAY, "closed"),
        (DAY + 61 * ONE_DAY, "not to book yet"),
    ],
)
def test_why_a_kind_cannot_be_booked_on_a_day(day: date, words: str) -> None:
    assert str(why_not(day, calendar(ROOM, now=at(19, 50)))) == words


times = st.one_of(st.none(), st.times())


@given(
    day=st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2027, 3, 1))),
    first=times,
    last=times,
    minutes=st.integers(0, 24 * 60 - 1),
    terms=st.sampled_from([DESK, ROOM]),
    usual=st.one_of(st.none(), st.tuples(st.integers(0, 22), st.integers(1, 30))),
)
def test_whatever_is_said_the_time_shown_can_be_had(
    day: date | None,
    first: time | None,
    last: time | None,
    minutes: int,
    terms: Terms,
    usual: tuple[int, int] | None,
) -> None:
    now = clock.midnight(DAY) + timedelta(minutes=minutes)
    begin = None if usual is None else at(usual[0], day=DAY - ONE_DAY)
    habit = None if begin is None or usual is None else Habit(1, 1, begin, begin + usual[1] * HOUR)
    if first is not None:
        first = first.replace(microsecond=0, second=0)
    if last is not None:
        last = last.replace(microsecond=0, second=0)

    slot, _ = asked(Said(day, first, last), terms, now=now, habit=habit)

    assert slot.hours.contains(slot.wanted)
    assert slot.wanted.starts_at >= slot.since
    assert slot.wanted.starts_at > now - terms.grid
    assert slot.wanted.length >= terms.shortest
    assert terms.longest is None or slot.wanted.length <= terms.longest
    assert all(
        clock.local(edge).minute % 15 == 0 for edge in (slot.wanted.starts_at, slot.wanted.end)
    )
