"""What should never be between bookings, closures and the ledger: proof for `campus doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db import db, dialects
from campus.errors import Text, text
from campus.occupancy.models import Occupancy
from campus.spaces import queries as spaces
from campus.spaces.models import Closure

MINUTE = timedelta(minutes=1)
AT_ONCE = 5000  # rows read at a time


@dataclass(frozen=True, slots=True)
class Held:
    """A booking and what the ledger holds for it, summed up.

    Attributes:
        rows, places: how many rows, on how many spaces.
        first_at, last_at: the earliest start and the latest end of them.
    """

    code: str
    space_id: int
    organisation_id: int
    period: Period
    claimed: Period
    state: BookingState
    rows: int
    places: int
    first_at: datetime | None
    last_at: datetime | None


def faults() -> list[Text]:
    """Return a sentence for every booking or closure whose claims are not as they should be."""
    dialects.begin_snapshot(db.session())
    return [*_of_bookings(), *_astray(), *_of_closures()]


def _of_bookings() -> Iterator[Text]:
    parts = spaces.all_parts()
    for held in _held():
        places = len(parts.get(held.space_id, ())) or 1
        if reason := why_wrong(held, places=places):
            yield reason


def why_wrong(held: Held, *, places: int) -> Text | None:
    """Say what is wrong with the claims of a booking on `places` spaces, or None."""
    if held.state is BookingState.CANCELLED:
        if held.rows:
            return text("Booking %(code)s is cancelled and still holds a place.", code=held.code)
        return None
    if not held.rows:
        return text("Booking %(code)s holds no place.", code=held.code)
    if held.places != places:
        return text("Booking %(code)s holds only part of its place.", code=held.code)
    if not _is_right_time(held):
        return text("Booking %(code)s holds its place at another time.", code=held.code)
    return None


def _is_right_time(held: Held) -> bool:
    """Whether the claims begin and end as booked; between several days the nights are free."""
    if held.first_at is None or held.last_at is None:
        return False
    if held.state is BookingState.RELEASED:
        return held.claimed.starts_at <= held.first_at and held.last_at <= held.claimed.end
    return (held.first_at, held.last_at) == (held.claimed.starts_at, held.claimed.end)


def _held() -> Iterator[Held]:
    query = (
        select(
            Booking.code,
            Booking.space_id,
            Booking.organisation_id,
            Booking.starts_at,
            Booking.ends_at,
            Booking.buffer_before_minutes,
            Booking.buffer_after_minutes,
            Booking.state,
            func.count(Occupancy.id).label("rows"),
            func.count(Occupancy.space_id.distinct()).label("places"),
            func.min(Occupancy.starts_at).label("first_at"),
            func.max(Occupancy.ends_at).label("last_at"),
        )
        .outerjoin(Occupancy, Occupancy.booking_id == Booking.id)
        .group_by(Booking.id)
        .order_by(Booking.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in db.session.execute(query):
        before, after = row.buffer_before_minutes * MINUTE, row.buffer_after_minutes * MINUTE
        yield Held(
            code=row.code,
            space_id=row.space_id,
            organisation_id=row.organisation_id,
            period=Period(row.starts_at, row.ends_at),
            claimed=Period(row.starts_at - before, row.ends_at + after),
            state=row.state,
            rows=row.rows,
            places=row.places,
            first_at=row.first_at,
            last_at=row.last_at,
        )


def _astray() -> Iterator[Text]:
    """Find claims on a space that is not the booking's, or said to be another organisation's."""
    parts = spaces.all_parts()
    query = (
        select(
            Booking.code,
            Booking.space_id,
            Booking.organisation_id,
            Occupancy.space_id.label("held_id"),
            Occupancy.organisation_id.label("shown_id"),
        )
        .join(Occupancy, Occupancy.booking_id == Booking.id)
        .where(
            (Occupancy.space_id != Booking.space_id)
            | Occupancy.organisation_id.is_distinct_from(Booking.organisation_id)
        )
        .execution_options(yield_per=AT_ONCE)
    )
    for row in db.session.execute(query):
        if row.shown_id != row.organisation_id:
            yield text("The claim of booking %(code)s names another organisation.", code=row.code)
        elif row.held_id not in parts.get(row.space_id, [row.space_id]):
            yield text("Booking %(code)s holds a place that is not its own.", code=row.code)


def _of_closures() -> Iterator[Text]:
    for closure_id in db.session.scalars(_closures_without_claim()):
        yield text("Closure %(closure)s does not keep its space closed.", closure=closure_id)


def _closures_without_claim() -> Select[int]:
    return (
        select(Closure.id)
        .outerjoin(Occupancy, Occupancy.closure_id == Closure.id)
        .where(Occupancy.id.is_(None))
        .order_by(Closure.id)
    )
