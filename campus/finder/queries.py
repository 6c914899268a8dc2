"""What the Book page asks the database: seven questions, however many spaces and bookings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, null, or_, select

from campus import clock
from campus.bookings.models import Booking, BookingState, is_own
from campus.bookings.queries import LIVE
from campus.clock import Period
from campus.db import db, dialects
from campus.errors import Spoken
from campus.finder.rules import Claim, Habit, Lot
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import during
from campus.spaces.models import (
    BookingRule,
    Feature,
    Floor,
    Island,
    Space,
    SpaceFeature,
    SpaceKind,
    SpacePart,
    SpaceState,
    Zone,
)
from campus.web.plans import Box

MINUTE = timedelta(minutes=1)
LATEST = 40  # bookings of a person looked at: those to come, and the last one before

# Tables, not entities: for hundreds of rows the difference is a third of the time.
SPACE, ZONE, ISLAND, FLOOR = (one.__table__.c for one in (Space, Zone, Island, Floor))
PART, FEATURE, HAS, LEDGER = (
    one.__table__.c for one in (SpacePart, Feature, SpaceFeature, Occupancy)
)
BOOKING = Booking.__table__.c
HAD = BOOKING.space_id, SPACE.zone_id, BOOKING.starts_at, BOOKING.ends_at


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor with its plan; the label has its building where there are several."""

    id: int
    code: str
    name: str
    level: int
    note: Spoken
    width: int
    height: int
    drawing_below: str
    drawing_above: str
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """A zone of a floor."""

    id: int
    code: str
    name: Spoken
    hint: Spoken
    position: int


@dataclass(frozen=True, slots=True)
class Group:
    """Desks that stand together, and what is around them."""

    id: int
    name: Spoken
    beside: Spoken
    window: Spoken
    position: int


@dataclass(frozen=True, slots=True)
class House:
    """Everything that stands still: spaces in the campus's order, zones and islands by id."""

    lots: tuple[Lot, ...]
    zones: Mapping[int, Part]
    islands: Mapping[int, Group]


@dataclass(frozen=True, slots=True)
class Wish:
    """A feature that can be wished for, and how many of it which space has."""

    code: str
    name: Spoken
    icon: str
    has: Mapping[int, int]


def rules_and_habit(
    kinds: Sequence[SpaceKind], *, person_id: int | None, now: datetime
) -> tuple[dict[SpaceKind, BookingRule], Habit | None]:
    """Return how each kind is booked, how somebody last had one of `kinds`, and on which days."""
    rule = select(BookingRule)
    if person_id is None:
        return {one.kind: one for one in db.session.scalars(rule)}, None
    latest = (
        select(BOOKING.state, *HAD, SPACE.kind)
        .join(Space.__table__, SPACE.id == BOOKING.space_id)
        .where(is_own(person_id), BOOKING.state.in_(LIVE), SPACE.kind.in_(kinds))
        .order_by(Booking.starts_at.desc())
        .limit(LATEST)
        .subquery("latest")
    )
    query: Select[Any] = rule.add_columns(latest)
    found = db.session.execute(query.outerjoin(latest, latest.c.kind == BookingRule.kind)).all()
    rules = {row[0].kind: row[0] for row in found}
    had = sorted({tuple(row[1:]) for row in found if row[1] is not None}, key=itemgetter(3))
    if not had:
        return rules, None
    last = next((one for one in reversed(had) if one[3] <= now), had[-1])
    periods = (Period(one[3], one[4]) for one in had if one[0] is BookingState.CONFIRMED)
    booked = frozenset(day for period in periods for day in clock.days_of(period))
    return rules, Habit(last[1], last[2], last[3], last[4], booked)


def storeys() -> list[Storey]:
    """Return all floors with their plans, building by building, ground floor first."""
    return [
        Storey(id_, code, name, level, Spoken(nl, en), *drawn)
        for id_, code, name, level, nl, en, *drawn in db.session.execute(STOREYS)
    ]


STOREYS = select(
    FLOOR.id, FLOOR.code, FLOOR.name, FLOOR.level, FLOOR.note_nl, FLOOR.note_en, FLOOR.width,
    FLOOR.height, FLOOR.drawing_below, FLOOR.drawing_above, Floor.label,
).order_by(FLOOR.building_id, FLOOR.level, FLOOR.id)  # fmt: skip


def house(*, with_islands: bool) -> House:
    """Return every active space with its zone, and with its island where those are shown."""
    lots: dict[int, Lot] = {}
    zones: dict[int, Part] = {}
    islands: dict[int, Group] = {}
    parts: dict[int, list[int]] = {}
    for row in db.session.execute(_house_query(with_islands=with_islands)):
        if row.part_id is not None:
            parts.setdefault(row.id, []).append(row.part_id)
        lots[row.id] = _lot(row, parts.get(row.id))
        if row.zone_id is not None and row.zone_id not in zones:
            zones[row.zone_id] = _zone(row)
        if with_islands and row.island_id is not None and row.island_id not in islands:
            islands[row.island_id] = _island(row)
    return House(tuple(lots.values()), zones, islands)


LOT_COLUMNS: tuple[Any, ...] = (
    SPACE.id, SPACE.code, SPACE.name, SPACE.kind, SPACE.audience, SPACE.floor_id, SPACE.zone_id,
    SPACE.island_id, SPACE.capacity, SPACE.place_nl, SPACE.place_en, SPACE.tenant,
    SPACE.buffer_before_minutes, SPACE.buffer_after_minutes, SPACE.available_from_on,
    SPACE.available_until_on, SPACE.plan_x, SPACE.plan_y, SPACE.plan_width, SPACE.plan_height,
    SPACE.chair, SPACE.island_row, SPACE.island_column, SPACE.position, SPACE.plan_path,
)  # fmt: skip
ZONE_COLUMNS: tuple[Any, ...] = (
    PART.part_id, ZONE.code.label("zone_code"), ZONE.name_nl.label("zone_nl"),
    ZONE.name_en.label("zone_en"), ZONE.hint_nl, ZONE.hint_en,
    ZONE.position.label("zone_position"),
)  # fmt: skip
ISLAND_COLUMNS: tuple[Any, ...] = (
    ISLAND.name_nl, ISLAND.name_en, ISLAND.beside_nl, ISLAND.beside_en, ISLAND.window_nl,
    ISLAND.window_en, ISLAND.position.label("island_position"),
)  # fmt: skip


@cache
def _house_query(*, with_islands: bool) -> Select[Any]:
    query = (
        select(*LOT_COLUMNS, *ZONE_COLUMNS)
        .outerjoin(Zone.__table__, ZONE.id == SPACE.zone_id)
        .outerjoin(SpacePart.__table__, PART.whole_id == SPACE.id)
        .where(SPACE.state == SpaceState.ACTIVE)
        .order_by(SPACE.position, SPACE.code_key, PART.part_id)
    )
    if not with_islands:
        return query
    return query.outerjoin(Island.__table__, ISLAND.id == SPACE.island_id).add_columns(
        *ISLAND_COLUMNS
    )


def _lot(row: Any, parts: list[int] | None) -> Lot:
    """Return a row as a space; by position, since names are looked up for every value."""
    (
        id_, code, name, kind, audience, floor_id, zone_id, island_id, capacity, nl, en, tenant,
        before, after, begins, gone, x, y, width, height, chair, row_, column, position,
        outline,
    ) = row[: len(LOT_COLUMNS)]  # fmt: skip
    box = None if x is None or height is None else Box(x, y, width, height)
    return Lot(
        id_, code, name, kind, audience, floor_id, zone_id, island_id, capacity, Spoken(nl, en),
        tenant, before * MINUTE, after * MINUTE, begins, gone, box, chair, row_, column, position,
        tuple(parts) if parts else (id_,), outline,
    )  # fmt: skip


def _zone(row: Any) -> Part:
    name, hint = Spoken(row.zone_nl, row.zone_en), Spoken(row.hint_nl, row.hint_en)
    return Part(row.zone_id, row.zone_code, name, hint, row.zone_position)


def _island(row: Any) -> Group:
    return Group(
        row.island_id, Spoken(row.name_nl, row.name_en), Spoken(row.beside_nl, row.beside_en),
        Spoken(row.window_nl, row.window_en), row.island_position,
    )  # fmt: skip


def wishes() -> list[Wish]:
    """Return the features that can be wished for, each with the spaces that have it."""
    has: dict[str, dict[int, int]] = {}
    found: dict[str, Wish] = {}
    for code, nl, en, icon, space_id, quantity in db.session.execute(WISHES):
        if code not in found:
            has[code] = {}
            found[code] = Wish(code, Spoken(nl, en), icon, has[code])
        if space_id is not None:
            has[code][space_id] = quantity
    return list(found.values())


WISHES = (
    select(
        FEATURE.code, FEATURE.name_nl, FEATURE.name_en, FEATURE.icon, HAS.space_id,
        HAS.quantity,
    )
    .outerjoin(SpaceFeature.__table__, HAS.feature_id == FEATURE.id)
    .where(FEATURE.is_filter)
    .order_by(FEATURE.position)
)  # fmt: skip


def claims(period: Period, *, person_id: int | None) -> list[Claim]:
    """Return the claims on all spaces that meet `period`, earliest first; never their titles."""
    own: ColumnElement[Any] = null()
    query = select(LEDGER.space_id, LEDGER.starts_at, LEDGER.ends_at)
    if person_id is not None:
        own = case((is_own(person_id), BOOKING.code))
        query = query.outerjoin(Booking.__table__, BOOKING.id == LEDGER.booking_id)
    rows = db.session.execute(
        query.add_columns(LEDGER.organisation_id, LEDGER.closure_id, own)
        .where(during(period))
        .order_by(LEDGER.starts_at)
    )
    return [
        Claim(space_id, Period(starts, ends), organisation_id, closure is not None, code or "")
        for space_id, starts, ends, organisation_id, closure, code in rows
    ]


def seconds_taken(days: Mapping[date, Period], *, kinds: Sequence[SpaceKind]) -> dict[date, float]:
    """Return how long the spaces of some kinds are taken in the hours of each day, summed up."""
    if not days:
        return {}
    hours = sorted(days.values(), key=lambda period: period.starts_at)
    query = _sums(len(days)).where(
        during(Period(hours[0].starts_at, hours[-1].end)),
        Occupancy.space_id.in_(select(Space.id).where(Space.kind.in_(list(kinds)))),
    )
    edges = {f"first_{n}": period.starts_at for n, period in enumerate(days.values())}
    edges |= {f"last_{n}": period.end for n, period in enumerate(days.values())}
    [row] = db.session.execute(query, edges).all()
    return {day: float(taken or 0) for day, taken in zip(days, row, strict=True)}


@cache
def _sums(count: int) -> Select[Any]:
    """Return the sum of what is taken of each of so many periods, by their edges."""
    sums: list[Any] = [_overlap(n).label(f"day_{n}") for n in range(count)]
    return select(*sums)


def _overlap(n: int) -> ColumnElement[float]:
    starts, ends = Occupancy.starts_at, Occupancy.ends_at
    first, last = (
        bindparam(f"first_{n}", type_=starts.type),
        bindparam(f"last_{n}", type_=ends.type),
    )
    meets = (starts < last) & or_(ends.is_(None), ends > first)
    begins = case((starts < first, first), else_=starts)
    stops = case((or_(ends.is_(None), ends > last), last), else_=ends)
    return func.sum(case((meets, dialects.seconds_between(begins, stops))))
