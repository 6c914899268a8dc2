"""What should never be between bookings, their texts and their counters: proof for doctor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, undefer

from campus import clock
from campus.bookings import calendar
from campus.bookings.models import Booking
from campus.db import counters, db, dialects
from campus.db.counters import Counter
from campus.errors import Text, text
from campus.feeds.models import Feed, Scope
from campus.feeds.rules import BACK
from campus.members.models import Organisation, Person
from campus.spaces.models import BookingRule, Floor, Space, SpaceKind

AT_ONCE = 1000
MANY = 20  # from which on it is no single text that is wrong
OLDER = 10_000  # texts that no feed shows any more, looked at in one night


@dataclass(frozen=True, slots=True)
class Texts:
    """Which texts are compared with a fresh rendering: all that feeds show, some that are older.

    Rendering takes a third of a millisecond, so not all of a million.

    Attributes:
        shown: how many a feed can show.
        older: how many there are before those.
        some: how many of the older ones are looked at.
        chosen: the condition for what is looked at.
    """

    shown: int
    older: int
    some: int
    chosen: ColumnElement[bool]


def texts_of(now: datetime) -> Texts:
    """Say which texts are looked at today; of the older ones it is others on other days."""
    is_older = Booking.starts_at < now - BACK
    older = _count(is_older)
    step = -(-older // OLDER) or 1
    in_turn = Booking.id % step == clock.today(now).toordinal() % step
    return Texts(
        shown=_count(~is_older),
        older=older,
        some=_count(and_(is_older, in_turn)),
        chosen=or_(~is_older, in_turn),
    )


def faults_of_texts(now: datetime) -> list[Text]:
    """Return a sentence for every text that says something else than its booking does now.

    One of another version of the program is no fault: it is written anew when a feed reads it.
    """
    dialects.begin_snapshot(db.session(), patient=True)
    kept = _loaded()
    query = (
        select(Booking)
        .options(undefer(Booking.ical_full), undefer(Booking.ical_busy))
        .where(Booking.ical_version == calendar.RENDER_VERSION)
        .where(texts_of(now).chosen)
        .execution_options(yield_per=AT_ONCE)
    )
    found = [
        text(
            "Calendars say something else of booking %(code)s than the booking does. Write all"
            " anew: campus feeds retell.",
            code=booking.code,
        )
        for booking in db.session.scalars(query)
        if (booking.ical_full, booking.ical_busy) != calendar.texts(booking)
    ]
    del kept
    if len(found) <= MANY:
        return found
    return [
        text(
            "Calendars say something else of %(count)s bookings than those do: name, address or"
            " language of the campus changed. Write all anew: campus feeds retell.",
            count=len(found),
        )
    ]


def _loaded() -> list[object]:
    """Return what texts speak of, so that the session has it already."""
    places = select(Space).options(joinedload(Space.floor).joinedload(Floor.building))
    return [
        *db.session.scalars(places),
        *db.session.scalars(select(Person)),
        *db.session.scalars(select(Organisation)),
        *db.session.scalars(select(BookingRule)),
    ]


def _count(where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Booking).where(where)) or 0


# --- counters ---------------------------------------------------------------------------------


def faults_of_counters() -> list[Text]:
    """Return a sentence for every counter that has not counted the last change under its key.

    A calendar would then be told that nothing changed. Where nothing was ever counted, what is
    there came all at once, as a demo does, before anybody could have fetched it.
    """
    dialects.begin_snapshot(db.session(), patient=True)
    counted = {row.key: row.changed_at for row in db.session.scalars(select(Counter))}
    return [
        text(
            "The counter %(key)s has not counted the last change of a booking, so that calendars"
            " keep what they had. Let them fetch anew: campus feeds retell.",
            key=key,
        )
        for key, changed_at in sorted(_last_changes().items())
        if changed_at > counted.get(key, changed_at)
    ]


def _last_changes() -> dict[str, datetime]:
    """Return when something last changed under each key, from the bookings themselves."""
    query = select(
        Booking.person_id,
        Booking.organisation_id,
        Booking.space_id,
        Space.floor_id,
        Space.kind,
        func.max(Booking.updated_at),
    ).join(Space, Space.id == Booking.space_id)
    columns = (
        Booking.person_id, Booking.organisation_id, Booking.space_id, Space.floor_id, Space.kind
    )  # fmt: skip
    found: dict[str, datetime] = {}
    for row in db.session.execute(
        query.where(Booking.ical_version != 0).group_by(*columns).execution_options(yield_per=5000)
    ):
        person_id, organisation_id, space_id, floor_id, kind, changed_at = row
        for key in (
            counters.key("person", person_id),
            counters.key("organisation", organisation_id),
            counters.key("space", space_id),
            counters.key("floor", floor_id or ""),
            counters.key("kind", kind),
            counters.key("campus"),
        ):
            found[key] = max(found.get(key, changed_at), changed_at)
    return found


# --- feeds ------------------------------------------------------------------------------------


def faults() -> list[Text]:
    """Return a sentence for every feed that shows a place or a kind that is not there."""
    return [
        text(
            "The calendar %(code)s of %(email)s shows a place that is not there. Ask them to"
            " revoke it.",
            code=code,
            email=email,
        )
        for code, email in _of_nothing()
    ]


def _of_nothing() -> Iterator[tuple[str, str]]:
    query = (
        select(Feed.code, Person.email, Feed.scope, Feed.key, Space.id, Floor.id)
        .join(Person, Person.id == Feed.person_id)
        .outerjoin(Space, Space.id == Feed.key_id)
        .outerjoin(Floor, Floor.id == Feed.key_id)
        .where(Feed.revoked_at.is_(None))
        .order_by(Feed.id)
    )
    for code, email, scope, key, space_id, floor_id in db.session.execute(query):
        there = {
            Scope.SPACE: space_id is not None,
            Scope.FLOOR: floor_id is not None,
            Scope.KIND: key in set(SpaceKind),
        }
        if not there.get(scope, True):
            yield code, email
