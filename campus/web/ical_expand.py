"""Pure: the events of a calendar of others, one by one, as often as they happen in a window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import recurring_ical_events
from icalendar import Calendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from campus.web.characters import one_line
from campus.web.ical_limits import Content, Event, Property, why_too_much

MOST_OF_ONE = 5_000  # occurrences of one UID
MOST_OF_ALL = 20_000
MOST_WARNINGS = 200
TIMED = {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"}
TZID = re.compile(r';TZID=(?:"([^"]*)"|([^";:]*))', re.IGNORECASE)
WHOLE_DAY, FREE, CANCELLED = "whole day", "free time", "cancelled"
HEAD, TAIL = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:campus"], ["END:VCALENDAR"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happens once.

    Attributes:
        source: what the calendar knows it by, for ever: UID, and RECURRENCE-ID in a series.
        starts, ends: instants of UTC, or dates for whole days; ISO.
        why_not: why it takes no space ("whole day", "free time", "cancelled"), or "".
    """

    source: str
    starts: str
    ends: str
    title: str
    why_not: str = ""


@dataclass(slots=True)
class Expanded:
    """What happens in a window, earliest first, and what could not be read."""

    occurrences: list[Occurrence] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def expand(content: Content, *, zone: str, first: datetime, until: datetime) -> Expanded:
    """Return what happens from `first` to before `until`; times without a zone are of `zone`.

    What one UID does wrong is a warning, and the rest is read: other people's calendars always
    have something in them.
    """
    expanded = Expanded(warnings=list(content.warnings))
    zones = _Zones(content, zone)
    for events in _by_uid(content.events).values():
        event = events[0]
        if reason := why_too_much(events):
            expanded.warnings.append(f"{event.called} was left out: {reason}.")
            continue
        try:
            found = _occurrences(events, zones=zones, first=first, until=until)
        except Exception as error:  # noqa: BLE001 - what two libraries of others raise is not told
            expanded.warnings.append(f"{event.called} was left out: {_short(error)}.")
            continue
        for occurrence in found[:MOST_OF_ONE]:
            _add(occurrence, expanded)
        if len(found) > MOST_OF_ONE:
            expanded.warnings.append(f"{event.called}: only the first {MOST_OF_ONE:,} are read.")
    expanded.warnings += zones.warnings
    expanded.occurrences = _each_by_its_own_id(expanded.occurrences)
    if len(expanded.occurrences) > MOST_OF_ALL:
        expanded.warnings.append(f"Only the first {MOST_OF_ALL:,} occurrences are read.")
        del expanded.occurrences[MOST_OF_ALL:]
    if (more := len(expanded.warnings) - MOST_WARNINGS) > 0:
        expanded.warnings[MOST_WARNINGS:] = [f"And {more:,} more like these."]
    return expanded


def _each_by_its_own_id(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Return occurrences, earliest first, each with an id that no other has.

    What a change of "this and all that follow" moves has one RECURRENCE-ID for all.
    """
    found: dict[str, Occurrence] = {}
    for one in sorted(occurrences, key=lambda one: (one.starts, one.source)):
        if one.source in found:
            one = replace(one, source=f"{one.source}/{one.starts}")
        found.setdefault(one.source, one)
    return list(found.values())


def _add(occurrence: Occurrence, expanded: Expanded) -> None:
    if occurrence.ends > occurrence.starts:
        expanded.occurrences.append(occurrence)
    else:
        expanded.warnings.append(
            f"“{occurrence.title[:60]}” of {occurrence.starts} was left out:"
            " it does not end after it starts."
        )


def _short(error: Exception) -> str:
    return one_line(f"it cannot be read ({error})")[:160].rstrip(".")


def _by_uid(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return the events by their UID; of each version of one the last, by SEQUENCE, counts."""
    found: dict[str, dict[str, Event]] = {}
    for event in events:
        versions = found.setdefault(_uid(event), {})
        key = event.first("RECURRENCE-ID")
        if key not in versions or _sequence(versions[key]) <= _sequence(event):
            versions[key] = event
    return {uid: list(versions.values()) for uid, versions in found.items()}


def _uid(event: Event) -> str:
    """Return the UID; what has none is known by when it is and what it is called."""
    own = ("DTSTART", "DTEND", "RRULE", "SUMMARY")
    return event.first("UID").strip() or "/".join(event.first(name) for name in own)


def _sequence(event: Event) -> int:
    said = event.first("SEQUENCE").strip()
    return int(said) if re.fullmatch(r"\d{1,9}", said) else 0


def _occurrences(
    events: Sequence[Event], *, zones: _Zones, first: datetime, until: datetime
) -> list[Occurrence]:
    lines = list(HEAD)
    named: dict[str, list[str]] = {}
    for event in events:
        lines.append("BEGIN:VEVENT")
        lines += [str(zones.settled(one, named)) for one in event.properties]
        if not event.first("UID"):
            lines.append("UID:none")
        lines.append("END:VEVENT")
    own_zones = [line for zone in named.values() for line in zone]
    calendar = Calendar.from_ical("\r\n".join([*lines[:3], *own_zones, *lines[3:], *TAIL]))
    is_series = len(events) > 1 or any(
        one.name in {"RRULE", "RDATE", "RECURRENCE-ID"} for one in events[0].properties
    )
    # Never `after()`: past the last event it searches to the year 9999.
    found = recurring_ical_events.of(calendar).between(first, until)
    uid = _uid(events[0])
    return [_occurrence(one, uid=uid, is_series=is_series, zones=zones) for one in found]


def _occurrence(one: Any, *, uid: str, is_series: bool, zones: _Zones) -> Occurrence:
    start, end = one["DTSTART"].dt, one["DTEND"].dt
    why_not = _why_not(one)
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        why_not = why_not if why_not == CANCELLED else WHOLE_DAY
    return Occurrence(
        source=f"{uid}/{zones.written(one['RECURRENCE-ID'].dt)}" if is_series else uid,
        starts=zones.written(start),
        ends=zones.written(end),
        title=one_line(str(one.get("SUMMARY", ""))),
        why_not=why_not,
    )


def _why_not(one: Any) -> str:
    if str(one.get("STATUS", "")).upper() == "CANCELLED":
        return CANCELLED
    is_free = str(one.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
    return FREE if is_free or str(one.get("TRANSP", "")).upper() == "TRANSPARENT" else ""


class _Zones:
    """Which zone a name means: IANA's, Microsoft's, the file's own, or else the campus's."""

    def __init__(self, content: Content, zone: str) -> None:
        self.own = content.zones
        self.campus = ZoneInfo(zone)
        self.known = available_timezones()
        self.warnings: list[str] = []

    def settled(self, one: Property, named: dict[str, list[str]]) -> Property:
        """Return a property with a zone that everybody knows, or that is put into `named`."""
        if one.name not in TIMED or not (found := TZID.search(one.parameters)):
            return one
        said = (found[1] or found[2] or "").strip()
        name = self._name(said, named)
        parameters = f"{one.parameters[: found.start()]}{one.parameters[found.end() :]}"
        zone = f';TZID="{name}"' if name else ""
        return Property(one.name, parameters + zone, one.value)

    def _name(self, said: str, named: dict[str, list[str]]) -> str:
        tail = "/".join(said.split("/")[-2:])
        for name in (said, tail, WINDOWS_TO_OLSON.get(said, "")):
            if name in self.known:
                return name
        if said in self.own:
            named[said] = self.own[said]
            return said
        sentence = f"The time zone “{said[:60]}” is not known: {self.campus.key} is taken for it."
        if sentence not in self.warnings:
            self.warnings.append(sentence)
        return self.campus.key

    def written(self, at: date) -> str:
        """Return an instant as UTC, a day as it is; what has no zone is the campus's time."""
        if not isinstance(at, datetime):
            return at.isoformat()
        aware = at if at.tzinfo is not None else at.replace(tzinfo=self.campus)
        return aware.astimezone(UTC).isoformat()
