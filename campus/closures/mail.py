"""Why and when a place is closed, as a mail about a booking says it to the one who comes."""

from __future__ import annotations

from datetime import datetime

from campus import clock
from campus.bookings import calendar
from campus.bookings import service as bookings
from campus.bookings.models import Booking
from campus.closures.verdict import Closing
from campus.errors import Text, text
from campus.web import mails
from campus.web.templating import translate


def reason_for(booking: Booking, closing: Closing) -> str:
    """Return the sentence in the language of the person who comes."""
    language = mails.language_for(booking.person.language)
    place = calendar.called(booking.space, language=language)
    why = mails.in_words(closing.reason.nl, closing.reason.en, language=language)
    with mails.written_in(language):
        return translate(_sentence(closing, place=place, why=why))


def kept(booking: Booking, closing: Closing, *, key: str, now: datetime) -> None:
    """Let the one who comes know that their booking stays, and when the place is closed."""
    language = mails.language_for(booking.person.language)
    place = calendar.called(booking.space, language=language)
    why = mails.in_words(closing.reason.nl, closing.reason.en, language=language)
    with mails.written_in(language):
        closed = translate(_closed(closing, place=place))
    bookings.assure(booking, closed=closed, reason=why, key=key, now=now)


def _closed(closing: Closing, *, place: str) -> Text:
    starts, ends = closing.period.starts_at, closing.period.ends_at
    if ends is None:
        return text(
            "%(place)s is closed from %(start)s until further notice.", place=place, start=starts
        )
    return text(
        "%(place)s is closed from %(start)s to %(end)s.", place=place, start=starts, end=ends
    )


def _sentence(closing: Closing, *, place: str, why: str) -> Text:
    if closing.is_final:
        day = clock.today(closing.period.starts_at)
        if why:
            return text(
                "%(place)s goes out of use on %(day)s: %(why)s", place=place, day=day, why=why
            )
        return text("%(place)s goes out of use on %(day)s.", place=place, day=day)
    if why:
        return text("%(place)s is closed then: %(why)s", place=place, why=why)
    return text("%(place)s is closed then.", place=place)
