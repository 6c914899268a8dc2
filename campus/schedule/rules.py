"""How cells are read: instants, ids. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from campus.errors import Text, text
from campus.web.remarks import CellError, shortened

YEARS = range(1990, 2101)
LONGEST = timedelta(days=366)
LONGEST_TITLE = 200
LONGEST_SOURCE = 200
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
ISO = r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
DUTCH = r"(?P<d>\d\d?)[-/.](?P<m>\d\d?)[-/.](?P<y>\d{4})"
DATE = rf"(?:{ISO}|{DUTCH})"
TIME = r"(?P<hour>\d\d?)[:.](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,6})?)?"
ZONE = r"\s?(?P<zone>Z|[+-]\d\d:?\d\d)?"
ONLY_DATE = re.compile(DATE)
ONLY_TIME = re.compile(TIME)
BOTH = re.compile(rf"{DATE}(?:T|,?\s+){TIME}{ZONE}")
NO_TIME = text("“%(words)s” is no time: write it as 10:30.")
NO_INSTANT = text(
    "“%(words)s” is no day and time: write it as 03-02-2024 10:30 or 2024-02-03 10:30."
)


def day(words: str) -> date:
    """Return a day written as 2024-02-03 or as 03-02-2024.

    Raises:
        CellError: it is none; the sentence says what could be.
    """
    found = ONLY_DATE.fullmatch(words)
    if found is None:
        raise CellError(
            text(
                "“%(words)s” is no day: write it as 03-02-2024 or 2024-02-03.",
                words=shortened(words),
            )
        )
    return _date(found, words)


def is_day(words: str) -> bool:
    """Whether words are a day without a time."""
    return ONLY_DATE.fullmatch(words) is not None


def instant(words: str, *, zone: ZoneInfo, on: date | None = None) -> datetime:
    """Return an instant written as a day and a time, by a zone's wall clock unless it names one.

    Args:
        on: the day, where a column of its own says it.

    Raises:
        CellError: it is none; the sentence says what could be.
    """
    found = (ONLY_TIME if on else BOTH).fullmatch(words)
    if found is None:
        raise CellError(replace(NO_TIME if on else NO_INSTANT, values={"words": shortened(words)}))
    parts = found.groupdict()
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or max(minute, second) > 59 or (hour == 24 and minute + second):
        raise CellError(
            text("“%(words)s” has a time that no clock shows.", words=shortened(words))
        )
    wall = datetime.combine(on or _date(found, words), datetime.min.time())
    wall += timedelta(hours=hour, minutes=minute, seconds=second)
    if offset := parts.get("zone"):
        return wall.replace(tzinfo=_offset(offset)).astimezone(UTC)
    utc = wall.replace(tzinfo=zone).astimezone(UTC)
    if utc.astimezone(zone).replace(tzinfo=None) != wall:
        raise CellError(
            text(
                "There is no %(time)s on %(day)s: the clocks go forward.",
                time=f"{wall:%H:%M}",
                day=f"{wall:%d-%m-%Y}",
            )
        )
    return utc


def _date(found: re.Match[str], words: str) -> date:
    parts = found.groupdict()
    numbers = [
        parts[long] or parts[short]
        for long, short in zip(("year", "month", "day"), "ymd", strict=True)
    ]
    try:
        made = date(*(int(number) for number in numbers))
    except ValueError:
        raise CellError(
            text("“%(words)s” is on a day that no calendar has.", words=shortened(words))
        ) from None
    if made.year not in YEARS:
        raise CellError(
            text(
                "“%(words)s” is not between %(first)s and %(last)s.",
                words=shortened(words),
                first=str(YEARS[0]),
                last=str(YEARS[-1]),
            )
        )
    return made


def _offset(words: str) -> timezone:
    if words == "Z":
        return UTC
    hours, minutes = int(words[1:3]), int(words[-2:])
    length = timedelta(hours=hours, minutes=minutes)
    if length >= DAY:
        raise CellError(text("“%(words)s” is no time zone.", words=words))
    return timezone(-length if words[0] == "-" else length)


def whole_minutes(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """Return the minutes that a time takes, also those of which it takes some seconds."""
    begun = starts_at.replace(second=0, microsecond=0)
    ended = ends_at.replace(second=0, microsecond=0)
    return begun, ended if ended == ends_at else ended + MINUTE


def why_not_period(starts_at: datetime, ends_at: datetime) -> Text | None:
    """Say why nothing can be booked for this time."""
    if ends_at <= starts_at:
        return text("This does not end after it starts.")
    if ends_at - starts_at > LONGEST:
        return text("This takes more than a year.")
    return None


def source_id(source: str, own: str) -> str:
    """Return what a row is known by for ever: its id, behind the name of where it comes from."""
    if len(own) > LONGEST_SOURCE:
        own = hashlib.sha256(own.encode()).hexdigest()
    return f"{source}:{own}"


def digest(*parts: str) -> str:
    """Return what tells whether a source says the same as before."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def title(words: str) -> str:
    """Return a title as long as a booking's may be."""
    return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1]}…"
