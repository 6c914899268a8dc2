"""What should never be between bookings and the ledger: proof for `campus doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, extract, false, func, not_, or_, select

from campus import clock
from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db import db, dialects
from campus.errors import Text, text
from campus.occupancy.models import Occupancy
from campus.spaces import queries as spaces
from campus.spaces.models import BookingRule, Closure, Space, SpaceState, Unit

MINUTE = timedelta(minutes=1)
AT_ONCE = 5000  # rows read at a time


@dataclass(frozen=True, slots=True)
class Held:
    """A booking and what the ledger holds for it, summed up.

    Attributes:
        rows, places: how many rows, on how many spaces.
        first_at, last_at: the earliest start and the latest end of them.
    """

    id: int
    code: str
    space_id: int
    claimed: Period
    state: BookingState
    rows: int
    places: int
    first_at: datetime | None
    last_at: datetime | None


def faults() -> list[Text]:
    """Return a sentence for every booking whose claims are not as they should be."""
    dialects.begin_snapshot(db.session(), patient=True)
    return [*_of_bookings(), *_astray(), *_of_nobody()]


def faults_of_days(now: datetime) -> list[Text]:
    """Return a sentence for every booking that does not keep to the campus's clock and spaces."""
    dialects.begin_snapshot(db.session(), patient=True)
    return [*_uneven(), *_over_midnight(), *_in_spaces_that_are_gone(now)]


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
            return text(
                "Booking %(code)s is cancelled and still holds a place. Give it up:"
                " DELETE FROM occupancy WHERE booking_id = %(id)s.",
                code=held.code,
                id=held.id,
            )
        return None
    if not held.rows:
        return text(
            "Booking %(code)s holds no place. Change its time, which takes one, or cancel it.",
            code=held.code,
        )
    if held.places != places:
        return text(
            "Booking %(code)s holds only part of its place. Change its time, which takes all of"
            " it, or cancel it.",
            code=held.code,
        )
    if not _is_right_time(held):
        return text(
            "Booking %(code)s holds its place at another time. Change its time, which takes the"
            " place anew, or cancel it.",
            code=held.code,
        )
    return None


def _is_right_time(held: Held) -> bool:
    """Whether the claims begin and end as booked; between several days the nights are free."""
    if held.first_at is None or held.last_at is None:
        return False
    if held.state is BookingState.RELEASED:
        return held.claimed.starts_at <= held.first_at and held.last_at <= held.claimed.end
    return (held.first_at, held.last_at) == (held.claimed.starts_at, held.claimed.end)


def _plainly_right() -> ColumnElement[bool]:
    """Return what nearly every booking is: without buffers, with one claim that is just its own.

    The database passes over those by itself, in a third of the time that reading them takes.
    """
    return and_(
        Booking.state != BookingState.CANCELLED,
        Booking.buffer_before_minutes + Booking.buffer_after_minutes == 0,
        func.count(Occupancy.id) == 1,
        func.min(Occupancy.space_id) == Booking.space_id,
        func.min(Occupancy.starts_at) == Booking.starts_at,
        func.max(Occupancy.ends_at) == Booking.ends_at,
    )


def _held() -> Iterator[Held]:
    query = (
        select(
            Booking.id,
            Booking.code,
            Booking.space_id,
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
        .having(not_(func.coalesce(_plainly_right(), false())))
        .order_by(Booking.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in db.session.execute(query):
        before, after = row.buffer_before_minutes * MINUTE, row.buffer_after_minutes * MINUTE
        yield Held(
            id=row.id,
            code=row.code,
            space_id=row.space_id,
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
            yield text(
                "The claim of booking %(code)s names another organisation. Change its time, which"
                " writes it anew.",
                code=row.code,
            )
        elif row.held_id not in parts.get(row.space_id, [row.space_id]):
            yield text(
                "Booking %(code)s holds a place that is not its own. Change its time, which gives"
                " that up, or cancel it.",
                code=row.code,
            )


def _of_nobody() -> Iterator[Text]:
    """Find claims whose booking or closure is not there: the space is taken for nobody."""
    query = (
        select(Occupancy.id)
        .outerjoin(Booking, Booking.id == Occupancy.booking_id)
        .outerjoin(Closure, Closure.id == Occupancy.closure_id)
        .where(Booking.id.is_(None), Closure.id.is_(None))
        .order_by(Occupancy.id)
    )
    for row in db.session.scalars(query):
        yield text(
            "Ledger row %(row)s takes a space for nobody. Give it up:"
            " DELETE FROM occupancy WHERE id = %(row)s.",
            row=row,
        )


# --- days and spaces --------------------------------------------------------------------------


def _uneven() -> Iterator[Text]:
    """Find times that nobody can have chosen: every page offers whole minutes."""
    seconds = [extract("second", column) for column in (Booking.starts_at, Booking.ends_at)]
    query = select(Booking.code).where(or_(*(second != 0 for second in seconds)))
    for code in db.session.scalars(query.order_by(Booking.id)):
        yield text(
            "Booking %(code)s begins or ends between two minutes, which no page shows. Change its"
            " time.",
            code=code,
        )


def _over_midnight() -> Iterator[Text]:
    """Find bookings by the day that hold a place over the campus's midnight.

    Their claims were cut at the midnights of a clock that is not the campus's any more.
    """
    moved = (Occupancy.starts_at != Booking.starts_at) | (Occupancy.ends_at != Booking.ends_at)
    query = (
        select(
            Booking.code,
            Booking.buffer_before_minutes,
            Booking.buffer_after_minutes,
            Occupancy.starts_at,
            Occupancy.ends_at,
        )
        .join(Occupancy, Occupancy.booking_id == Booking.id)
        .join(Space, Space.id == Booking.space_id)
        .join(BookingRule, BookingRule.kind == Space.kind)
        .where(BookingRule.unit == Unit.DAY, moved | Occupancy.is_long)
        .execution_options(yield_per=AT_ONCE)
    )
    for code, before, after, starts_at, ends_at in db.session.execute(query):
        if ends_at is None or len(_days(starts_at, ends_at, before, after)) > 1:
            yield text(
                "Booking %(code)s holds its place over midnight, though it is by the day. Look"
                " whether CAMPUS_ZONE is right; then change its time, which takes the place anew.",
                code=code,
            )


def _days(starts_at: datetime, ends_at: datetime, before: int, after: int) -> list[date]:
    return clock.days_of(Period(starts_at + before * MINUTE, ends_at - after * MINUTE))


def _in_spaces_that_are_gone(now: datetime) -> Iterator[Text]:
    query = (
        select(Booking.code, Booking.starts_at, Space)
        .join(Space, Space.id == Booking.space_id)
        .where(Booking.starts_at > now, Booking.state == BookingState.CONFIRMED)
        .where(
            Space.available_from_on.is_not(None)
            | Space.available_until_on.is_not(None)
            | (Space.state != SpaceState.ACTIVE)
        )
        .order_by(Booking.id)
    )
    for code, starts_at, space in db.session.execute(query):
        if not space.is_available_on(clock.today(starts_at)):
            yield text(
                "Booking %(code)s is for %(space)s, which is not in use on that day. Move or"
                " cancel it.",
                code=code,
                space=space.code,
            )
