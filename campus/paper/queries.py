"""What a day sheet asks: which floors there are, what is on one, who has it when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from campus.bookings.models import Booking
from campus.clock import Period
from campus.db import db
from campus.errors import Spoken
from campus.members.models import Organisation, Person
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import during
from campus.occupancy.rules import without_buffers
from campus.spaces.models import Closure, Floor, Space, SpaceKind, SpacePart, SpaceState, Zone

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor that has a sheet; without a code it is where spaces without a floor are told."""

    id: int | None
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A space as a sheet names it.

    Attributes:
        zone: its name; empty where it lies in none.
        tenant: who has a studio; empty for none.
        is_there: whether it could be had on the day of the sheet.
    """

    id: int
    kind: SpaceKind
    name: str
    floor_id: int | None
    zone: Spoken
    tenant: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Use:
    """Who has a space, for which part of the day, as people know it: without buffers.

    Attributes:
        whole: the combined room that was booked, where this space is only a part of it.
        reason: why it is closed, where it is; then nobody has it.
    """

    space_id: int
    period: Period
    title: str = ""
    person: str = ""
    organisation: str = ""
    whole: str = ""
    reason: Spoken | None = None


def storeys() -> list[Storey]:
    """Return the floors that have spaces, building by building, at the end those without one."""
    query = (
        select(Floor.id, Floor.code, Floor.label.label("name"), Floor.level, Floor.building_id)
        .select_from(Space)
        .outerjoin(Floor, Floor.id == Space.floor_id)
        .where(Space.state != SpaceState.DRAFT)
        .distinct()
    )
    rows = sorted(
        db.session.execute(query),
        key=lambda row: (row.id is None, row.building_id, row.level, row.code),
    )
    return [Storey(row.id, row.code or "", row.name or "") for row in rows]


def storeys_asked(code: str | None, *, known: Sequence[Storey]) -> Sequence[Storey]:
    """Return the floor with this code; the lowest where none is named, all for an empty name."""
    if code is None:
        return known[:1]
    return [one for one in known if one.code == code] if code else known


def places(day: date, *, kinds: Collection[SpaceKind]) -> list[Place]:
    """Return what can be taken by itself, in the campus's order: rooms, not what is made of them.

    A place that nobody could have on the day is among them: it may have been used all the same.

    Args:
        kinds: those that are open on the day.
    """
    is_whole = exists().where(SpacePart.whole_id == Space.id)
    is_there = and_(
        Space.state == SpaceState.ACTIVE,
        func.coalesce(Space.available_from_on, day) <= day,
        or_(Space.available_until_on.is_(None), Space.available_until_on > day),
    )
    query = (
        select(
            Space.id, Space.kind, Space.name, Space.floor_id, Space.tenant,
            Zone.name_nl, Zone.name_en, is_there.label("is_there"),
        )
        .outerjoin(Zone, Zone.id == Space.zone_id)
        .where(Space.state != SpaceState.DRAFT, ~is_whole)
        .order_by(Zone.position, Space.position, Space.code_key)
    )  # fmt: skip
    return [
        Place(
            id=row.id,
            kind=row.kind,
            name=row.name,
            floor_id=row.floor_id,
            zone=Spoken(row.name_nl or "", row.name_en or ""),
            tenant=row.tenant,
            is_there=bool(row.is_there) and row.kind in kinds,
        )
        for row in db.session.execute(query)
    ]


WHOLE = aliased(Space, name="whole")
USES = (
    select(
        Occupancy.space_id, Occupancy.starts_at, Occupancy.ends_at, Occupancy.closure_id,
        Booking.buffer_before_minutes, Booking.buffer_after_minutes, Booking.title,
        case((Booking.source.is_(None), Person.name)).label("person"),
        Organisation.name.label("organisation"),
        WHOLE.id.label("whole_id"), WHOLE.name.label("whole"),
        Closure.reason_nl, Closure.reason_en,
    )
    .outerjoin(Booking, Booking.id == Occupancy.booking_id)
    .outerjoin(WHOLE, WHOLE.id == Booking.space_id)
    .outerjoin(Person, Person.id == Booking.person_id)
    .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
    .outerjoin(Closure, Closure.id == Occupancy.closure_id)
    .order_by(Occupancy.starts_at, Occupancy.id)
)  # fmt: skip


def uses(period: Period) -> list[Use]:
    """Return who has what at some moment of `period`, earliest first. One query."""
    return [
        Use(
            space_id=row.space_id,
            period=without_buffers(
                Period(row.starts_at, row.ends_at),
                before=(row.buffer_before_minutes or 0) * MINUTE,
                after=(row.buffer_after_minutes or 0) * MINUTE,
            ),
            title=row.title or "",
            person=row.person or "",
            organisation=row.organisation or "",
            whole=row.whole if row.whole and row.whole_id != row.space_id else "",
            reason=Spoken(row.reason_nl, row.reason_en) if row.closure_id else None,
        )
        for row in db.session.execute(USES.where(during(period)))
    ]
