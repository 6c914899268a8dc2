"""What the pages of this slice show, as values: worked out here, written out by the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campus import clock
from campus.bookings.models import Booking
from campus.clock import Period
from campus.errors import Spoken, Text
from campus.home import rules
from campus.home.queries import CampusDay, Weekly
from campus.home.rules import OpenDay
from campus.spaces.models import SpaceKind
from campus.spaces.policy import titled
from campus.web import strips
from campus.web.strips import Cell

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ROOMS = (SpaceKind.MEETING_ROOM, SpaceKind.EVENT_SPACE)
SHOWN_ROOMS = 8  # beside the sign-in form
USUAL_DAY = (time(8), time(20))  # drawn where the campus is closed


# --- beside signing in ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoomNow:
    """A meeting room today, as anybody may see it: when it is taken, not by whom."""

    name: str
    cells: Sequence[Cell]
    words: Text


def rooms_now(day: CampusDay, *, now: datetime) -> list[RoomNow]:
    """Return the first meeting rooms of a day that goes on; of another day, nothing."""
    if not day.hours.starts_at <= now < day.hours.end:
        return []
    rooms = [
        (lot.name, OpenDay(day.day, day.hours, lot.taken))
        for lot in day.of_kinds(SpaceKind.MEETING_ROOM)[:SHOWN_ROOMS]
    ]
    return [
        RoomNow(name, rules.strip(one, day.hours, now=now), rules.now_words(one, now=now))
        for name, one in rooms
    ]


# --- my campus --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MyDay:
    """The strip of the day of a person's next booking.

    Attributes:
        spoken: the same in one sentence.
    """

    cells: Sequence[Cell]
    marks: Sequence[tuple[int, datetime]]
    spoken: Sequence[tuple[Text, Booking]]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the same organisation who has a desk today."""

    name: str
    desk: str
    since: datetime | None  # None: there by now


@dataclass(frozen=True, slots=True)
class FreeDesks:
    """How many desks are free, of how many.

    Attributes:
        is_now: counted at this moment; else over the whole of a day that is still to begin.
    """

    day: date
    is_now: bool
    free: int
    total: int


def free_desks(day: CampusDay, *, now: datetime) -> FreeDesks | None:
    """Return how many desks are free on a day, or nothing on a campus without desks."""
    is_now = day.hours.starts_at <= now < day.hours.end
    moment = Period(now, now + MINUTE) if is_now else day.hours
    desks = day.of_kinds(SpaceKind.DESK)
    free = sum(desk.is_free(moment) for desk in desks)
    return FreeDesks(day.day, is_now, free, len(desks)) if desks else None


def my_day(coming: Sequence[Booking], *, hours: Mapping[date, Period], now: datetime) -> MyDay:
    """Return the day of the first of a person's coming bookings, with all of them on it."""
    day = max(clock.today(coming[0].starts_at), clock.today(now))
    opening = hours.get(day) or Period(*(clock.wall(day, at) for at in USUAL_DAY))
    shown = [booking for booking in coming if booking.period.overlaps(opening)]
    shown.sort(key=lambda booking: booking.space.kind is not SpaceKind.DESK)  # desks lie below
    return MyDay(
        cells=[*(_my_cell(one, opening) for one in shown), *strips.now_cell(opening, now=now)],
        marks=list(strips.hour_marks(opening)),
        spoken=[(titled(booking.space), booking) for booking in shown],
    )


def _my_cell(booking: Booking, hours: Period) -> Cell:
    cell = strips.cells(hours, [(booking.period, "")])[0]
    state = "d0" if booking.space.kind is SpaceKind.DESK else ""
    return Cell(cell.start, cell.length, state, booking.space.name)


def colleagues(bookings: Sequence[Booking], *, person_id: int, now: datetime) -> list[Colleague]:
    """Return who else of an organisation has a desk, each once, those who are there first."""
    found: dict[int, Colleague] = {}
    for booking in bookings:
        is_desk = booking.space.kind is SpaceKind.DESK
        if booking.person_id == person_id or booking.source is not None or not is_desk:
            continue
        if booking.ends_at > now and booking.person_id not in found:
            since = booking.starts_at if booking.starts_at > now else None
            found[booking.person_id] = Colleague(booking.person.name, booking.space.name, since)
    return sorted(found.values(), key=lambda one: (one.since or now, one.name))


# --- a space's week ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day in the week of a space; without cells and words it is closed."""

    day: date
    is_open: bool
    reason: Spoken | None = None
    cells: Sequence[Cell] = ()
    words: Text | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of a space, and how it is at this moment."""

    days: Sequence[WeekDay]
    marks: Sequence[tuple[int, datetime]]
    now: Text | None
    is_free: bool


def week(
    days: Sequence[OpenDay], reasons: Mapping[date, Spoken], *, first: date, now: datetime
) -> Week:
    """Return seven days from `first` as strips on common hours."""
    by_day = {one.day: one for one in days}
    today = by_day.get(clock.today(now))
    shown = [first + number * DAY for number in range(7)]
    return Week(
        days=[_week_day(day, by_day, days, reasons=reasons, now=now) for day in shown],
        marks=list(strips.hour_marks(rules.frame(days, days[0].day))) if days else [],
        now=rules.now_words(today, now=now) if today else None,
        is_free=today is not None and _is_free(today, now),
    )


def _week_day(
    day: date,
    by_day: Mapping[date, OpenDay],
    days: Sequence[OpenDay],
    *,
    reasons: Mapping[date, Spoken],
    now: datetime,
) -> WeekDay:
    found = by_day.get(day)
    if found is None:
        return WeekDay(day, is_open=False, reason=reasons.get(day))
    cells = rules.strip(found, rules.frame(days, day), now=now)
    return WeekDay(day, is_open=True, cells=cells, words=rules.free_words(found, now=now))


def _is_free(day: OpenDay, now: datetime) -> bool:
    free = rules.free_parts(day, since=now)
    return bool(free) and free[0].starts_at <= max(now, day.hours.starts_at)


# --- help -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KindHelp:
    """What the help page says of a kind."""

    name: Text
    sentences: Sequence[Text]
    hours: Sequence[tuple[int, int, time, time]]


def usual_hours(rows: Sequence[Weekly]) -> list[tuple[int, int, time, time]]:
    """Return weekdays with the same hours as (first, last, opens, closes)."""
    runs: list[tuple[int, int, time, time]] = []
    for row in rows:
        if row.opens is None or row.closes is None:
            continue
        if runs and runs[-1][1] == row.weekday - 1 and runs[-1][2:] == (row.opens, row.closes):
            runs[-1] = (runs[-1][0], row.weekday, row.opens, row.closes)
        else:
            runs.append((row.weekday, row.weekday, row.opens, row.closes))
    return runs
