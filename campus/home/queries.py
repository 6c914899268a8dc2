"""What the pages over several slices ask: today in numbers, a space's week, who is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from campus import clock
from campus.bookings.models import Booking
from campus.bookings.policy import may_read_title
from campus.clock import Period
from campus.db import db
from campus.errors import Spoken
from campus.home.models import Examination
from campus.home.rules import OpenDay
from campus.members.models import Actor, Organisation
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import during as claims_during
from campus.occupancy.queries import taken_between
from campus.spaces import queries as spaces
from campus.spaces.models import Floor, OpeningHours, Space, SpaceKind, SpaceState

ONE_DAY = timedelta(days=1)
LOOK_AHEAD = 14  # days searched for the next time the campus is open
WEEK = 7


@dataclass(frozen=True, slots=True)
class Lot:
    """A bookable space, as far as counting needs it.

    Attributes:
        taken: its claims of the day, a combined room's being those of its parts.
    """

    kind: SpaceKind
    floor: str
    taken: Sequence[Period]
    name: str = ""

    def is_free(self, period: Period) -> bool:
        """Whether nobody has it at any moment of `period`."""
        return not any(one.overlaps(period) for one in self.taken)


@dataclass(frozen=True, slots=True)
class CampusDay:
    """The day whose places are counted: today, or the next one that is open."""

    day: date
    hours: Period
    lots: Sequence[Lot]

    def of_kinds(self, *kinds: SpaceKind) -> list[Lot]:
        """Return the spaces of some kinds, in the campus's order."""
        return [lot for lot in self.lots if lot.kind in kinds]


@dataclass(frozen=True, slots=True)
class Weekly:
    """The usual hours of a weekday; without times it is closed."""

    weekday: int
    opens: time | None
    closes: time | None


@dataclass(frozen=True, slots=True)
class Use:
    """A booking of a space as a reader may know it: without words it is taken, no more.

    Attributes:
        title, organisation: empty where the reader may not know them.
    """

    period: Period
    title: str = ""
    organisation: str = ""


def campus_day(now: datetime) -> CampusDay | None:
    """Return today if the campus is or will be open, else the next open day. Five queries."""
    hours = next_hours(now)
    if hours is None:
        return None
    day = clock.today(hours.starts_at)
    taken: dict[int, list[Period]] = {}
    for claim in taken_between(hours):
        taken.setdefault(claim.space_id, []).append(claim.period)
    return CampusDay(day, hours, _lots(day, taken))


def next_hours(now: datetime) -> Period | None:
    """Return the opening hours that go on, or come next within two weeks. Two queries."""
    today = clock.today(now)
    opening = spaces.opening(SpaceKind.DESK, first=today, last=today + LOOK_AHEAD * ONE_DAY)
    coming = (period for period in opening.periods.values() if period.end > now)
    return min(coming, key=lambda period: period.starts_at, default=None)


def week_of(space: Space, *, first: date) -> tuple[list[OpenDay], Mapping[date, Spoken]]:
    """Return the open days of a space among the seven from `first`, and why others are closed."""
    last = first + (WEEK - 1) * ONE_DAY
    opening = spaces.opening(space.kind, first=first, last=last)
    shown = Period(clock.midnight(first), clock.midnight(last + ONE_DAY))
    ids = [part.id for part in spaces.parts_of(space)]
    taken = [claim.period for claim in taken_between(shown, space_ids=ids)]
    days = [
        OpenDay(day, hours, [period for period in taken if period.overlaps(hours)])
        for day, hours in opening.periods.items()
        if space.is_available_on(day)
    ]
    return days, opening.reasons


def uses_of(space: Space, *, during: Period, reader: Actor | None) -> list[Use]:
    """Return the bookings of a space, and of what it is a part or made of, earliest first."""
    query = (
        select(
            Booking.starts_at,
            Booking.ends_at,
            Booking.title,
            Organisation.name,
            Organisation.id,
            Organisation.shows_titles,
            Booking.id,
        )
        .join(Occupancy, Occupancy.booking_id == Booking.id)
        .join(Organisation, Organisation.id == Booking.organisation_id)
        .where(
            claims_during(during),
            Occupancy.space_id.in_([part.id for part in spaces.parts_of(space)]),
            Booking.starts_at < during.end,
            Booking.ends_at > during.starts_at,
        )
        .distinct()
        .order_by(Booking.starts_at, Booking.id)
    )
    return [
        Use(Period(starts_at, ends_at), title, name)
        if may_read_title(reader, organisation_id=id_, shown=shown)
        else Use(Period(starts_at, ends_at))
        for starts_at, ends_at, title, name, id_, shown, _ in db.session.execute(query)
    ]


def weekly_hours() -> dict[SpaceKind | None, list[Weekly]]:
    """Return the usual hours: of kinds that have their own, and under None of all others."""
    query = select(OpeningHours).where(OpeningHours.weekday.is_not(None))
    found: dict[SpaceKind | None, list[Weekly]] = {}
    for row in db.session.scalars(query.order_by(OpeningHours.weekday)):
        if row.weekday is not None:
            found.setdefault(row.kind, []).append(Weekly(row.weekday, row.opens, row.closes))
    return found


def _lots(day: date, taken: Mapping[int, Sequence[Period]]) -> list[Lot]:
    parts = spaces.all_parts()
    query = (
        select(Space, Floor.label)
        .outerjoin(Floor, Floor.id == Space.floor_id)
        .where(Space.state == SpaceState.ACTIVE)
        .order_by(Floor.level, Space.position, Space.code_key)
    )
    return [
        Lot(
            kind=space.kind,
            floor=floor or "",
            taken=[one for part in parts.get(space.id, [space.id]) for one in taken.get(part, ())],
            name=space.name,
        )
        for space, floor in db.session.execute(query)
        if space.is_available_on(day)
    ]


# --- the doctor -------------------------------------------------------------------------------


def last_examination() -> Examination | None:
    """Return the latest look into the data that came to its end."""
    query = select(Examination).where(Examination.ended_at.is_not(None))
    return db.session.scalar(query.order_by(Examination.id.desc()).limit(1))


def waiting_examination() -> Examination | None:
    """Return the look into the data that was asked for and has not come to its end."""
    query = select(Examination).where(Examination.ended_at.is_(None))
    return db.session.scalar(query.order_by(Examination.id).limit(1))
