"""A booking as calendars show it."""

from __future__ import annotations

from datetime import date, datetime

from campus import clock
from campus.bookings import queries
from campus.bookings.models import Booking, BookingState
from campus.spaces import queries as spaces
from campus.spaces.models import Unit
from campus.web import ical, mails
from campus.web.ical import Method, Occasion, Party


def vevent(
    booking: Booking,
    *,
    stamp: datetime,
    language: str,
    organizer: Party | None = None,
    guest: Party | None = None,
) -> str:
    """Return a booking as a VEVENT, inviting `guest` if there is one; one UID for all its life."""
    occasion = Occasion(
        uid=f"{booking.code}@{mails.settings().host}",
        sequence=booking.revision - 1,
        stamp=stamp,
        changed_at=booking.updated_at,
        period=booking.period,
        summary=booking.title or booking.space.name,
        location=location(booking),
        description=_way(booking, language=language),
        url=mails.address_of(f"bookings/{booking.code}", language=language),
        days=shown_days(booking),
        is_cancelled=booking.state is BookingState.CANCELLED,
    )
    return ical.event(occasion, organizer=organizer, guest=guest)


def calendar_file(booking: Booking, *, method: Method, language: str, now: datetime) -> str:
    """Return the calendar of one booking as it travels with a mail to the person who comes."""
    settings = mails.settings()
    event = vevent(
        booking,
        stamp=now,
        language=language,
        organizer=Party(settings.name, settings.mail_from),
        guest=Party(booking.person.name, booking.person.email),
    )
    return ical.calendar([event], method=method)


def kept_file(booking: Booking, *, language: str) -> str:
    """Return the calendar of one booking to keep: it invites nobody and asks for no answer."""
    return ical.calendar([vevent(booking, stamp=booking.updated_at, language=language)])


def location(booking: Booking) -> str:
    """Return where to go: the space, its building, the campus's address."""
    floor = booking.space.floor
    building = floor.building.name if floor else ""
    places = dict.fromkeys((booking.space.name, building, mails.settings().address))
    return ", ".join(place for place in places if place)


def shown_days(booking: Booking) -> tuple[date, ...]:
    """Return the days of a booking that is shown as whole days; none when it has hours.

    A booking over several days has a claim for each open day. In a calendar it is one event that
    repeats on just those days, so a closed weekend between stays empty, and one UID still changes
    or cancels them all. A night is one stretch, and is shown with its hours.
    """
    days = clock.days_of(booking.period)
    if len(days) == 1 or spaces.booking_rule(booking.space.kind).unit is not Unit.DAY:
        return ()
    return tuple(queries.days_claimed(booking)) or (days[0],)


def _way(booking: Booking, *, language: str) -> str:
    space = booking.space
    return "\n".join(
        words
        for words in (
            mails.in_words(space.place_nl, space.place_en, language=language),
            mails.in_words(space.way_nl, space.way_en, language=language),
        )
        if words
    )
