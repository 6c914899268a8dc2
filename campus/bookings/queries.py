"""Questions about bookings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from campus import clock
from campus.bookings import policy
from campus.bookings.models import Booking, BookingChange, BookingState, Verb, is_own
from campus.clock import Period
from campus.db import db, dialects
from campus.errors import NotFound, text
from campus.members.models import Actor
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import during
from campus.spaces.models import Space, SpaceKind, SpacePart

JUST_NOW = timedelta(minutes=10)  # what was taken since then was free when somebody looked
LIVE = (BookingState.CONFIRMED, BookingState.RELEASED)


def booking_by_code(code: str, *, actor: Actor) -> Booking:
    """Return a booking this actor may see.

    Raises:
        NotFound: there is none, or it is another organisation's.
    """
    booking = db.session.scalar(_whole().where(Booking.code == code))
    if booking is None or not policy.may_see(actor, booking):
        raise NotFound(text("There is no booking %(code)s.", code=code[:10]))
    return booking


def booking_to_change(code: str, *, actor: Actor) -> Booking:
    """Return a booking like `booking_by_code`, locked until the unit of work ends.

    Without the lock two who change it at once would both find the revision they know.
    """
    dialects.lock_rows(db.session(), select(Booking.id).where(Booking.code == code))
    return booking_by_code(code, actor=actor)


def booking_by_idem(person_id: int, idem: str) -> Booking | None:
    """Return what this person's request with this key made, if it did."""
    return db.session.scalar(BY_IDEM, {"person": person_id, "idem": idem})


BY_IDEM = select(Booking).where(
    Booking.booked_by_id == bindparam("person"), Booking.idem == bindparam("idem")
)


def coming(*, person_id: int, now: datetime, limit: int = 50) -> list[Booking]:
    """Return a person's confirmed bookings that are not over, earliest first."""
    query = _whole().where(
        is_own(person_id),
        Booking.state == BookingState.CONFIRMED,
        Booking.ends_at > now,
    )
    return list(db.session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(limit)))


def coming_in(space_ids: Collection[int], *, now: datetime) -> dict[int, list[Period]]:
    """Return when each of some spaces is booked from now on; those without a booking are absent.

    For whoever wants a space to be something else, or not to be there any more: who booked a
    combined room comes to its parts.
    """
    is_coming = Booking.state == BookingState.CONFIRMED, Booking.ends_at > now
    own = select(Booking.space_id, Booking.starts_at, Booking.ends_at)
    whole = (
        select(SpacePart.part_id, Booking.starts_at, Booking.ends_at)
        .join(Booking, Booking.space_id == SpacePart.whole_id)
        .where(SpacePart.part_id.in_(space_ids), *is_coming)
    )
    both = own.where(Booking.space_id.in_(space_ids), *is_coming).union_all(whole)
    found: dict[int, list[Period]] = {}
    for space_id, starts_at, ends_at in db.session.execute(both.order_by("starts_at")):
        found.setdefault(space_id, []).append(Period(starts_at, ends_at))
    return found


def past(*, person_id: int, now: datetime, limit: int = 20) -> list[Booking]:
    """Return a person's bookings that are over or cancelled, latest first."""
    query = _whole().where(
        is_own(person_id),
        or_(Booking.ends_at <= now, Booking.state != BookingState.CONFIRMED),
    )
    return list(
        db.session.scalars(
            query.order_by(Booking.starts_at.desc(), Booking.id.desc()).limit(limit)
        )
    )


def of_organisation(*, organisation_id: int, period: Period, limit: int = 100) -> list[Booking]:
    """Return an organisation's confirmed bookings that meet `period`, earliest first."""
    query = _whole().where(
        Booking.organisation_id == organisation_id,
        Booking.state == BookingState.CONFIRMED,
        Booking.starts_at < period.end,
        Booking.ends_at > period.starts_at,
    )
    return list(db.session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(limit)))


def day_sheet(period: Period) -> list[Booking]:
    """Return everybody's confirmed bookings that meet `period`, earliest first."""
    query = _whole().where(
        Booking.state == BookingState.CONFIRMED,
        Booking.starts_at < period.end,
        Booking.ends_at > period.starts_at,
    )
    return list(db.session.scalars(query.order_by(Booking.starts_at, Booking.id)))


def met_by(
    period: Period, *, space_ids: Collection[int], now: datetime, limit: int | None = None
) -> list[Booking]:
    """Return the confirmed bookings that hold one of some spaces during `period`, earliest first.

    Not those that are over, or that only clear up then.
    """
    held = select(Occupancy.booking_id).where(Occupancy.space_id.in_(space_ids), during(period))
    query = _whole().where(
        Booking.id.in_(held),
        Booking.state == BookingState.CONFIRMED,
        Booking.starts_at < period.end,
        Booking.ends_at > max(period.starts_at, now),
    )
    return list(db.session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(limit)))


def changes_of(booking: Booking) -> list[BookingChange]:
    """Return what happened to a booking, first things first."""
    query = (
        select(BookingChange)
        .options(joinedload(BookingChange.person))
        .where(BookingChange.booking_id == booking.id)
        .order_by(BookingChange.id)
    )
    return list(db.session.scalars(query))


def last_change(booking: Booking) -> BookingChange | None:
    """Return the latest thing that happened to a booking."""
    query = (
        select(BookingChange)
        .where(BookingChange.booking_id == booking.id)
        .order_by(BookingChange.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def is_extended(booking: Booking, *, by: Actor, minutes: int, since: int) -> bool:
    """Whether this person made it so much longer since revision `since`, and nothing followed."""
    if booking.revision != since + 1:
        return False
    last = last_change(booking)
    if last is None or last.ends_at is None or last.verb is not Verb.EXTEND:
        return False
    more = timedelta(minutes=minutes)
    return last.person_id == by.person_id and booking.ends_at == last.ends_at + more


def other_of_kind(
    *, person_id: int, kind: SpaceKind, period: Period, but: int | None
) -> Booking | None:
    """Return another live booking of this kind by the same person that meets `period`."""
    query = (
        select(Booking)
        .join(Space)
        .options(joinedload(Booking.space))
        .where(
            is_own(person_id),
            Booking.state == BookingState.CONFIRMED,
            Booking.starts_at < period.end,
            Booking.ends_at > period.starts_at,
            Space.kind == kind,
        )
        .limit(1)
    )
    return db.session.scalar(query.where(Booking.id != but) if but is not None else query)


def periods_of_kind(
    *, person_id: int, kind: SpaceKind, period: Period, but: int | None
) -> list[Period]:
    """Return when, during `period`, a person has something of a kind already."""
    query = (
        select(Booking.starts_at, Booking.ends_at)
        .join(Space)
        .where(
            is_own(person_id),
            Booking.state == BookingState.CONFIRMED,
            Booking.starts_at < period.end,
            Booking.ends_at > period.starts_at,
            Space.kind == kind,
        )
    )
    found = db.session.execute(query.where(Booking.id != but) if but is not None else query)
    return [Period(starts_at, ends_at) for starts_at, ends_at in found]


def last_of_kind(*, person_id: int, kind: SpaceKind) -> Booking | None:
    """Return the person's latest booking of a kind: where they like to be."""
    query = (
        select(Booking)
        .join(Space)
        .options(joinedload(Booking.space))
        .where(
            is_own(person_id),
            Booking.state.in_(LIVE),
            Space.kind == kind,
        )
        .order_by(Booking.starts_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def days_claimed(booking: Booking) -> list[date]:
    """Return the campus days on which the ledger holds a space for a booking, in order."""
    before = timedelta(minutes=booking.buffer_before_minutes)
    query = select(Occupancy.starts_at).where(Occupancy.booking_id == booking.id)
    claims = db.session.scalars(query.order_by(Occupancy.starts_at))
    return list(dict.fromkeys(clock.today(starts_at + before) for starts_at in claims))


def _whole() -> Select[Booking]:
    return select(Booking).options(
        joinedload(Booking.space).joinedload(Space.floor),
        joinedload(Booking.space).joinedload(Space.zone),
        joinedload(Booking.person),
        joinedload(Booking.booked_by),
        joinedload(Booking.organisation),
    )


def was_just_taken(space_ids: Sequence[int], period: Period, *, now: datetime) -> bool:
    """Whether somebody took one of some spaces for a time that meets `period` a moment ago."""
    query = (
        select(Occupancy.id)
        .join(Booking, Booking.id == Occupancy.booking_id)
        .where(
            during(period),
            Occupancy.space_id.in_(space_ids),
            Booking.updated_at > now - JUST_NOW,
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None
