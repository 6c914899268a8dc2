"""What the Book page asks the database: seven questions, however many spaces and bookings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, null, or_, select, true

from campus.bookings.models import Booking
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


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor with its plan."""

    id: int
    code: str
    name: str
    level: int
    note: Spoken
    width: int
    height: int
    drawing_below: str
    drawing_above: str


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
    kinds: Sequence[SpaceKind], *, person_id: int | None
) -> tuple[dict[SpaceKind, BookingRule], Habit | None]:
    """Return how every kind is booked, and how this person last booked one of `kinds`."""
    if person_id is None:
        return {rule.kind: rule for rule in db.session.scalars(select(BookingRule))}, None
    last = (
        select(Booking.space_id, Space.zone_id, Booking.starts_at, Booking.ends_at)
        .join(Space, Space.id == Booking.space_id)
        .where(
            Booking.person_id == person_id, Booking.state.in_(LIVE), Space.kind.in_(list(kinds))
        )
        .order_by(Booking.starts_at.desc())
        .limit(1)
        .subquery("last")
    )
    found = db.session.execute(select(BookingRule, last).outerjoin(last, true())).all()
    rules = {row[0].kind: row[0] for row in found}
    if not found or found[0][1] is None:
        return rules, None
    return rules, Habit(*found[0][1:])


def storeys() -> list[Storey]:
    """Return all floors with their plans, ground floor first."""
    query = select(
        Floor.id,
        Floor.code,
        Floor.name,
        Floor.level,
        Floor.note_nl,
        Floor.note_en,
        Floor.width,
        Floor.height,
        Floor.drawing_below,
        Floor.drawing_above,
    ).order_by(Floor.level, Floor.id)
    return [
        Storey(id_, code, name, level, Spoken(nl, en), *drawn)
        for id_, code, name, level, nl, en, *drawn in db.session.execute(query)
    ]


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
    Space.id, Space.code, Space.name, Space.kind, Space.audience, Space.floor_id, Space.zone_id,
    Space.island_id, Space.capacity, Space.place_nl, Space.place_en, Space.tenant,
    Space.buffer_before_minutes, Space.buffer_after_minutes, Space.available_from_on,
    Space.available_until_on, Space.plan_x, Space.plan_y, Space.plan_width, Space.plan_height,
    Space.chair, Space.island_row, Space.island_column, Space.position,
)  # fmt: skip
ZONE_COLUMNS: tuple[Any, ...] = (
    SpacePart.part_id, Zone.code.label("zone_code"), Zone.name_nl.label("zone_nl"),
    Zone.name_en.label("zone_en"), Zone.hint_nl, Zone.hint_en,
    Zone.position.label("zone_position"),
)  # fmt: skip
ISLAND_COLUMNS: tuple[Any, ...] = (
    Island.name_nl, Island.name_en, Island.beside_nl, Island.beside_en, Island.window_nl,
    Island.window_en, Island.position.label("island_position"),
)  # fmt: skip


def _house_query(*, with_islands: bool) -> Select[Any]:
    query = (
        select(*LOT_COLUMNS, *ZONE_COLUMNS)
        .outerjoin(Zone, Zone.id == Space.zone_id)
        .outerjoin(SpacePart, SpacePart.whole_id == Space.id)
        .where(Space.state == SpaceState.ACTIVE)
        .order_by(Space.position, Space.code_key, SpacePart.part_id)
    )
    if not with_islands:
        return query
    return query.outerjoin(Island, Island.id == Space.island_id).add_columns(*ISLAND_COLUMNS)


def _lot(row: Any, parts: list[int] | None) -> Lot:
    """Return a row as a space; by position, since names are looked up for every value."""
    (
        id_, code, name, kind, audience, floor_id, zone_id, island_id, capacity, nl, en, tenant,
        before, after, begins, gone, x, y, width, height, chair, row_, column, position,
    ) = row[: len(LOT_COLUMNS)]  # fmt: skip
    box = None if x is None or height is None else Box(x, y, width, height)
    return Lot(
        id_, code, name, kind, audience, floor_id, zone_id, island_id, capacity, Spoken(nl, en),
        tenant, before * MINUTE, after * MINUTE, begins, gone, box, chair, row_, column, position,
        tuple(parts) if parts else (id_,),
    )  # fmt: skip


def _zone(row: Any) -> Part:
    return Part(
        row.zone_id,
        row.zone_code,
        Spoken(row.zone_nl, row.zone_en),
        Spoken(row.hint_nl, row.hint_en),
        row.zone_position,
    )


def _island(row: Any) -> Group:
    return Group(
        row.island_id,
        Spoken(row.name_nl, row.name_en),
        Spoken(row.beside_nl, row.beside_en),
        Spoken(row.window_nl, row.window_en),
        row.island_position,
    )


def wishes() -> list[Wish]:
    """Return the features that can be wished for, each with the spaces that have it."""
    query = (
        select(
            Feature.code,
            Feature.name_nl,
            Feature.name_en,
            Feature.icon,
            SpaceFeature.space_id,
            SpaceFeature.quantity,
        )
        .outerjoin(SpaceFeature, SpaceFeature.feature_id == Feature.id)
        .where(Feature.is_filter)
        .order_by(Feature.position)
    )
    has: dict[str, dict[int, int]] = {}
    found: dict[str, Wish] = {}
    for code, name_nl, name_en, icon, space_id, quantity in db.session.execute(query):
        if code not in found:
            has[code] = {}
            found[code] = Wish(code, Spoken(name_nl, name_en), icon, has[code])
        if space_id is not None:
            has[code][space_id] = quantity
    return list(found.values())


def claims(period: Period, *, person_id: int | None) -> list[Claim]:
    """Return the claims on all spaces that meet `period`, earliest first; never their titles."""
    own: ColumnElement[Any] = null()
    query = select(Occupancy.space_id, Occupancy.starts_at, Occupancy.ends_at)
    if person_id is not None:
        own = case((Booking.person_id == person_id, Booking.code))
        query = query.outerjoin(Booking, Booking.id == Occupancy.booking_id)
    rows = db.session.execute(
        query.add_columns(Occupancy.organisation_id, Occupancy.closure_id, own)
        .where(during(period))
        .order_by(Occupancy.starts_at)
    )
    return [
        Claim(
            space_id, Period(starts_at, ends_at), organisation_id, closure is not None, code or ""
        )
        for space_id, starts_at, ends_at, organisation_id, closure, code in rows
    ]


def seconds_taken(days: Mapping[date, Period], *, kinds: Sequence[SpaceKind]) -> dict[date, float]:
    """Return how long the spaces of some kinds are taken in the hours of each day, summed up."""
    if not days:
        return {}
    hours = sorted(days.values(), key=lambda period: period.starts_at)
    sums = [_overlap(period).label(f"day_{n}") for n, period in enumerate(days.values())]
    query = select(*sums).where(
        during(Period(hours[0].starts_at, hours[-1].end)),
        Occupancy.space_id.in_(select(Space.id).where(Space.kind.in_(list(kinds)))),
    )
    [row] = db.session.execute(query).all()
    return {day: float(taken or 0) for day, taken in zip(days, row, strict=True)}


def _overlap(period: Period) -> ColumnElement[float]:
    starts, ends = Occupancy.starts_at, Occupancy.ends_at
    meets = (starts < period.end) & or_(ends.is_(None), ends > period.starts_at)
    first = case((starts < period.starts_at, literal(period.starts_at, starts.type)), else_=starts)
    last = case(
        (or_(ends.is_(None), ends > period.end), literal(period.end, ends.type)), else_=ends
    )
    return func.sum(case((meets, dialects.seconds_between(db.session(), first, last))))
