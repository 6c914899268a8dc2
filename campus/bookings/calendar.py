"""A booking as calendars show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from flask_babel import gettext

from campus import clock
from campus.bookings import queries
from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db import counters
from campus.errors import Text
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import Space, Unit
from campus.web import ical, mails
from campus.web.ical import Method, Occasion, Party
from campus.web.templating import translate

# Of the texts that `render` writes: one up when they change, and old ones are made anew when read.
RENDER_VERSION = 2


def render(booking: Booking, *, claimed: Sequence[Period] | None = None) -> None:
    """Write a booking's texts for feeds, as it stands, in the campus's first language.

    Args:
        claimed: what is about to be claimed for a new one; else the ledger is asked.
    """
    booking.ical_full, booking.ical_busy = texts(booking, claimed=claimed)
    booking.ical_version = RENDER_VERSION


def texts(booking: Booking, *, claimed: Sequence[Period] | None = None) -> tuple[str, str]:
    """Return a booking's texts as `render` writes them: for who may read all, and for others."""
    language = mails.settings().languages[0]
    who = ", ".join(dict.fromkeys((booking.whose, booking.organisation.name)))
    days = shown_days(booking, claimed=claimed)
    shown = occasion(booking, stamp=booking.updated_at, language=language, days=days)
    full = replace(shown, description=f"{who}\n{shown.description}".strip())
    whole = ical.event(full)
    return whole, ical.rewritten(whole, _redacted(booking, language=language))


def _redacted(booking: Booking, *, language: str) -> dict[str, str]:
    """Return what others read: that it is taken, or what it is for if the organisation shows it.

    The person, and the page that only the organisation may open, are no part of it.
    """
    if booking.organisation.shows_titles and booking.title:
        return {"SUMMARY": booking.title, "DESCRIPTION": booking.organisation.name, "URL": ""}
    named = called(booking.space, language=language)
    return {"SUMMARY": _taken(named, language), "DESCRIPTION": "", "URL": ""}


@lru_cache(maxsize=4096)
def _taken(named: str, language: str) -> str:
    with mails.written_in(language):
        return str(gettext("Taken: %(space)s", space=named))


def keys(booking: Booking, *, was_in: int | None) -> set[str]:
    """Return the counters that a change of a booking counts up.

    Args:
        was_in: the space before the change; None when there was none.
    """
    places = [booking.space]
    if was_in not in {None, booking.space_id}:
        places.append(spaces.space_by_id(was_in))
    of_spaces = {
        key
        for space in places
        for key in (
            counters.key("space", space.id),
            counters.key("floor", space.floor_id or ""),
            counters.key("kind", space.kind),
        )
    }
    return of_spaces | {
        counters.key("person", booking.person_id),
        counters.key("organisation", booking.organisation_id),
        counters.key("campus"),
    }


def new_uid(code: str) -> str:
    """Return what calendars know a booking by, for ever: the host may change, this may not."""
    return f"{code}@{mails.settings().host}"


def occasion(
    booking: Booking, *, stamp: datetime, language: str, days: tuple[date, ...]
) -> Occasion:
    """Return what a calendar shows of a booking; one UID for all its life."""
    return Occasion(
        uid=booking.uid,
        sequence=booking.revision - 1,
        stamp=stamp,
        changed_at=booking.updated_at,
        period=booking.period,
        summary=booking.title or called(booking.space, language=language),
        location=location(booking, language=language),
        description=_way(booking, language=language),
        url=mails.address_of(f"bookings/{booking.code}", language=language),
        days=days,
        is_cancelled=booking.state is BookingState.CANCELLED,
    )


def calendar_file(booking: Booking, *, method: Method, language: str, now: datetime) -> str:
    """Return the calendar of one booking as it travels with a mail to the person who comes."""
    settings = mails.settings()
    event = ical.event(
        occasion(booking, stamp=now, language=language, days=shown_days(booking)),
        organizer=Party(settings.name, settings.mail_from),
        guest=Party(booking.person.name, booking.person.email),
    )
    return ical.calendar([event], method=method)


def kept_file(booking: Booking, *, language: str) -> str:
    """Return the calendar of one booking to keep: it invites nobody and asks for no answer."""
    days = shown_days(booking)
    shown = occasion(booking, stamp=booking.updated_at, language=language, days=days)
    return ical.calendar([ical.event(shown)])


def called(space: Space, *, language: str) -> str:
    """Return what a calendar calls a space: "Bureau 1.32", "Hunze"."""
    title = words.titled(space)
    return _called(title.msgid, space.name, language)


@lru_cache(maxsize=4096)
def _called(msgid: str, name: str, language: str) -> str:
    with mails.written_in(language):
        return translate(Text(msgid, {"name": name}))


def location(booking: Booking, *, language: str) -> str:
    """Return where to go."""
    return where(booking.space, language=language)


def where(space: Space, *, language: str) -> str:
    """Return where a space is: its name, its building, the campus's address."""
    building = space.floor.building.name if space.floor else ""
    named = called(space, language=language)
    places = dict.fromkeys((named, building, mails.settings().address))
    return ", ".join(place for place in places if place)


def shown_days(booking: Booking, *, claimed: Sequence[Period] | None = None) -> tuple[date, ...]:
    """Return the days of a booking that is shown as whole days; none when it has hours.

    A booking over several days has a claim for each open day. In a calendar it is one event that
    repeats on just those days, so a closed weekend between stays empty, and one UID still changes
    or cancels them all. A night is one stretch, and is shown with its hours.
    """
    days = clock.days_of(booking.period)
    if len(days) == 1 or spaces.booking_rule(booking.space.kind).unit is not Unit.DAY:
        return ()
    if claimed is None:
        return tuple(queries.days_claimed(booking)) or (days[0],)
    before = timedelta(minutes=booking.buffer_before_minutes)
    return tuple(dict.fromkeys(clock.today(one.starts_at + before) for one in claimed))


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
