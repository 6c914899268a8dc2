"""What the campus has already, read at once to be compared with a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from campus.bookings import queries as bookings
from campus.clock import Period
from campus.db import db, dialects
from campus.db.batches import batches
from campus.roomlist.models import Change
from campus.spaces.models import (
    Building,
    Floor,
    Space,
    SpaceKind,
    SpacePart,
    SpaceState,
    Zone,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A space as it stands."""

    id: int
    code: str
    name: str
    kind: SpaceKind
    state: SpaceState
    floor_id: int | None
    zone_id: int | None
    capacity: int | None
    area_dm2: int | None
    available_from_on: date | None
    available_until_on: date | None
    place_nl: str
    place_en: str
    revision: int
    position: int


@dataclass(frozen=True, slots=True)
class Campus:
    """Everything that a list can speak of; spaces by their code as codes are compared."""

    spaces: Mapping[str, Known]
    buildings: Sequence[Building]
    floors: Sequence[Floor]
    zones: Sequence[Zone]


SPACES = select(
    Space.code_key, Space.id, Space.code, Space.name, Space.kind, Space.state, Space.floor_id,
    Space.zone_id, Space.capacity, Space.area_dm2, Space.available_from_on,
    Space.available_until_on, Space.place_nl, Space.place_en, Space.revision, Space.position,
).order_by(Space.position, Space.code_key)  # fmt: skip


def campus() -> Campus:
    """Return the campus as it is now. Four queries."""
    spaces = {key: Known(*row) for key, *row in db.session.execute(SPACES)}
    floors = select(Floor).options(joinedload(Floor.building)).order_by(Floor.level, Floor.id)
    return Campus(
        spaces=spaces,
        buildings=db.session.scalars(select(Building).order_by(Building.id)).all(),
        floors=db.session.scalars(floors).all(),
        zones=db.session.scalars(select(Zone).order_by(Zone.position, Zone.id)).all(),
    )


def lock_as_planned(changes: Sequence[Change]) -> bool:
    """Lock the spaces that are to change, and their parts; say whether all are as they were."""
    planned = {change.id: change.revision for change in changes}
    for ids in batches(sorted(planned)):
        mine = Space.id.in_(ids)
        parts = Space.id.in_(select(SpacePart.part_id).where(SpacePart.whole_id.in_(ids)))
        every = select(Space.id).where(or_(mine, parts)).order_by(Space.id)
        dialects.lock_rows(db.session(), every)
        found = db.session.execute(select(Space.id, Space.revision).where(mine))
        if {row[0]: row[1] for row in found} != {number: planned[number] for number in ids}:
            return False
    return True


def booked(space_ids: Collection[int], *, now: datetime) -> dict[int, list[Period]]:
    """Return when each of some spaces is booked from now on."""
    found: dict[int, list[Period]] = {}
    for ids in batches(sorted(space_ids)):
        found |= bookings.coming_in(ids, now=now)
    return found
