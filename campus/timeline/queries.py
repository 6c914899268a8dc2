"""What the pages of rooms ask the database, however many rooms and bookings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import case, null, select

from campus.bookings.models import OWNER_ID, Booking, BookingState, is_own
from campus.bookings.policy import may_read_title
from campus.clock import Period
from campus.db import db
from campus.errors import Spoken
from campus.members.models import Actor, Organisation
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import during
from campus.occupancy.rules import without_buffers
from campus.spaces.models import (
    Feature,
    Floor,
    Space,
    SpaceFeature,
    SpaceKind,
    SpacePart,
    SpaceState,
)
from campus.timeline.rules import Room, Tone, Use

MINUTE = timedelta(minutes=1)

# Tables, not entities: for hundreds of rows the difference is a third of the time.
SPACE, FLOOR, PART, FEATURE, HAS, LEDGER, BOOKING, ORGANISATION = (
    one.__table__.c
    for one in (
        Space, Floor, SpacePart, Feature, SpaceFeature, Occupancy, Booking, Organisation,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A feature that can be wished for, and the ids of the spaces that have it."""

    code: str
    name: Spoken
    icon: str
    ids: set[int]


def rooms(kinds: Sequence[SpaceKind]) -> list[Room]:
    """Return the active spaces of some kinds, in the campus's order by floor."""
    query = ROOMS.where(SPACE.kind.in_(list(kinds)))
    parts: dict[int, list[int]] = {}
    rows: dict[int, Any] = {}
    for row in db.session.execute(query):
        rows.setdefault(row[0], row)
        if row[-1] is not None:
            parts.setdefault(row[0], []).append(row[-1])
    return [_room(row, parts.get(id_)) for id_, row in rows.items()]


ROOMS = (
    select(
        SPACE.id, SPACE.code, SPACE.name, SPACE.kind, SPACE.audience, SPACE.capacity, Floor.label,
        FLOOR.code, SPACE.buffer_before_minutes, SPACE.buffer_after_minutes,
        SPACE.available_from_on, SPACE.available_until_on, PART.part_id,
    )
    .outerjoin(Floor.__table__, FLOOR.id == SPACE.floor_id)
    .outerjoin(SpacePart.__table__, PART.whole_id == SPACE.id)
    .where(SPACE.state == SpaceState.ACTIVE)
    .order_by(SPACE.position, SPACE.code_key, PART.part_id)
)  # fmt: skip


def _room(row: Any, parts: list[int] | None) -> Room:
    """Return a row as a room; by position, since names are looked up for every value."""
    id_, code, name, kind, audience, capacity, floor, floor_code, before, after, first, gone, _ = (
        row
    )
    return Room(
        id_, code, name, kind, audience, capacity, floor or "", floor_code or "",
        before * MINUTE, after * MINUTE, first, gone, tuple(parts) if parts else (id_,),
    )  # fmt: skip


def wishes() -> list[Wish]:
    """Return the features that can be wished for, each with the spaces that have it."""
    found: dict[str, Wish] = {}
    for code, nl, en, icon, space_id in db.session.execute(WISHES):
        wish = found.get(code)
        if wish is None:
            wish = found[code] = Wish(code, Spoken(nl, en), icon, set())
        if space_id is not None:
            wish.ids.add(space_id)
    return list(found.values())


WISHES = (
    select(FEATURE.code, FEATURE.name_nl, FEATURE.name_en, FEATURE.icon, HAS.space_id)
    .outerjoin(SpaceFeature.__table__, HAS.feature_id == FEATURE.id)
    .where(FEATURE.is_filter)
    .order_by(FEATURE.position)
)


def uses(
    period: Period, *, reader: Actor | None, space_ids: Sequence[int] | None = None
) -> list[Use]:
    """Return what is taken at some moment of `period`, earliest first.

    A title is in it only where the reader may know it.
    """
    person_id = reader.person_id if reader else None
    own: list[Any] = [null(), null()]
    if person_id is not None:
        own = [case((is_own(person_id), one)) for one in SEEN]
    query = USES.add_columns(*own).where(during(period)).order_by(LEDGER.starts_at)
    if space_ids is not None:
        query = query.where(LEDGER.space_id.in_(list(space_ids)))
    return [_use(row, reader) for row in db.session.execute(query)]


SEEN = BOOKING.starts_at, BOOKING.ends_at
USES = (
    select(
        LEDGER.space_id, LEDGER.starts_at, LEDGER.ends_at, LEDGER.title_nl, LEDGER.title_en,
        LEDGER.is_public, BOOKING.code, BOOKING.space_id, OWNER_ID, BOOKING.title,
        BOOKING.state, BOOKING.revision, BOOKING.buffer_before_minutes,
        BOOKING.buffer_after_minutes, ORGANISATION.id, ORGANISATION.name,
        ORGANISATION.shows_titles,
    )
    .outerjoin(Booking.__table__, BOOKING.id == LEDGER.booking_id)
    .outerjoin(Organisation.__table__, ORGANISATION.id == BOOKING.organisation_id)
)  # fmt: skip


def _use(row: Any, reader: Actor | None) -> Use:
    (
        space_id, starts_at, ends_at, nl, en, is_public, code, booked_id, person_id, title,
        state, revision, before, after, organisation_id, organisation, shows, first, last,
    ) = row  # fmt: skip
    held = Period(starts_at, ends_at)
    if code is None:
        return Use(space_id, held, held, Tone.OFF, Spoken(nl, en) if is_public else "")
    seen = held
    if before or after:
        seen = without_buffers(held, before=before * MINUTE, after=after * MINUTE)
    may_read = may_read_title(reader, organisation_id=organisation_id, shown=shows)
    is_mine = reader is not None and person_id == reader.person_id
    is_ours = reader is not None and organisation_id == reader.organisation_id
    is_whole = (first, last) == (seen.starts_at, seen.ends_at) and booked_id == space_id
    return Use(
        space_id,
        held,
        seen,
        Tone.MINE if is_mine else Tone.ORG if is_ours else Tone.OTHER,
        title if may_read else "",
        organisation if may_read else "",
        code if is_mine or is_ours or (reader is not None and reader.is_staff) else "",
        revision if is_whole and state is BookingState.CONFIRMED else 0,
    )
