"""What the person who comes is told of a booking, as it was when the letter was made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from babel.dates import format_date
from flask_babel import gettext

from campus import clock
from campus.bookings import calendar, queries
from campus.bookings.models import Booking, BookingChange, Verb
from campus.bookings.rules import MAIL_AFTER
from campus.clock import Period
from campus.outbox import service as outbox
from campus.outbox.models import Letter
from campus.spaces import queries as spaces
from campus.web import mails, strips
from campus.web.ical import Method

FIRST_HOUR, LAST_HOUR = time(8), time(20)
WHOLE = 100  # percent


@dataclass(frozen=True, slots=True)
class Strip:
    """The booked hours within their day: shares in percent, and the hours at both ends."""

    before: int
    filled: int
    after: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class News:
    """Everything a letter's templates say, as it was at that moment.

    Attributes:
        by: who did it, when that is not the person who comes.
        was: how it was before a change.
        reason: why, in the words of who did it.
        sorry: the campus took something away and says so.
        closed: when its place is closed around it.
    """

    space: str
    day: str
    hours: str
    place: str
    where: str
    who: str
    title: str
    note: str
    days: str
    link: str
    other_link: str
    strip: Strip | None
    by: str = ""
    was: str = ""
    reason: str = ""
    sorry: bool = False
    closed: str = ""


def booked(booking: Booking, *, now: datetime) -> None:
    """Say that a place is theirs, also when somebody else booked it for them."""
    by = booking.booked_by.name if booking.booked_by_id != booking.person_id else ""
    _send(booking, Verb.BOOK, replace(_news(booking, now=now), by=by), now=now)


def changed(booking: Booking, *, now: datetime, sorry: bool = False) -> None:
    """Say when and where it is now, and how it was."""
    last = queries.last_change(booking)
    was = _was(last, booking, now=now) if last is not None else ""
    news = replace(_told(booking, last, now=now, sorry=sorry), was=was)
    _send(booking, Verb.CHANGE, news, now=now)


def cancelled(booking: Booking, *, now: datetime, sorry: bool = False) -> None:
    """Say that it is off, by whom, and why if they said."""
    news = _told(booking, queries.last_change(booking), now=now, sorry=sorry)
    _send(booking, Verb.CANCEL, replace(news, strip=None), now=now)


def released(booking: Booking, *, now: datetime, sorry: bool = False) -> None:
    """Say that the rest of the time was given back."""
    news = _told(booking, queries.last_change(booking), now=now, sorry=sorry)
    _send(booking, Verb.RELEASE, replace(news, strip=None), now=now)


def stays(booking: Booking, *, closed: str, reason: str, key: str, now: datetime) -> None:
    """Say that it stays as it is while its place is closed around it; no calendar changes."""
    if booking.source is not None:
        return
    language = mails.language_for(booking.person.language)
    news = replace(_news(booking, now=now), closed=closed, reason=reason)
    text, html = mails.rendered("bookings/mail/stays", language=language, news=news)
    with mails.written_in(language):
        subject = gettext("Stays booked: %(space)s, %(day)s", space=news.space, day=news.day)
    letter = Letter(
        booking.person.email, booking.person_id, language, subject=subject, text=text, html=html
    )
    about = f"booking:{booking.code}/stays"
    outbox.enqueue(letter, about=about, dedupe_key=f"{about}/{key}", now=now, after=MAIL_AFTER)


def _told(booking: Booking, last: BookingChange | None, *, now: datetime, sorry: bool) -> News:
    """Return the news of what happened last, with who did it and why."""
    reason = last.reason if last is not None else ""
    return replace(_news(booking, now=now), by=_by(last, booking), reason=reason, sorry=sorry)


def letter_about(booking: Booking, revision: int) -> str:
    """Return what the letter of one revision of a booking is about, to withdraw it by."""
    return f"booking:{booking.code}/{revision}"


TEMPLATES = {
    Verb.BOOK: "bookings/mail/booked",
    Verb.CHANGE: "bookings/mail/changed",
    Verb.CANCEL: "bookings/mail/cancelled",
    Verb.RELEASE: "bookings/mail/released",
}


def _send(booking: Booking, verb: Verb, news: News, *, now: datetime) -> None:
    if booking.source is not None:  # nobody here is known to come
        return
    language = mails.language_for(booking.person.language)
    method = Method.CANCEL if verb is Verb.CANCEL else Method.REQUEST
    text, html = mails.rendered(TEMPLATES[verb], language=language, news=news)
    letter = Letter(
        recipient=booking.person.email,
        person_id=booking.person_id,
        language=language,
        subject=_subject(verb, news, language=language),
        text=text,
        html=html,
        calendar=calendar.calendar_file(booking, method=method, language=language, now=now),
    )
    outbox.enqueue(
        letter,
        about=letter_about(booking, booking.revision),
        dedupe_key=f"booking:{booking.code}/{booking.revision}:{verb}",
        now=now,
        after=MAIL_AFTER,
    )


def _subject(verb: Verb, news: News, *, language: str) -> str:
    named = {"space": news.space, "day": news.day}
    with mails.written_in(language):
        if verb is Verb.CHANGE:
            return str(gettext("Changed: %(space)s, %(day)s", **named))
        if verb is Verb.CANCEL:
            return str(gettext("Cancelled: %(space)s, %(day)s", **named))
        if verb is Verb.RELEASE:
            return str(gettext("Given back: %(space)s, %(day)s", **named))
        return str(gettext("Booked: %(space)s, %(day)s", **named))


def _news(booking: Booking, *, now: datetime) -> News:
    language = mails.language_for(booking.person.language)
    space = booking.space
    days = calendar.shown_days(booking)
    return News(
        space=calendar.called(space, language=language),
        day=_day(booking.period, days=days, now=now, language=language),
        hours=_hours(booking.period, days=days, now=now, language=language),
        place=mails.in_words(space.place_nl, space.place_en, language=language),
        where=_where(booking, language=language),
        who=f"{booking.person.name}, {booking.organisation.name}",
        title=booking.title,
        note=booking.note,
        days=", ".join(_short(day, language=language) for day in days) if len(days) > 1 else "",
        link=mails.address_of(f"bookings/{booking.code}", language=language),
        other_link=mails.address_of("book", language=language),
        strip=_strip(booking.period),
    )


def _by(last: BookingChange | None, booking: Booking) -> str:
    return last.person.name if last and last.person_id != booking.person_id else ""


def _was(last: BookingChange, booking: Booking, *, now: datetime) -> str:
    """Return how it was before, when space or time are what changed."""
    if last.space_id is None or last.starts_at is None or last.ends_at is None:
        return ""
    period = Period(last.starts_at, last.ends_at)
    if (last.space_id, period) == (booking.space_id, booking.period):
        return ""
    moved = last.space_id != booking.space_id
    space = spaces.space_by_id(last.space_id) if moved else booking.space
    language = mails.language_for(booking.person.language)
    day = _day(period, days=(), now=now, language=language)
    named = calendar.called(space, language=language)
    return f"{named}, {day}, {_hours(period, days=(), now=now, language=language)}"


def _day(period: Period, *, days: tuple[date, ...], now: datetime, language: str) -> str:
    first = mails.long_day(period.starts_at, now=now, language=language)
    if len(days) < 2:
        return first
    last = mails.long_day(days[-1], now=now, language=language)
    with mails.written_in(language):
        return str(gettext("%(first)s to %(last)s", first=first, last=last))


def _hours(period: Period, *, days: tuple[date, ...], now: datetime, language: str) -> str:
    start, end = (f"{clock.local(at):%H:%M}" for at in (period.starts_at, period.end))
    if len(clock.days_of(period)) == 1:
        return f"{start}–{end}"
    if days:
        with mails.written_in(language):
            return str(gettext("from %(start)s, the last day until %(end)s", start=start, end=end))
    day = mails.long_day(period.end, now=now, language=language)
    with mails.written_in(language):
        return str(gettext("%(start)s–%(end)s on %(day)s", start=start, end=end, day=day))


def _short(day: date, *, language: str) -> str:
    return format_date(day, "EEE d MMM", locale=language)


def _where(booking: Booking, *, language: str) -> str:
    space = booking.space
    floor = space.floor
    places = dict.fromkeys((floor.building.name, floor.name)) if floor else {}
    way = mails.in_words(space.way_nl, space.way_en, language=language)
    return ". ".join(part for part in (", ".join(places), way) if part)


def _strip(period: Period) -> Strip | None:
    """Place the hours between 08:00 and 20:00, or in the whole day when they reach outside."""
    if len(clock.days_of(period)) > 1:
        return None
    day = clock.today(period.starts_at)
    usual = Period(clock.instant(day, FIRST_HOUR), clock.instant(day, LAST_HOUR))
    hours, first, last = usual, f"{FIRST_HOUR:%H:%M}", f"{LAST_HOUR:%H:%M}"
    if not usual.contains(period):
        hours, first, last = clock.day_period(day), "00:00", "24:00"
    cell = strips.cells(hours, [(period, "mine")])[0]
    before = round(cell.start * WHOLE / strips.CELLS)
    filled = max(round(cell.length * WHOLE / strips.CELLS), 1)
    return Strip(before, filled, WHOLE - before - filled, first, last)
