"""Pure: a calendar of others, line by line. Bombs are refused, and only what is needed is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MOST_BYTES = 1_000_000
MOST_LINES = 40_000
LONGEST_LINE = 64 * 1024  # unfolded
DEEPEST = 4
MOST_PARTS = 2_000
MOST_DATES = 2_000  # in RDATE and EXDATE, of one UID
MOST_COMBINED = 400  # values that the BY… parts of one rule can make
YEARS = range(1990, 2101)
# What places an event in time and names it. The rest, people above all, is not even looked at.
KEPT = frozenset(
    {
        "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE",
        "RECURRENCE-ID", "SEQUENCE", "STATUS", "TRANSP", "SUMMARY", "X-MICROSOFT-CDO-BUSYSTATUS",
    }
)  # fmt: skip
OFTEN_ENOUGH = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
ZONE_RULES = {"MONTHLY", "YEARLY"}
FOLDED = {" ", "\t"}
TIME = re.compile(r"\A(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?")


class UnreadableError(Exception):
    """A calendar that is refused as a whole, with the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Property:
    """One line: `NAME;PARAMETERS:VALUE`."""

    name: str
    parameters: str
    value: str

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.name}{self.parameters}:{self.value}"


@dataclass(slots=True)
class Event:
    """A VEVENT as it stands, by its kept properties.

    Attributes:
        line: where it begins in the file.
    """

    line: int
    properties: list[Property] = field(default_factory=list)

    def first(self, name: str) -> str:
        """Return the value of a property; "" where it has none."""
        return next((one.value for one in self.properties if one.name == name), "")

    def all(self, *names: str) -> Iterator[str]:
        """Return the values of some properties."""
        return (one.value for one in self.properties if one.name in names)

    @property
    def called(self) -> str:
        """What to call it in a sentence."""
        return f"“{self.first('SUMMARY')[:60] or self.first('UID')[:60] or 'no title'}”"


@dataclass(slots=True)
class Content:
    """What a file holds: its events, and the lines of the time zones it explains itself."""

    events: list[Event] = field(default_factory=list)
    zones: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def content_of(data: bytes) -> Content:
    """Return what is in a calendar.

    Raises:
        UnreadableError: it is no calendar, not whole, or past a limit.
    """
    content, reader = Content(), _Reader()
    for number, line in _lines(data):
        reader.take(line, number, content)
    if not reader.has_begun:
        raise UnreadableError(
            "This is no calendar: nothing in it says BEGIN:VCALENDAR."
            " Export it again, as iCalendar (.ics)."
        )
    if reader.open_parts:
        raise UnreadableError(
            f"The calendar is cut off: it has no END:{reader.open_parts[0]}."
            " Nothing was booked; export or download it again."
        )
    return content


def why_too_much(events: Iterable[Event]) -> str:
    """Return why the events of one UID would cost too much to expand, or ""."""
    events = list(events)
    dates = sum(value.count(",") + 1 for one in events for value in one.all("RDATE", "EXDATE"))
    if dates > MOST_DATES:
        return f"it lists {dates:,} dates, and at most {MOST_DATES:,} are read"
    return next((reason for one in events if (reason := _why_not(one))), "")


def why_bad_rule(rule: str) -> str:
    """Return why a recurrence rule is refused, or ""."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    frequency, count = parts.get("FREQ", "nothing"), parts.get("COUNT", "1")
    if frequency not in OFTEN_ENOUGH:
        return f"it repeats {frequency.lower()}, and daily is the most often that is read"
    if not re.fullmatch(r"\d{1,5}", count):
        return f"it repeats {count[:20]} times, and 99,999 is the most that is read"
    if not re.fullmatch(r"0*[1-9]\d{0,2}", parts.get("INTERVAL", "1")):
        return "its INTERVAL is not between 1 and 999"
    if any("," in parts.get(name, "") for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        return "it repeats at several times a day"
    combined = math.prod(
        value.count(",") + 1 for name, value in parts.items() if name.startswith("BY")
    )
    if combined > MOST_COMBINED:
        return f"its rule combines {combined:,} values, and at most {MOST_COMBINED} are read"
    return ""


def _why_not(event: Event) -> str:
    if event.first("EXRULE"):
        return "it has an EXRULE, which calendars gave up in 2009"
    start = TIME.match(event.first("DTSTART"))
    if start is None:
        return "it has no start that can be read"
    if int(start[1]) not in YEARS:
        return f"it begins in the year {start[1]}, and {YEARS[0]} to {YEARS[-1]} are read"
    return next((why for rule in event.all("RRULE") if (why := why_bad_rule(rule))), "")


def _lines(data: bytes) -> list[tuple[int, str]]:
    """Return the lines, each whole, with where it begins in the file."""
    if not data.strip():
        raise UnreadableError("The file is empty.")
    if len(data) > MOST_BYTES:
        raise UnreadableError(
            f"The calendar is {len(data) / 1e6:,.1f} MB, and at most 1 MB is read."
            " Export fewer years or fewer calendars at a time."
        )
    if b"\0" in data:
        raise UnreadableError("The file holds NUL bytes, so it is no calendar. Export it again.")
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    physical = text.split("\n")
    if len(physical) > MOST_LINES:
        raise UnreadableError(f"The calendar has more than {MOST_LINES:,} lines. Export fewer.")
    lines: list[tuple[int, list[str]]] = []
    for number, line in enumerate(physical, 1):
        if line[:1] in FOLDED and lines:
            lines[-1][1].append(line[1:])
        else:
            lines.append((number, [line]))
    whole = [(number, "".join(pieces)) for number, pieces in lines]
    if any(len(line) > LONGEST_LINE for _, line in whole):
        raise UnreadableError("The calendar has a line of more than 64 kB. Export it again.")
    return whole


class _Reader:
    """Where in the nesting of parts a line stands."""

    def __init__(self) -> None:
        self.open_parts: list[str] = []
        self.parts = 0
        self.event: Event | None = None
        self.zone: list[str] = []
        self.has_begun = False

    def take(self, line: str, number: int, content: Content) -> None:
        if not line.strip():
            return
        found = _property(line)
        if found is None:
            content.warnings.append(f"Line {number} is no line of a calendar and was left out.")
        elif found.name == "BEGIN":
            self._begin(found.value.strip().upper(), number)
        elif found.name == "END":
            self._end(found.value.strip().upper(), content)
        elif self.event is not None and self.open_parts[-1] == "VEVENT":
            if found.name in KEPT:
                self.event.properties.append(found)
        elif self.zone:
            self.zone.append(str(found))

    def _begin(self, part: str, number: int) -> None:
        self.open_parts.append(part)
        self.parts += 1
        if len(self.open_parts) > DEEPEST:
            raise UnreadableError(
                f"The calendar is nested more than {DEEPEST} deep (line {number})."
            )
        if self.parts > MOST_PARTS:
            raise UnreadableError(
                f"The calendar has more than {MOST_PARTS:,} parts. Export fewer events at a time."
            )
        self.has_begun = self.has_begun or part == "VCALENDAR"
        if part == "VEVENT":
            self.event = Event(number)
        elif part == "VTIMEZONE" or self.zone:
            self.zone.append(f"BEGIN:{part}")

    def _end(self, part: str, content: Content) -> None:
        if part not in self.open_parts:
            return
        while self.open_parts.pop() != part:
            pass
        if self.zone:
            self.zone.append(f"END:{part}")
        if part == "VEVENT" and self.event is not None:
            content.events.append(self.event)
        elif part == "VTIMEZONE":
            _keep_zone(self.zone, content)
        if "VEVENT" not in self.open_parts:
            self.event = None
        if "VTIMEZONE" not in self.open_parts:
            self.zone = []


def _keep_zone(lines: list[str], content: Content) -> None:
    named = next((line for line in lines if line.upper().startswith("TZID")), "")
    name = named.partition(":")[2].strip()
    rules = [line for line in lines if line.upper().startswith("RRULE")]
    if any(_frequency(rule) not in ZONE_RULES for rule in rules):
        content.warnings.append(f"The time zone “{name[:60]}” has rules that no zone has.")
    elif name:
        content.zones[name] = lines


def _frequency(rule: str) -> str:
    found = re.search(r"FREQ=(\w+)", rule.upper())
    return found[1] if found else ""


def _property(line: str) -> Property | None:
    """Return a line as name, parameters and value: the first colon outside quotes parts them."""
    is_quoted = False
    for at, letter in enumerate(line):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == ":" and not is_quoted:
            head, value = line[:at], line[at + 1 :]
            name, semicolon, parameters = head.partition(";")
            return Property(name.strip().upper(), semicolon + parameters, value)
    return None
