"""What the picture asks: when the campus is open, which spaces it has, what is taken of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import distinct, func, or_, select

from campus import clock
from campus.bookings.models import OWNER_ID, Booking
from campus.clock import Period
from campus.db import db
from campus.errors import Spoken
from campus.landscape.rules import Claim, without_buffers
from campus.members.models import Organisation, Relation
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import during, taken_ids
from campus.spaces import queries as spaces
from campus.spaces.models import Building, Floor, Space, SpaceKind, SpaceState, Zone

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LOOK_AHEAD = 14  # days searched for the next one that is open, or that has a free desk
ROOMS = (SpaceKind.MEETING_ROOM, SpaceKind.EVENT_SPACE)
STUDIOS = (SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT)
KINDS = (SpaceKind.DESK, *ROOMS, *STUDIOS)


@dataclass(frozen=True, slots=True)
class Lot:
    """A space, as far as the land shows it.

    Attributes:
        parts: the ids that a claim on it claims: of its parts, or its own.
        is_let: of a studio, whether somebody has it.
    """

    kind: SpaceKind
    name: str
    parts: tuple[int, ...]
    is_let: bool
    building: str
    floor_id: int | None
    floor: str
    zone_id: int | None
    zone: Spoken


def open_hours(now: datetime) -> list[Period]:
    """Return the open hours that go on or come within two weeks, earliest first. One query.

    They are those of desks; where desks have none, those of rooms.
    """
    today = clock.today(now)
    found = spaces.openings(
        (SpaceKind.DESK, *ROOMS), first=today - DAY, last=today + LOOK_AHEAD * DAY
    )
    periods = next((one.periods for one in found.values() if one.periods), {})
    return sorted(
        (period for period in periods.values() if period.end > now),
        key=lambda period: period.starts_at,
    )


def land(day: date) -> list[Lot]:
    """Return what is drawn of a campus day, in the order of the plan. Two queries."""
    parts = spaces.all_parts()
    query = (
        select(
            Space.id, Space.kind, Space.name, Space.tenant, Building.name, Floor.id, Floor.name,
            Zone.id, Zone.name_nl, Zone.name_en,
        )
        .outerjoin(Floor, Floor.id == Space.floor_id)
        .outerjoin(Building, Building.id == Floor.building_id)
        .outerjoin(Zone, Zone.id == Space.zone_id)
        .where(
            Space.kind.in_(KINDS),
            Space.state == SpaceState.ACTIVE,
            or_(Space.available_from_on.is_(None), Space.available_from_on <= day),
            or_(Space.available_until_on.is_(None), Space.available_until_on > day),
        )
        .order_by(
            Building.id, Floor.level, Floor.id, Zone.position, Space.position, Space.code_key
        )
    )  # fmt: skip
    return [
        Lot(
            kind=kind, name=name, parts=tuple(parts.get(id_, [id_])), is_let=bool(tenant),
            building=building or "", floor_id=floor_id, floor=floor or "",
            zone_id=zone_id, zone=Spoken(nl or "", en or ""),
        )
        for id_, kind, name, tenant, building, floor_id, floor, zone_id, nl, en
        in db.session.execute(query)
    ]  # fmt: skip


def claims(period: Period) -> Mapping[int, list[Claim]]:
    """Return what is taken in a period by space, earliest first, without buffers. One query."""
    query = (
        select(
            Occupancy.space_id,
            Occupancy.starts_at,
            Occupancy.ends_at,
            Occupancy.closure_id,
            Booking.starts_at,
            Booking.ends_at,
        )
        .outerjoin(Booking, Booking.id == Occupancy.booking_id)
        .where(during(period))
        .order_by(Occupancy.starts_at)
    )
    found: dict[int, list[Claim]] = {}
    for space_id, starts_at, ends_at, closure_id, begins, ends in db.session.execute(query):
        held = Period(starts_at, ends_at)
        if closure_id is None:
            held = without_buffers(held, booked=Period(begins, ends))
        if held.overlaps(period):
            found.setdefault(space_id, []).append(Claim(held, closure_id is not None))
    return found


def people_inside(now: datetime) -> int:
    """Return how many people are known to have a booking that goes on. One query."""
    query = (
        select(func.count(distinct(OWNER_ID)))
        .join(Occupancy, Occupancy.booking_id == Booking.id)
        .where(during(Period(now, now + MINUTE)), Booking.starts_at <= now, Booking.ends_at > now)
    )
    return db.session.scalar(query) or 0


def organisations() -> int:
    """Return how many organisations have their place here. One query."""
    query = select(func.count()).where(Organisation.relation == Relation.RESIDENT)
    return db.session.scalar(query) or 0


def is_any_free(lots: list[Lot], *, hours: Period) -> bool:
    """Return whether one of some spaces is free for all of a period. One query."""
    taken = taken_ids([hours])
    return any(not taken.intersection(lot.parts) for lot in lots)
