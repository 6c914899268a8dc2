"""What a space can be, and opening-hours arithmetic; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays
from dateutil.easter import easter

from campus import clock
from campus.clock import Period
from campus.errors import RuleBroken, Spoken, Text, text

CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
MOST_CODE = 40
NO_CODES = {".", "..", "new", "import"}  # last parts of addresses that mean something else


class SpaceKind(StrEnum):
    """What a space is; each kind has its own unit and rules."""

    DESK = "desk"
    MEETING_ROOM = "meeting_room"
    PHONE_BOOTH = "phone_booth"
    EVENT_SPACE = "event_space"
    OFFICE_UNIT = "office_unit"
    INCUBATOR_SLOT = "incubator_slot"
    PARKING = "parking"


class Unit(StrEnum):
    """What a kind is booked by."""

    MINUTES = "minutes"
    DAY = "day"  # hours, half-days or days
    MONTH = "month"  # by application


class SpaceState(StrEnum):
    """Where a space is in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Audience(StrEnum):
    """Who may book a space."""

    MEMBERS = "members"
    RESIDENTS = "residents"
    STAFF = "staff"


class FeatureGroup(StrEnum):
    """Where a feature is listed on a space's page."""

    EQUIPMENT = "equipment"
    ACCESSIBILITY = "accessibility"


class Side(StrEnum):
    """Where the chair of a desk stands, seen on the plan."""

    NORTH = "n"
    EAST = "e"
    SOUTH = "s"
    WEST = "w"


GOOD_FRIDAY = Spoken(nl="Goede Vrijdag", en="Good Friday")


@dataclass(frozen=True, slots=True)
class Hours:
    """One row of opening hours: for a weekday or for one day; without times, closed."""

    kind: str | None
    weekday: int | None
    on_day: date | None
    opens: time | None
    closes: time | None
    reason: Spoken


@dataclass(frozen=True, slots=True)
class Opening:
    """When a kind is open on some days.

    Attributes:
        periods: the open period of each open day, UTC; a closed day is absent.
        reasons: why a closed day is closed, where somebody said so.
    """

    periods: Mapping[date, Period] = field(default_factory=dict)
    reasons: Mapping[date, Spoken] = field(default_factory=dict)


def is_code(code: str) -> bool:
    """Whether something of the campus can go by a code: it is the last part of an address."""
    return CODE.fullmatch(code) is not None and code.lower() not in NO_CODES


def why_not_code(code: str) -> Text | None:
    """Say why nothing can go by this code."""
    if is_code(code):
        return None
    return text(
        "“%(code)s” is no code: use letters without accents, digits, full stops, hyphens and"
        " underscores, at most %(num)s; “.”, “..”, “new” and “import” are no codes either.",
        code=code if len(code) <= MOST_CODE else f"{code[:MOST_CODE]}…",
        num=MOST_CODE,
    )


def check_code(code: str) -> None:
    """Refuse what is no code.

    Raises:
        RuleBroken: it has other characters, is too long, or is an address of another page.
    """
    if (reason := why_not_code(code)) is not None:
        raise RuleBroken(reason, rule="code")


@lru_cache(maxsize=64)
def public_holidays(year: int, *, with_good_friday: bool) -> Mapping[date, Spoken]:
    """Return the Dutch public holidays of a year; Good Friday is none, unless asked for."""
    dutch = holidays.country_holidays("NL", years=year, language="nl")
    english = holidays.country_holidays("NL", years=year, language="en_US")
    found = {day: Spoken(nl=name, en=english.get(day, name)) for day, name in dutch.items()}
    good_friday = easter(year) - timedelta(days=2)
    found.pop(good_friday, None)  # the library counts it; most Dutch workplaces are open
    return {**found, good_friday: GOOD_FRIDAY} if with_good_friday else found


def opening_of(
    days: Iterable[date], *, rows: Sequence[Hours], kind: str, off: Mapping[date, Spoken]
) -> Opening:
    """Return when `kind` is open on `days`.

    A row for the day goes before a holiday, a holiday before the weekday; rows of the kind
    itself go before rows for all kinds.
    """
    periods: dict[date, Period] = {}
    reasons: dict[date, Spoken] = {}
    for day in days:
        row = _row_for(day, rows=rows, kind=kind, off=off)
        if isinstance(row, Hours) and row.opens is not None and row.closes is not None:
            periods[day] = open_period(day, opens=row.opens, closes=row.closes)
        elif isinstance(row, Spoken):
            reasons[day] = row
        elif row is not None and str(row.reason):
            reasons[day] = row.reason
    return Opening(periods, reasons)


def open_period(day: date, *, opens: time, closes: time) -> Period:
    """Return the open period of a day; `closes` 00:00 is the midnight that ends it."""
    until = clock.midnight(day + timedelta(days=1)) if closes == time(0) else None
    return Period(clock.wall(day, opens), until or clock.wall(day, closes))


def _row_for(
    day: date, *, rows: Sequence[Hours], kind: str, off: Mapping[date, Spoken]
) -> Hours | Spoken | None:
    special = [row for row in rows if row.on_day == day]
    if found := _of_kind(special, kind=kind):
        return found
    if day in off:
        return off[day]
    weekly = [row for row in rows if row.on_day is None]
    own = [row for row in weekly if row.kind == kind]
    return next(
        (row for row in own or weekly if row.weekday == day.weekday() and (own or not row.kind)),
        None,
    )


def _of_kind(rows: Sequence[Hours], *, kind: str) -> Hours | None:
    own = next((row for row in rows if row.kind == kind), None)
    return own or next((row for row in rows if row.kind is None), None)
