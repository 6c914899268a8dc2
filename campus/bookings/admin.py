"""The front desk's day: who comes, which rooms change, what is closed; booking for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campus import clock
from campus.bookings import queries
from campus.bookings.models import Booking
from campus.clock import Period
from campus.members import queries as members
from campus.members.login import require_staff
from campus.occupancy.queries import Taken, taken_between
from campus.spaces import queries as spaces
from campus.spaces.models import Space, SpaceKind
from campus.web import strips
from campus.web.forms import clean
from campus.web.strips import Cell

ROOMS = (SpaceKind.MEETING_ROOM, SpaceKind.EVENT_SPACE)
NEXT_ARRIVALS = 8
MOST_ROOMS = 8  # with strips, what a screen of 1080 lines holds
MOST_FOUND = 8
SOON = timedelta(hours=2)
MINUTE = timedelta(minutes=1)

staff_bookings = Blueprint("staff_bookings", __name__, url_prefix="/<language:lang>/staff")
staff_bookings.before_request(require_staff)


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch in which a room is taken, with the booking it is for, if it is for one."""

    period: Period
    booking: Booking | None


@dataclass(frozen=True, slots=True)
class Room:
    """A room and what happens in it next.

    Attributes:
        now, then: who is in it, and who comes after; None for nobody today.
        changes_at: when that is no longer so; None when nothing changes any more.
        minutes: until then, where it is soon.
    """

    space: Space
    now: Use | None
    then: Use | None
    changes_at: datetime | None
    minutes: int | None
    cells: Sequence[Cell]

    @property
    def is_handed_over(self) -> bool:
        """Whether the next ones come in as the present ones leave."""
        return self.now is not None and _start(self.then) == self.changes_at is not None


@staff_bookings.get("")
def front_desk() -> ResponseReturnValue:
    """Lead to today, which is where the front desk begins."""
    return redirect(url_for(".today"))


@staff_bookings.get("/today")
def today() -> ResponseReturnValue:
    """Show the day as the front desk sees it, and whom a search for a member finds."""
    now = clock.now()
    day = clock.day_period(clock.today(now))
    hours = spaces.opening(SpaceKind.DESK, first=clock.today(now), last=clock.today(now))
    opened = hours.periods.get(clock.today(now))
    everything = spaces.spaces_by_kind([SpaceKind.DESK, *ROOMS])
    taken, sheet = taken_between(day), queries.day_sheet(day)
    desks = {space.id for space in everything if space.kind is SpaceKind.DESK}
    coming = [booking for booking in sheet if booking.starts_at > now]
    shows_all, words = "all" in request.args, clean(request.args.get("q"))
    rooms = _rooms(everything, taken, sheet=sheet, hours=opened, now=now)
    return render_template(
        "staff/today.html",
        now=now,
        day=clock.today(now),
        hours=opened,
        reason=hours.reasons.get(clock.today(now)),
        desks=len(desks),
        desks_taken=len(desks & {one.space_id for one in taken if _is_during(one.period, now)}),
        people=len({booking.person_id for booking in coming if booking.source is None}),
        sheet=sheet,
        arrivals=sheet if shows_all else coming[:NEXT_ARRIVALS],
        shows_all=shows_all,
        rooms=rooms[:MOST_ROOMS],
        quiet=rooms[MOST_ROOMS:],
        closures=[*spaces.together(spaces.closures_during(day)).values()],
        words=words,
        found=members.search_people(words, limit=MOST_FOUND) if words else [],
    )


def _rooms(
    every: Sequence[Space],
    taken: Sequence[Taken],
    *,
    sheet: Sequence[Booking],
    hours: Period | None,
    now: datetime,
) -> list[Room]:
    """Return the rooms by what changes soonest; of a combined room its parts.

    Args:
        hours: when the campus is open today; None when it is not.
    """
    bookings = {booking.id: booking for booking in sheet}
    uses: dict[int, list[Use]] = {}
    for claim in taken:
        use = Use(claim.period, bookings.get(claim.booking_id or 0))
        uses.setdefault(claim.space_id, []).append(use)
    rooms = [
        _room(space, uses.get(space.id, []), hours=hours, now=now)
        for space in every
        if space.kind in ROOMS and not space.parts
    ]
    never = clock.day_period(clock.today(now)).end + SOON
    return sorted(rooms, key=lambda room: (room.changes_at or never, room.space.id))


def _room(space: Space, uses: Sequence[Use], *, hours: Period | None, now: datetime) -> Room:
    current = next((use for use in uses if _is_during(_meant(use), now)), None)
    following = next((use for use in uses if _meant(use).starts_at > now), None)
    at = _end(current) if current else _start(following)
    is_soon = at is not None and at - now <= SOON
    return Room(
        space=space,
        now=current,
        then=following,
        changes_at=at,
        minutes=-((now - at) // MINUTE) if at is not None and is_soon else None,
        cells=_cells(uses, hours=hours, now=now),
    )


def _cells(uses: Sequence[Use], *, hours: Period | None, now: datetime) -> list[Cell]:
    """Return the day of a room as a strip; a closed day is closed from end to end."""
    if hours is None:
        whole = clock.day_period(clock.today(now))
        looks = [(whole, "off"), *((use.period, "") for use in uses)]
        return strips.cells(whole, looks)
    looks = [(use.period, "past" if _is_over(use, now) else "") for use in uses]
    return [*strips.cells(hours, looks), *strips.now_cell(hours, now=now)]


def _meant(use: Use) -> Period:
    """Return the time that people know: of a booking without its buffers."""
    return use.booking.period if use.booking else use.period


def _start(use: Use | None) -> datetime | None:
    return _meant(use).starts_at if use else None


def _end(use: Use) -> datetime | None:
    return _meant(use).ends_at


def _is_over(use: Use, now: datetime) -> bool:
    return use.period.ends_at is not None and use.period.ends_at <= now


def _is_during(period: Period, at: datetime) -> bool:
    return period.starts_at <= at and (period.ends_at is None or at < period.ends_at)
