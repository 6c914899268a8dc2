"""The texts of many bookings for feeds: written once for a space, and then with other values.

`bookings.calendar.render` asks half a millisecond of icalendar for each. Between bookings of one
space, person and organisation only code, time and title differ; a test holds both to one text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campus import clock
from campus.bookings import calendar
from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db.codes import LENGTH
from campus.members.models import Organisation, Person
from campus.schedule.queries import Place
from campus.spaces.models import Unit
from campus.web import ical

# Feeds go 90 days back. What lies before is never read, and would be written when it was.
HISTORY = timedelta(days=91)
TIMES = re.compile(r"^DT(START|END)[;:].*\r\n", re.MULTILINE)
PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]| (?! )){0,59}(?<! )")  # fits on a line as it is
PROBE = "0l1o0i1l0o"[:LENGTH]  # a code that no booking has, as long as all of them
TITLED = "x"
IN_FULL = 2  # times that a full text names the code: as UID, and in the address of its page
STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Party:
    """Who comes, for whom, and since when that is so."""

    person: Person
    organisation: Organisation
    now: datetime


class Texts:
    """Writes the texts of new bookings of one party."""

    def __init__(self, party: Party) -> None:
        self.party = party
        self._patterns: dict[tuple[int, bool], Booking] = {}

    def of(
        self, place: Place, *, code: str, period: Period, title: str, claimed: Sequence[Period]
    ) -> dict[str, object]:
        """Return the columns of a booking that hold its texts."""
        uid = calendar.new_uid(code)
        if period.starts_at < self.party.now - HISTORY:
            return {"uid": uid, "ical_full": "", "ical_busy": "", "ical_version": 0}
        pattern = self._pattern(place, is_titled=bool(title), at=period)
        full, busy = pattern.ical_full, pattern.ical_busy
        # A code of which a long line's fold takes a part cannot be put in another's place.
        if self._may_be_days(place, period) or full.count(PROBE) < IN_FULL:
            own = self._rendered(place, code=code, period=period, title=title, claimed=claimed)
            full, busy = own.ical_full, own.ical_busy
        else:
            full = _filled(full, code=code, period=period, title=title)
            busy = _filled(busy, code=code, period=period, title=title)
        made = calendar.RENDER_VERSION
        return {"uid": uid, "ical_full": full, "ical_busy": busy, "ical_version": made}

    def _may_be_days(self, place: Place, period: Period) -> bool:
        rule = place.space.rule
        return (rule is None or rule.unit is Unit.DAY) and len(clock.days_of(period)) > 1

    def _pattern(self, place: Place, *, is_titled: bool, at: Period) -> Booking:
        key = (place.space.id, is_titled)
        if key not in self._patterns:
            hour = Period(at.starts_at, at.starts_at + timedelta(minutes=1))
            title = TITLED if is_titled else ""
            self._patterns[key] = self._rendered(
                place, code=PROBE, period=hour, title=title, claimed=[hour]
            )
        return self._patterns[key]

    def _rendered(
        self, place: Place, *, code: str, period: Period, title: str, claimed: Sequence[Period]
    ) -> Booking:
        booking = Booking(
            code=code,
            source=code,  # which one does not matter: that it comes from elsewhere does
            uid=calendar.new_uid(code),
            space=place.space,
            space_id=place.space.id,
            person=self.party.person,
            organisation=self.party.organisation,
            starts_at=period.starts_at,
            ends_at=period.end,
            state=BookingState.CONFIRMED,
            title=title,
            buffer_before_minutes=place.space.buffer_before_minutes,
            buffer_after_minutes=place.space.buffer_after_minutes,
            revision=1,
            created_at=self.party.now,
            updated_at=self.party.now,
        )
        calendar.render(booking, claimed=claimed)
        return booking


def _filled(text: str, *, code: str, period: Period, title: str) -> str:
    """Return a pattern with a booking's own code, time and title."""
    times = _times(period)
    text = TIMES.sub(lambda found: times[found[1]], text).replace(PROBE, code)
    summary = f"\r\nSUMMARY:{TITLED}\r\n"
    if not title or summary not in text:
        return text
    if PLAIN.fullmatch(title):
        return text.replace(summary, f"\r\nSUMMARY:{title}\r\n")
    return ical.rewritten(text, {"SUMMARY": title})


def _times(period: Period) -> dict[str, str]:
    """Return the lines of start and end, as `ical.event` writes them."""
    start, end = clock.local(period.starts_at), clock.local(period.end)
    if start.fold or end.fold or not ical.timezone_text():
        start, end = period.starts_at, period.end
        return {"START": f"DTSTART:{start:{STAMP}}Z\r\n", "END": f"DTEND:{end:{STAMP}}Z\r\n"}
    zone = clock.campus_zone().key
    return {
        "START": f"DTSTART;TZID={zone}:{start:{STAMP}}\r\n",
        "END": f"DTEND;TZID={zone}:{end:{STAMP}}\r\n",
    }
