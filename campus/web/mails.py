"""What a slice's `mail.py` needs to put words together: two texts from one pair of templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from babel.dates import format_date
from flask import current_app
from flask_babel import force_locale

from campus import clock
from campus.settings import Settings

MANY_BREAKS = re.compile(r"\n{3,}")


def settings() -> Settings:
    """Return the settings of this application."""
    found: Settings = current_app.extensions["campus.settings"]
    return found


def language_for(language: str) -> str:
    """Return the language to write in: the reader's own, where the campus speaks it."""
    spoken = settings().languages
    return language if language in spoken else spoken[0]


def address_of(path: str, *, language: str) -> str:
    """Return the whole address of a page, such as "bookings/<code>", for a mail."""
    return f"{settings().base_url}/{language}/{path}"


def short_address_of(path: str) -> str:
    """Return the whole address of a page for a wall: it leads each reader to their language."""
    return f"{settings().base_url}/{path}"


@contextmanager
def written_in(language: str) -> Iterator[None]:
    """Let `gettext` speak the language of the reader, not of the page that is being answered."""
    with force_locale(language):
        yield


def rendered(template: str, *, language: str, **values: object) -> tuple[str, str]:
    """Return the plain text and the HTML of a mail.

    Args:
        template: "bookings/mail/booked" for `booked.txt` and `booked.html` in that folder.
    """
    with written_in(language):
        # Not `render_template`: what pages are given (who is signed in) is no part of a mail.
        pages = current_app.jinja_env
        plain = pages.get_template(f"{template}.txt").render(values)
        html = pages.get_template(f"{template}.html").render(values)
    return MANY_BREAKS.sub("\n\n", plain).strip() + "\n", html


def in_words(nl: str, en: str, *, language: str) -> str:
    """Return what the campus wrote in the reader's language, or in the other one."""
    return (nl or en) if language == "nl" else (en or nl)


def long_day(value: date, *, now: datetime, language: str) -> str:
    """Return "donderdag 26 november" or "Thursday 26 November"; the year when it is another."""
    on = clock.today(value) if isinstance(value, datetime) else value
    pattern = "EEEE d MMMM" if on.year == clock.today(now).year else "EEEE d MMMM y"
    return format_date(on, pattern, locale=language)
