"""A booking in a calendar: one UID for life, a number that grows, the hours or days meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from campus import clock
from campus.bookings import calendar, service
from campus.bookings.models import Asked, Booking
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.members.models import Actor
from campus.spaces.models import Space, SpaceKind
from campus.web.ical import Method
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_space,
    period,
)

MONDAY = DAY + timedelta(days=4)


@pytest.fixture
def desk(database: None) -> Space:
    """A desk on a floor that is open on weekdays."""
    make_house()
    return make_space("1.32", name="1.32", place_nl="Open veld", way_nl="Trap op, rechts.")


@pytest.fixture
def member(database: None) -> Actor:
    """Femke Postma, of Terpdata."""
    return make_member()


def event_of(booking: Booking, *, method: Method = Method.REQUEST) -> Any:
    text = calendar.calendar_file(booking, method=method, language="nl", now=NOW)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def change(booking: Booking, *, actor: Actor, asked: Asked) -> None:
    with unit_of_work():
        service.change(
            actor=actor,
            booking=db.session.merge(booking),
            asked=asked,
            revision=booking.revision,
            now=NOW,
        )


def test_a_booking_is_one_event_with_its_hours(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 17))

    event = event_of(booking)

    assert event["UID"] == f"{booking.code}@localhost"
    assert event["SUMMARY"] == "Bureau 1.32"
    assert event["LOCATION"] == "Bureau 1.32, Noorderkwartier, Kwartierlaan 1, Groningen"
    assert event["DESCRIPTION"] == "Open veld\nTrap op, rechts."
    assert event["URL"] == f"http://localhost/nl/bookings/{booking.code}"
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "OPAQUE"
    assert event["DTSTART"].dt.astimezone(UTC) == at(9)
    assert event["DTEND"].dt.astimezone(UTC) == at(17)
    assert event["DTSTAMP"].dt == NOW.replace(microsecond=0)


def test_a_title_is_what_the_calendar_calls_it(desk: Space, member: Actor) -> None:
    room = make_space("hunze", name="Hunze", kind=SpaceKind.MEETING_ROOM)
    booking = make_booking(member, room, period(9, 10), title="Sprint; plan, ning")

    assert event_of(booking)["SUMMARY"] == "Sprint; plan, ning"


def test_a_change_keeps_the_uid_and_raises_the_number(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 12))
    before = event_of(booking)

    change(booking, actor=member, asked=Asked(db.session.merge(desk), period(13, 17)))
    after = event_of(booking)

    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["UID"] == after["UID"]


def test_a_cancelled_booking_cancels_its_event(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 12))
    with unit_of_work():
        service.cancel(actor=member, booking=db.session.merge(booking), reason="", now=NOW)

    event = event_of(booking, method=Method.CANCEL)

    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_several_days_at_a_desk_leave_the_closed_weekend_empty(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, Period(at(9), at(17, day=MONDAY)))

    event = event_of(booking)

    assert calendar.shown_days(booking) == (DAY, DAY + timedelta(days=1), MONDAY)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (DAY, DAY + timedelta(days=1))
    assert event["RRULE"] == {"FREQ": ["DAILY"], "UNTIL": [MONDAY]}
    assert event["TRANSP"] == "TRANSPARENT"  # a place to sit, not an appointment


def test_several_days_are_cancelled_as_what_they_were(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, Period(at(9), at(17, day=MONDAY)))
    with unit_of_work():
        service.cancel(actor=member, booking=db.session.merge(booking), reason="", now=NOW)

    assert event_of(booking, method=Method.CANCEL)["DTSTART"].dt == DAY


def test_a_night_in_a_room_has_hours(desk: Space, member: Actor) -> None:
    room = make_space("hunze", name="Hunze", kind=SpaceKind.MEETING_ROOM)
    booking = make_booking(member, room, period(18, 19))
    booking.starts_at, booking.ends_at = at(22), at(2, day=DAY + timedelta(days=1))

    event = event_of(booking)

    assert isinstance(event["DTSTART"].dt, datetime)
    assert event["DTEND"].dt.astimezone(UTC) == booking.ends_at


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)])
def test_a_booking_through_a_clock_change_keeps_its_instants(
    night: date, desk: Space, member: Actor
) -> None:
    booking = make_booking(member, desk, period(9, 12))
    booking.starts_at = clock.instant(night, time(1))
    booking.ends_at = clock.instant(night, time(5))

    event = event_of(booking)

    assert event["DTSTART"].dt.astimezone(UTC) == booking.starts_at
    assert event["DTEND"].dt.astimezone(UTC) == booking.ends_at
