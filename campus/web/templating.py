"""What templates know: campus time in words, the reader's language, addresses of static files."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from babel.dates import format_date
from flask import Flask, Response, current_app, g, has_request_context, request, url_for
from flask import send_from_directory as send
from flask_babel import Babel, format_decimal, get_locale, gettext, ngettext
from jinja2 import StrictUndefined

from campus import clock
from campus.clock import Period
from campus.errors import Spoken, Text
from campus.settings import Settings
from campus.web import languages, plans

YEAR = 365 * 24 * 60 * 60
THEMES = ("light", "dark")
WEEK = 7
MINUTES_OF_AN_HOUR = 60
MINUTES_OF_A_DAY = 24 * MINUTES_OF_AN_HOUR
RELEASE = "campus.release"  # key in app.extensions: the hash in the path of static files


def init(app: Flask, settings: Settings) -> None:
    """Make templates strict, give them their words, and serve what pages load."""
    app.jinja_options = {
        **app.jinja_options,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "finalize": spoken,
    }
    Babel(app, locale_selector=lambda: reading_language(settings))
    serve_static(app, folder=Path(str(app.template_folder)).with_name("static"))
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        campus_name=settings.name,
        campus_address=settings.address,
        campus_languages=settings.languages,
        chosen_theme=chosen_theme,
        in_language=in_language,
        plan_chair=plans.chair_of,
        plan_cut=plans.cut_around,
        plan_lines=plans.lines_on,
        plan_words=plans.words_at,
        reader_language=reader_language,
        span=span,
        static_url=static_url,
        when=when,
    )


# --- language ---------------------------------------------------------------------------------


def reading_language(settings: Settings) -> str:
    """Return the language of this answer: of its address, else as the reader prefers."""
    if chosen := g.get("lang"):
        return str(chosen)
    return languages.preferred(settings) if has_request_context() else settings.languages[0]


def reader_language() -> str:
    """Return the language that is being written now, such as "nl"."""
    locale = get_locale()
    return locale.language if locale else "en"


def in_language(language: str) -> str:
    """Return the address of this page in `language`; the front page's if it cannot be asked."""
    first, _, rest = request.path.removeprefix("/").partition("/")
    path = f"/{language}/{rest}"
    is_get = request.method in {"GET", "HEAD"}
    is_spoken = first in current_app.extensions["campus.settings"].languages
    if not (is_spoken and is_get) and not current_app.url_map.bind("").test(path, method="GET"):
        return f"/{language}/"
    query = request.query_string.decode("latin-1") if is_get else ""
    return f"{path}?{query}" if query else path


def translate(message: Text) -> str:
    """Return a sentence in the reader's language, with its values as that reader writes them."""
    values = {name: in_words(value) for name, value in message.values.items()}
    if message.msgid_plural is None:
        return str(gettext(message.msgid)) % values
    number = message.values["num"]
    if not isinstance(number, int):
        raise TypeError(f"the number of {message.msgid!r} is {number!r}")
    values.pop("num")
    return str(ngettext(message.msgid, message.msgid_plural, number, **values))


def in_words(value: object) -> object:
    """Return a value of a sentence as people read it; what needs no words stays as it is."""
    if isinstance(value, Text):
        return translate(value)
    if isinstance(value, Spoken):
        return (value.nl or value.en) if reader_language() == "nl" else (value.en or value.nl)
    if isinstance(value, timedelta):
        return length(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return clock_time(value) if isinstance(value, time) else value


def spoken(value: object) -> object:
    """Translate what a template prints, so that no lazy sentence shows in English by itself."""
    if isinstance(value, str):
        return value  # nearly always, and pages of many rooms print thousands
    if isinstance(value, Spoken):
        return in_words(value)
    return translate(value) if isinstance(value, Text) else value


def said(thing: object, part: str) -> str:
    """Return what the campus wrote of a thing, such as its `about`, as the reader speaks it."""
    return str(in_words(Spoken(getattr(thing, f"{part}_nl"), getattr(thing, f"{part}_en"))))


def said_in(thing: object, part: str) -> dict[str, str]:
    """Return `lang` as an attribute for what `said` returns, where it is not the reader's."""
    reads = reader_language()
    if getattr(thing, f"{part}_{reads}") or not said(thing, part):
        return {}
    return {"lang": "en" if reads == "nl" else "nl"}


# --- time -------------------------------------------------------------------------------------


def campus_day(value: date) -> date:
    """Return a day as it is, and the campus day of an instant."""
    return clock.today(value) if isinstance(value, datetime) else value


def day(value: date, *, pattern: str = "EEE d MMMM") -> str:
    """Return "do 26 november" or "Thu 26 November"; the year only outside this year."""
    on = campus_day(value)
    if on.year != clock.today(clock.now()).year:
        pattern += " y"
    return format_date(on, pattern, locale=reader_language())


def short_day(value: date) -> str:
    """Return "do 26 nov." or "Thu 26 Nov"; the year only outside this year."""
    on = campus_day(value)
    is_cut = format_date(on, "MMM", locale="nl") != format_date(on, "MMMM", locale="nl")
    return day(on, pattern="EEE d MMM'.'" if is_cut and reader_language() == "nl" else "EEE d MMM")


def weekday(value: date) -> str:
    """Return "do" or "Thu"."""
    return format_date(campus_day(value), "EEE", locale=reader_language())


def clock_time(value: time | datetime) -> str:
    """Return "09:00": 24 hours, and an instant as the campus clock shows it."""
    return f"{clock.local(value) if isinstance(value, datetime) else value:%H:%M}"


def moment(value: datetime) -> str:
    """Return "do 26 november 11:30"."""
    return f"{day(value)} {clock_time(value)}"


def span(starts_at: datetime | time, ends_at: datetime | time | None) -> str:
    """Return "09:00–17:30"; the day of the end is named when it is another one."""
    start = clock_time(starts_at)
    if ends_at is None:
        return str(gettext("from %(start)s", start=start))
    end = clock_time(ends_at)
    if isinstance(starts_at, datetime) and isinstance(ends_at, datetime):
        last = campus_day(ends_at - timedelta(microseconds=1))
        if last != campus_day(starts_at):
            end = f"{short_day(ends_at)} {end}"
    return f"{start}–{end}"


def relative_day(value: date) -> str:
    """Return "today", "tomorrow", "in 5 days", "2 weeks ago"."""
    days = (campus_day(value) - clock.today(clock.now())).days
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    return str(near[days] if days in near else days_away(days))


def days_away(days: int) -> str:
    """Return "in 5 days" or "5 days ago"; whole weeks from the second on."""
    weeks, rest = divmod(abs(days), WEEK)
    if weeks > 1 and not rest:
        ahead = ngettext("in %(num)s week", "in %(num)s weeks", weeks)
        behind = ngettext("%(num)s week ago", "%(num)s weeks ago", weeks)
    else:
        ahead = ngettext("in %(num)s day", "in %(num)s days", abs(days))
        behind = ngettext("%(num)s day ago", "%(num)s days ago", abs(days))
    return str(ahead if days > 0 else behind)


def length(value: timedelta) -> str:
    """Return "2 days", "8 hours" or "90 minutes": the largest unit that comes out whole."""
    minutes = value // timedelta(minutes=1)
    if minutes and not minutes % MINUTES_OF_A_DAY:
        days = minutes // MINUTES_OF_A_DAY
        return str(ngettext("%(num)s day", "%(num)s days", days))
    if minutes and not minutes % MINUTES_OF_AN_HOUR:
        hours = minutes // MINUTES_OF_AN_HOUR
        return str(ngettext("%(num)s hour", "%(num)s hours", hours))
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))


def near_day(value: date) -> str:
    """Return "today", "tomorrow" or "Thu 26 November"."""
    days = (campus_day(value) - clock.today(clock.now())).days
    return relative_day(value) if days in {0, 1} else day(value)


def when(period: Period) -> str:
    """Return "today 11:30–13:00" or "Thu 26 November 09:00–17:30"."""
    return f"{near_day(period.starts_at)} {span(period.starts_at, period.ends_at)}"


# --- pages ------------------------------------------------------------------------------------


def initials(name: str) -> str:
    """Return "FP" for Femke Postma and "FJ" for Fardau de Jong."""
    words = name.split()
    capitals = [word[0] for word in words if word[0].isupper()]
    return "".join(capitals[:2]) or "".join(word[0] for word in words[:1]).upper()


def capital(words: Text | Spoken | str) -> str:
    """Return words as the beginning of a line: "today 11:30" becomes "Today 11:30"."""
    said = str(spoken(words))
    return said[:1].upper() + said[1:]


def chosen_theme() -> str:
    """Return "light" or "dark" where the reader chose one, else nothing."""
    theme = request.cookies.get("theme", "")
    return theme if theme in THEMES else ""


def static_url(path: str) -> str:
    """Return the address of a static file in this release."""
    return url_for("static", release=current_app.extensions[RELEASE], path=path)


def serve_static(app: Flask, *, folder: Path) -> None:
    """Serve `folder` under a path that changes with its content, so that browsers may keep it."""
    app.extensions[RELEASE] = current = release_of(folder)
    mimetypes.add_type("font/woff2", ".woff2")  # unknown to Python 3.11 and bare machines

    def static_file(release: str, path: str) -> Response:
        is_current = release == current
        answer = send(folder, path, max_age=YEAR if is_current else None)
        answer.cache_control.immutable = is_current
        return answer

    app.add_url_rule("/static/<release>/<path:path>", endpoint="static", view_func=static_file)


def release_of(folder: Path) -> str:
    """Return a short hash of all names and contents below `folder`."""
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


FILTERS: dict[str, Callable[..., object]] = {
    "capital": capital,
    "clock": clock_time,
    "day": day,
    "drawing": plans.drawing,
    "initials": initials,
    "lasting": length,
    "moment": moment,
    "number": format_decimal,
    "near_day": near_day,
    "relative_day": relative_day,
    "said": said,
    "said_in": said_in,
    "short_day": short_day,
    "short_number": plans.short_number,
    "translate": translate,
    "weekday": weekday,
}
