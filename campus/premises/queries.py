"""Questions about the building as staff keep it, drafts too, and about what is booked in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from campus import clock
from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db import db
from campus.db.dialects import holds
from campus.errors import NotFound, Text, text
from campus.premises.models import Coming
from campus.spaces import queries as spaces
from campus.spaces.models import (
    BookingRule,
    Building,
    Feature,
    Floor,
    OpeningHours,
    Space,
    SpaceFeature,
    SpaceKind,
    SpacePart,
    SpaceState,
    Zone,
)
from campus.web.characters import one_line

Coded = TypeVar("Coded", bound=Building | Floor | Zone | Feature)
Held = TypeVar("Held", bound=Building | Floor | Zone | Feature | Space)
MOST_CODE = 40
WORDS: dict[type, Text] = {
    Building: text("There is no building with this code."),
    Floor: text("There is no floor with this code."),
    Zone: text("There is no zone with this code."),
    Feature: text("There is no feature with this code."),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """Which spaces staff look for; what is not said is not asked."""

    words: str = ""
    kind: SpaceKind | None = None
    floor: str = ""
    state: SpaceState | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many spaces there are.

    Attributes:
        by_floor: active ones, by floor id (None: on no floor) and kind.
        drafts: those that nobody sees yet.
    """

    by_floor: Mapping[int | None, Mapping[SpaceKind, int]]
    drafts: int

    @property
    def kinds(self) -> set[SpaceKind]:
        """The kinds of which there is an active space."""
        return {kind for counts in self.by_floor.values() for kind in counts}


def asked(code: str) -> str:
    """Return a code from an address as codes are kept, without what none could hold."""
    return one_line(code)[:MOST_CODE].lower()


def by_code(table: type[Coded], code: str) -> Coded:
    """Return the building, floor, zone or feature with this code, in any case of letters.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(select(table).where(func.lower(table.code) == asked(code)).limit(1))
    if found is None:
        raise NotFound(WORDS[table])
    return found


def held_code(table: type[Held], code: str, *, but: int | None) -> Held | None:
    """Return the other one of a table that goes by this code, in any case of letters."""
    query = select(table).where(func.lower(table.code) == code.lower(), table.id != (but or 0))
    return db.session.scalar(query.limit(1))


def space_to_keep(code: str) -> Space:
    """Return the space with this code, a draft too, with its place and features.

    Raises:
        NotFound: there is none.
    """
    query = (
        select(Space)
        .options(
            joinedload(Space.floor).joinedload(Floor.building),
            joinedload(Space.zone),
            selectinload(Space.features),
        )
        .where(Space.code_key == asked(code))
    )
    space = db.session.scalar(query)
    if space is None:
        raise NotFound(text("There is no place called %(code)s.", code=asked(code)))
    return space


def spaces_sought(sought: Sought, *, first: int, limit: int) -> tuple[list[Space], int]:
    """Return some of the spaces looked for, in the campus's order, and how many there are."""
    query = _narrowed(select(Space), sought)
    total = db.session.scalar(_narrowed(select(func.count(Space.id)), sought)) or 0
    query = (
        query.options(joinedload(Space.floor), joinedload(Space.zone))
        .order_by(Space.position, Space.code_key)
        .offset(first)
        .limit(limit)
    )
    return list(db.session.scalars(query)), int(total)


def _narrowed(query: Select[Any], sought: Sought) -> Select[Any]:
    for word in sought.words.split()[:5]:
        query = query.where(
            or_(
                *(
                    holds(column, word)
                    for column in (Space.code, Space.name, Space.tenant, Space.place_nl)
                )
            )
        )
    if sought.kind is not None:
        query = query.where(Space.kind == sought.kind)
    if sought.state is not None:
        query = query.where(Space.state == sought.state)
    if sought.floor:
        query = query.join(Floor, Floor.id == Space.floor_id).where(Floor.code == sought.floor)
    return query


def buildings() -> list[Building]:
    """Return every building, by name."""
    return list(db.session.scalars(select(Building).order_by(Building.name, Building.id)))


def floors() -> list[Floor]:
    """Return every floor with its building and zones, from the ground up."""
    query = select(Floor).options(joinedload(Floor.building), selectinload(Floor.zones))
    return list(db.session.scalars(query.order_by(Floor.building_id, Floor.level, Floor.id)))


def features() -> list[Feature]:
    """Return the list of features, in its order."""
    return list(
        db.session.scalars(select(Feature).order_by(Feature.group.desc(), Feature.position))
    )


def uses_of_features() -> dict[int, int]:
    """Return how many spaces have each feature, by its id."""
    query = select(SpaceFeature.feature_id, func.count()).group_by(SpaceFeature.feature_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def counts() -> Counts:
    """Return how many spaces there are on each floor, and how many drafts."""
    by_floor: dict[int | None, dict[SpaceKind, int]] = {}
    drafts = 0
    columns = (Space.floor_id, Space.kind, Space.state)
    for floor_id, kind, state, number in db.session.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        if state is SpaceState.ACTIVE:
            by_floor.setdefault(floor_id, {})[kind] = number
        drafts += number if state is SpaceState.DRAFT else 0
    return Counts(by_floor, drafts)


def holds_something(thing: Building | Floor | Zone | Feature) -> bool:
    """Whether something stands in a building, on a floor, in a zone, or has a feature."""
    if isinstance(thing, Building):
        inside = [exists().where(Floor.building_id == thing.id)]
    elif isinstance(thing, Floor):
        inside = [exists().where(table.floor_id == thing.id) for table in (Space, Zone)]
    elif isinstance(thing, Zone):
        inside = [exists().where(Space.zone_id == thing.id)]
    else:
        inside = [exists().where(SpaceFeature.feature_id == thing.id)]
    return bool(db.session.scalar(select(or_(*inside))))


def ids_in(thing: Building | Floor | Zone | Feature) -> list[int]:
    """Return the ids of the spaces in a building, on a floor, in a zone or with a feature."""
    query = select(Space.id)
    if isinstance(thing, Building):
        query = query.join(Floor, Floor.id == Space.floor_id).where(Floor.building_id == thing.id)
    elif isinstance(thing, Floor):
        query = query.where(Space.floor_id == thing.id)
    elif isinstance(thing, Zone):
        query = query.where(Space.zone_id == thing.id)
    else:
        query = query.join(SpaceFeature).where(SpaceFeature.feature_id == thing.id)
    return list(db.session.scalars(query))


# --- hours and rules --------------------------------------------------------------------------


def weeks() -> dict[SpaceKind | None, list[OpeningHours | None]]:
    """Return the seven days of every week that was set: of kinds, and under None of all others."""
    query = select(OpeningHours).where(OpeningHours.weekday.is_not(None))
    found: dict[SpaceKind | None, list[OpeningHours | None]] = {}
    for row in db.session.scalars(query.order_by(OpeningHours.id.desc())):
        found.setdefault(row.kind, [None] * 7)[row.weekday or 0] = row
    return found


def week_of(kind: SpaceKind | None) -> list[tuple[time | None, time | None]]:
    """Return the hours of a kind's own week, Monday first; empty without one."""
    days = weeks().get(kind)
    if days is None:
        return []
    return [(day.opens, day.closes) if day else (None, None) for day in days]


def exceptions(*, since: date) -> list[OpeningHours]:
    """Return the days from `since` on that have hours of their own, earliest first."""
    query = select(OpeningHours).where(OpeningHours.on_day >= since)
    return list(db.session.scalars(query.order_by(OpeningHours.on_day, OpeningHours.kind)))


def exception_on(day: date, *, kind: SpaceKind | None) -> OpeningHours | None:
    """Return what was said of one day."""
    query = select(OpeningHours).where(
        OpeningHours.on_day == day, OpeningHours.kind.is_not_distinct_from(kind)
    )
    return db.session.scalar(query.order_by(OpeningHours.id).limit(1))


def rule_of(kind: SpaceKind) -> BookingRule | None:
    """Return what a kind may be booked for, where somebody said so."""
    return db.session.get(BookingRule, kind)


# --- what is booked ---------------------------------------------------------------------------


def coming(*, now: datetime, space_id: int | None = None) -> list[Coming]:
    """Return the bookings that are not over, of the campus or of one space and its wholes."""
    query = (
        select(Booking.id, Booking.code, Space.kind, Booking.starts_at, Booking.ends_at)
        .join(Space, Space.id == Booking.space_id)
        .where(Booking.state == BookingState.CONFIRMED, Booking.ends_at > now)
        .order_by(Booking.starts_at, Booking.id)
    )
    if space_id is not None:
        wholes = select(SpacePart.whole_id).where(SpacePart.part_id == space_id)
        query = query.where(or_(Booking.space_id == space_id, Booking.space_id.in_(wholes)))
    return [
        Coming(row[0], row[1], row[2], Period(row[3], row[4])) for row in db.session.execute(query)
    ]


def openings_for(
    booked: Collection[Coming], *, now: datetime
) -> dict[SpaceKind, dict[date, Period]]:
    """Return when every kind is open on the days of some bookings."""
    last = max((clock.today(one.period.end) for one in booked), default=clock.today(now))
    first = min((clock.today(one.period.starts_at) for one in booked), default=last)
    found = spaces.openings(SpaceKind, first=first, last=last)
    return {kind: dict(opening.periods) for kind, opening in found.items()}


def bookings(ids: Sequence[int]) -> list[Booking]:
    """Return bookings with who comes and where, earliest first."""
    query = (
        select(Booking)
        .options(
            joinedload(Booking.space), joinedload(Booking.person), joinedload(Booking.organisation)
        )
        .where(Booking.id.in_(ids))
    )
    return list(db.session.scalars(query.order_by(Booking.starts_at, Booking.id)))


def was_ever_booked(space: Space) -> bool:
    """Whether a space has bookings, past and cancelled ones too: they know it by its code."""
    query = select(exists().where(Booking.space_id == space.id))
    return bool(db.session.scalar(query))
