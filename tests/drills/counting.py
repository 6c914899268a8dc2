"""What is booked in a drill, and the count at its end."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from campus import clock
from campus.bookings.models import Booking, BookingChange
from campus.db import db
from campus.journal.models import Entry
from campus.members.models import Actor
from campus.occupancy.models import Occupancy
from campus.outbox.models import Message
from campus.spaces import queries as spaces
from campus.spaces.models import SpaceKind
from tests.factories import make_house, make_member, make_space
from tests.members.doors import with_password

HORIZON = timedelta(days=60)  # of rooms; see tests.factories
QUARTERS = [(hour, quarter) for hour in range(8, 20) for quarter in (0, 15, 30, 45)]


def people_with_rooms(number: int) -> list[Actor]:
    """Return members with a password, each with a room of the same number."""
    make_house()
    for one in range(number):
        make_space(f"room-{one}", kind=SpaceKind.MEETING_ROOM)
    return [with_password(make_member(name=f"P{one}")) for one in range(number)]


def open_days() -> list[date]:
    """Return the days that can be booked, by the clock on the wall: the server has no other."""
    first = clock.today(clock.now()) + timedelta(days=1)
    opening = spaces.opening(SpaceKind.MEETING_ROOM, first=first, last=first + HORIZON / 2)
    db.session.rollback()  # PostgreSQL ends who holds a transaction for half a minute
    return sorted(opening.periods)


def forms(room: str, days: list[date]) -> Iterator[dict[str, str]]:
    """Return one form after the other: every quarter of an hour of a room."""
    for number, (day, (hour, minute)) in enumerate(itertools.product(days, QUARTERS)):
        ends = hour * 60 + minute + 15
        yield {
            "space": room,
            "day": day.isoformat(),
            "from": f"{hour:02}:{minute:02}",
            "to": f"{ends // 60:02}:{ends % 60:02}",
            "title": f"Overleg {number}",
            "idem": f"{room}-{number:06}",
        }


def assert_all_is_there_once(confirmed: Mapping[str, str], app: Flask) -> None:
    """Assert that what was confirmed is there, once, and that all that is there is whole.

    Args:
        confirmed: the code of a booking by the key of its form.
    """
    db.session.rollback()
    kept = {booking.idem: booking for booking in db.session.scalars(select(Booking))}
    assert {idem: booking.code for idem, booking in kept.items()} == confirmed
    ids = Counter(booking.id for booking in kept.values())
    subjects = Counter(f"booking:{booking.code}" for booking in kept.values())
    entries = select(Entry.subject).where(Entry.verb == "booking.book")
    assert Counter(db.session.scalars(select(Occupancy.booking_id))) == ids
    assert Counter(db.session.scalars(select(BookingChange.booking_id))) == ids
    assert Counter(db.session.scalars(entries)) == subjects
    letters = db.session.scalars(select(Message.about))
    assert Counter(about.removesuffix("/1") for about in letters) == subjects
    doctor = app.test_cli_runner().invoke(args=["doctor"])
    assert doctor.exit_code == 0, doctor.output
