"""Pure iCalendar parts: one event, and the calendar around events.

icalendar writes every property, so that escaping and folding are one library's work. It is not
asked for a VTIMEZONE: its own (7.3.0) is an hour wrong after each change to summer time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur, vText
from icalendar.parser import Contentline, Parameters

from campus import clock
from campus.clock import Period
from campus.web.characters import one_line, visible

EOL = "\r\n"
END = f"END:VCALENDAR{EOL}"
DAY = timedelta(days=1)
PRODUCT = "-//campus//campus//EN"
REFERENCE_ZONE = ZoneInfo("Europe/Amsterdam")
PROBES = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=3 * n) for n in range(365 * 6)]
# Two yearly rules, from 1970 on: Outlook is an hour off in summer when given lists of dates.
SAME_AS_AMSTERDAM = """\
BEGIN:VTIMEZONE
TZID:{zone}
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


class Method(StrEnum):
    """What a calendar sent by mail asks of the calendar it reaches (iTIP)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Party:
    """Who invites, or is invited."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a calendar shows of something.

    Attributes:
        stamp: DTSTAMP; when this text was made (mail), or when the thing changed (feed).
        days: campus days, for what is shown as whole days; empty for what has hours.
    """

    uid: str
    sequence: int
    stamp: datetime
    changed_at: datetime
    period: Period
    summary: str
    location: str
    description: str = ""
    url: str = ""
    days: tuple[date, ...] = ()
    is_cancelled: bool = False


def event(
    occasion: Occasion, *, organizer: Party | None = None, guest: Party | None = None
) -> str:
    """Return a VEVENT; with an organizer and a guest it is an invitation."""
    made = Event()
    made.add("UID", one_line(occasion.uid))
    made.add("DTSTAMP", occasion.stamp.replace(microsecond=0))
    made.add("LAST-MODIFIED", occasion.changed_at.replace(microsecond=0))
    made.add("SEQUENCE", occasion.sequence)
    made.add("STATUS", "CANCELLED" if occasion.is_cancelled else "CONFIRMED")
    # A desk for some days is a place to sit, not an appointment: nobody is busy all day by it.
    made.add("TRANSP", "TRANSPARENT" if occasion.days else "OPAQUE")
    made.add("SUMMARY", one_line(occasion.summary))
    made.add("LOCATION", one_line(occasion.location))
    if occasion.description:
        made.add("DESCRIPTION", visible(occasion.description))
    if occasion.url:
        made.add("URL", one_line(occasion.url))
    _add_time(made, occasion)
    _add_people(made, organizer=organizer, guest=guest)
    return str(made.to_ical().decode())


def calendar(events: Iterable[str], *, method: Method | None = None) -> str:
    """Return a calendar of VEVENT texts. `method` only in mail: a feed has none."""
    head = Calendar()
    head.add("PRODID", PRODUCT)
    head.add("VERSION", "2.0")
    head.add("CALSCALE", "GREGORIAN")
    if method is not None:
        head.add("METHOD", method.value)
    opening = head.to_ical().decode().removesuffix(END)
    body = "".join(events)
    zone = timezone_text() if ";TZID=" in body else ""
    return f"{opening}{zone}{body}{END}"


def rewritten(event: str, values: Mapping[str, str]) -> str:
    """Return a VEVENT text with some properties of plain text replaced; "" leaves one out.

    A property that is not there is not added.
    """
    kept: list[str] = []
    is_replaced = False
    for line in event.split(EOL):
        if line.startswith(" "):  # goes on with the property before
            if not is_replaced:
                kept.append(line)
            continue
        name = line.partition(":")[0]
        is_replaced = name in values
        if not is_replaced:
            kept.append(line)
        elif values[name]:
            kept.append(_text_line(name, values[name]))
    return EOL.join(kept)


def _text_line(name: str, value: str) -> str:
    said = visible(value) if name == "DESCRIPTION" else one_line(value)
    line = Contentline.from_parts(name, Parameters(), vText(said))
    return str(line.to_ical().decode())


def timezone_text() -> str:
    """Return the VTIMEZONE of the campus's zone; nothing for zones whose times are sent in UTC."""
    return _timezone_text(clock.campus_zone())


@lru_cache(maxsize=4)
def _timezone_text(zone: ZoneInfo) -> str:
    same = all(at.astimezone(zone).utcoffset() == _offset(at) for at in PROBES)
    return SAME_AS_AMSTERDAM.format(zone=zone.key).replace("\n", EOL) if same else ""


def _offset(at: datetime) -> timedelta | None:
    return at.astimezone(REFERENCE_ZONE).utcoffset()


def _add_time(made: Event, occasion: Occasion) -> None:
    if occasion.days:
        _add_days(made, occasion.days)
        return
    start, end = (clock.local(at) for at in (occasion.period.starts_at, occasion.period.end))
    # A wall-clock time that comes twice, on the night in October, means its first coming.
    if start.fold or end.fold or not timezone_text():
        start, end = occasion.period.starts_at, occasion.period.end
    made.add("DTSTART", start)
    made.add("DTEND", end)


def _add_days(made: Event, days: Sequence[date]) -> None:
    """Write several days as one event that repeats daily, without the days between."""
    first, last = days[0], days[-1]
    made.add("DTSTART", first)
    made.add("DTEND", first + DAY)
    if first == last:
        return
    made.add("RRULE", vRecur({"FREQ": ["DAILY"], "UNTIL": [last]}))
    between = [first + n * DAY for n in range((last - first).days)]
    for missing in (day for day in between if day not in days):
        made.add("EXDATE", missing, parameters={"VALUE": "DATE"})


def _add_people(made: Event, *, organizer: Party | None, guest: Party | None) -> None:
    if organizer is not None:
        made.add("ORGANIZER", _address(organizer))
    if guest is not None:
        invited = _address(guest)
        invited.params["CUTYPE"] = "INDIVIDUAL"
        invited.params["ROLE"] = "REQ-PARTICIPANT"
        invited.params["PARTSTAT"] = "NEEDS-ACTION"
        invited.params["RSVP"] = "TRUE"
        made.add("ATTENDEE", invited)


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{one_line(party.email)}")
    if party.name:
        address.params["CN"] = one_line(party.name)
    return address
