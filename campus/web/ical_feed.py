"""A calendar that is fetched again and again: its head, and the events as they were written.

Nothing is built here: events come as text, so a feed costs little more than reading its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from icalendar import Calendar, vText

from campus import clock
from campus.web import ical
from campus.web.characters import one_line

AGAIN_AFTER = "PT15M"  # a hint; Google comes when it likes
OPAQUE = f"{ical.EOL}TRANSP:OPAQUE{ical.EOL}"
TRANSPARENT = f"{ical.EOL}TRANSP:TRANSPARENT{ical.EOL}"


@lru_cache(maxsize=512)
def head(name: str, *, zone: str, color: str) -> str:
    """Return the lines before the events (RFC 7986), with the time zone that they use.

    `NAME` and its elder sisters are wrapped: icalendar (7.3.0) writes them as they come, and a
    line break in them would begin a property of its own.

    Args:
        zone: name of the campus's zone.
        color: a colour of CSS by name.
    """
    made = Calendar()
    made.add("PRODID", ical.PRODUCT)
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    for property_ in ("NAME", "X-WR-CALNAME"):
        made.add(property_, vText(one_line(name)))
    made.add("X-WR-TIMEZONE", vText(zone))
    made.add("COLOR", vText(color))
    made.add("REFRESH-INTERVAL", vText(AGAIN_AFTER), parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", vText(AGAIN_AFTER))
    # From the end: a name may say anything, "END:VCALENDAR" as well.
    return f"{made.to_ical().decode().removesuffix(ical.END)}{ical.timezone_text()}"


def body(events: Sequence[str], *, name: str, color: str, is_busy: bool) -> bytes:
    """Return a whole feed.

    Args:
        is_busy: the events are the reader's own; else they take none of the reader's time.
    """
    lines = "".join(events)
    if not is_busy:
        lines = lines.replace(OPAQUE, TRANSPARENT)
    return f"{head(name, zone=clock.campus_zone().key, color=color)}{lines}{ical.END}".encode()
