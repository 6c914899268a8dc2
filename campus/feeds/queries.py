"""Questions about feeds, and the events in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import QueryableAttribute, joinedload

from campus.bookings.calendar import RENDER_VERSION
from campus.bookings.models import Booking, BookingState, is_own
from campus.clock import Period
from campus.db import counters, db, dialects
from campus.db.counters import Counter
from campus.errors import NotFound, text
from campus.feeds.models import Feed, Scope
from campus.feeds.rules import MOST
from campus.members.models import (
    Actor,
    Membership,
    Organisation,
    Person,
    Place,
    StaffRole,
    Who,
)
from campus.spaces.models import Closure, Floor, Space, SpacePart
from campus.spaces.queries import is_in_force

OUTDATED = ""  # read in place of a text that another version of the program made
Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")
People = Select[str, str, str, str, int, BookingState]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed that somebody asks for by its address.

    Attributes:
        owner: who made it, as things are now; None when they are no longer in that organisation.
    """

    feed: Feed
    owner: Actor | None


class Coming(NamedTuple):
    """An event of a list of people or of changes.

    Attributes:
        text: OUTDATED where it is.
        person: who comes; empty of what came from another calendar.
    """

    text: str
    person: str
    organisation: str
    space: str
    revision: int
    state: BookingState


# --- feeds ------------------------------------------------------------------------------------


BY_DIGEST = (
    select(
        Feed, Person.active, Person.id, Person.name, Person.email, Person.language,
        Membership.id, Membership.role, Organisation.id, Organisation.code, Organisation.name,
        Organisation.relation, StaffRole.duty,
    )
    .join(Person, Person.id == Feed.person_id)
    .join(Organisation, Organisation.id == Feed.organisation_id)
    .outerjoin(
        Membership,
        and_(
            Membership.person_id == Feed.person_id,
            Membership.organisation_id == Feed.organisation_id,
            Membership.ended_at.is_(None),
        ),
    )
    .outerjoin(StaffRole, StaffRole.person_id == Person.id)
    .where(Feed.token_digest == bindparam("digest"))
)  # fmt: skip


def feed_by_digest(digest: str) -> Fetched | None:
    """Return the feed whose token has this digest, with its owner as they are now. One query."""
    rows: Sequence[Any] = db.session.execute(BY_DIGEST, {"digest": digest}).all()
    if not rows:
        return None
    feed, is_active, *who = rows[0][:6]
    if not is_active or rows[0][6] is None:
        return Fetched(feed, None)
    duties = {row[12] for row in rows if row[12] is not None}
    return Fetched(feed, Actor.acting(Who(*who), [Place(*rows[0][6:12])], duties))


def feeds_of(person_id: int) -> Sequence[Feed]:
    """Return a person's feeds that can be fetched, oldest first."""
    query = select(Feed).where(Feed.person_id == person_id, Feed.revoked_at.is_(None))
    return db.session.scalars(query.order_by(Feed.id)).all()


def feed_by_code(code: str, *, person_id: int) -> Feed:
    """Return a person's own feed that can be fetched.

    Raises:
        NotFound: there is none, or it is another's, or it was revoked.
    """
    query = select(Feed).where(
        Feed.code == code, Feed.person_id == person_id, Feed.revoked_at.is_(None)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(text("There is no such calendar among yours; it may be revoked already."))
    return found


def feed_by_idem(person_id: int, idem: str) -> Feed | None:
    """Return the feed that this person's form with this key made, if it did."""
    return db.session.scalar(select(Feed).where(Feed.person_id == person_id, Feed.idem == idem))


# --- what is in them --------------------------------------------------------------------------

IS_OLD = Booking.ical_version != RENDER_VERSION
FULL = case((IS_OLD, OUTDATED), else_=Booking.ical_full)


def state_of(feed: Feed) -> tuple[int, datetime | None]:
    """Return how often what the feed shows has changed, and when last. No event is looked at."""
    return counters.state_of(_counted(feed))


def events(feed: Feed, *, first: datetime, reads_all: bool) -> list[str]:
    """Return the texts of a feed's bookings from `first` on, earliest first; the latest 10,000.

    Whether a text is up to date is read along with it: looking twice would cost half as much more.

    Args:
        reads_all: else what is not the organisation's own is "taken".

    Returns:
        Texts; OUTDATED for each that has to be written anew before anybody reads it.
    """
    shown = FULL if reads_all else _redacted(feed)
    query = _latest(select(shown), feed, first=first)
    texts = list(db.session.scalars(query.where(Booking.state != BookingState.CANCELLED)))
    texts.reverse()
    return texts


def arrivals(feed: Feed, *, today: Period) -> list[Coming]:
    """Return who comes today, earliest first."""
    query = _people(feed, first=today.starts_at).where(
        Booking.starts_at < today.end, Booking.state != BookingState.CANCELLED
    )
    return _read(query)


def changed(feed: Feed, *, first: datetime, since: datetime) -> list[Coming]:
    """Return what begins after `first` and was written after `since`, the cancelled as well."""
    return _read(_people(feed, first=first).where(Booking.updated_at >= since))


def closures(feed: Feed, *, first: datetime) -> Sequence[Closure]:
    """Return what is closed for a while, of the spaces of a feed that shows spaces."""
    whole = joinedload(Closure.space).joinedload(Space.floor).joinedload(Floor.building)
    query = (
        select(Closure)
        .where(
            _spaces(feed, Closure.space_id),
            is_in_force(),
            Closure.is_final.is_(False),
            or_(Closure.ends_at.is_(None), Closure.ends_at > first),
        )
        .options(whole)
    )
    return db.session.scalars(query.order_by(Closure.starts_at, Closure.id)).all()


def outdated(
    feed: Feed, *, first: datetime, last: datetime | None, since: datetime | None
) -> Sequence[Booking]:
    """Return the bookings in a feed whose texts are outdated, with all that those tell.

    They are locked until the unit of work ends: else a text of how a booking was could be written
    over one of how it is. The latest 10,000; there may be more.

    Args:
        last, since: of a feed of what begins before then, of what was written after then.
    """
    whole = joinedload(Booking.space).joinedload(Space.floor).joinedload(Floor.building)
    people = joinedload(Booking.person), joinedload(Booking.organisation)
    query = _latest(select(Booking), feed, first=first).where(
        or_(IS_OLD, Booking.ical_full == OUTDATED, Booking.ical_busy == OUTDATED),
        true() if last is None else Booking.starts_at < last,
        true() if since is None else Booking.updated_at >= since,
    )
    query = query.options(whole, *people)
    return db.session.scalars(dialects.locked(db.session(), query, of=Booking)).all()


def _latest(query: Query, feed: Feed, *, first: datetime) -> Query:
    whose = _whose(feed)
    return (
        query.where(whose, Booking.starts_at >= first)
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(MOST)
    )


def _people(feed: Feed, *, first: datetime) -> People:
    query = select(
        FULL,
        case((Booking.source.is_(None), Person.name), else_=""),
        Organisation.name,
        Space.name,
        Booking.revision,
        Booking.state,
    )
    return (
        _latest(query, feed, first=first)
        .join(Person, Person.id == Booking.person_id)
        .join(Organisation, Organisation.id == Booking.organisation_id)
        .join(Space, Space.id == Booking.space_id)
    )


def _read(query: People) -> list[Coming]:
    return [Coming(*row) for row in reversed(db.session.execute(query).all())]


def _whose(feed: Feed) -> ColumnElement[bool]:
    """Return which bookings a feed is about."""
    if feed.scope is Scope.MINE:
        return is_own(feed.person_id)
    if feed.scope is Scope.ORGANISATION:
        return Booking.organisation_id == feed.organisation_id
    return _spaces(feed, Booking.space_id)


def _spaces(feed: Feed, space_id: QueryableAttribute[int]) -> ColumnElement[bool]:
    """Return which spaces a feed is about: a room's as well that it is part of, or its parts."""
    if feed.scope is Scope.SPACE:
        wholes = select(SpacePart.whole_id).where(SpacePart.part_id == feed.key_id)
        parts = select(SpacePart.part_id).where(SpacePart.whole_id == feed.key_id)
        return or_(space_id == feed.key_id, space_id.in_(wholes), space_id.in_(parts))
    if feed.scope is Scope.FLOOR:
        return space_id.in_(select(Space.id).where(Space.floor_id == feed.key_id))
    if feed.scope is Scope.KIND:
        return space_id.in_(select(Space.id).where(Space.kind == feed.key))
    return true() if feed.scope in Feed.STAFF_ONLY else space_id.is_(None)


def _redacted(feed: Feed) -> ColumnElement[str]:
    own = Booking.organisation_id == feed.organisation_id
    return case((IS_OLD, OUTDATED), (own, Booking.ical_full), else_=Booking.ical_busy)


def _counted(feed: Feed) -> ColumnElement[bool]:
    """Return which counters count for a feed."""
    if feed.scope is Scope.MINE:
        return Counter.key == counters.key("person", feed.person_id)
    if feed.scope is Scope.ORGANISATION:
        return Counter.key == counters.key("organisation", feed.organisation_id)
    if feed.scope is Scope.SPACE:
        return _counted_together(feed)
    if feed.scope is Scope.FLOOR:
        return Counter.key == counters.key("floor", feed.key_id)
    if feed.scope is Scope.KIND:
        return Counter.key == counters.key("kind", feed.key)
    return Counter.key == counters.key("campus")


def _counted_together(feed: Feed) -> ColumnElement[bool]:
    def keyed(column: Any) -> Any:
        return literal("space:") + cast(column, String)

    wholes = select(keyed(SpacePart.whole_id)).where(SpacePart.part_id == feed.key_id)
    parts = select(keyed(SpacePart.part_id)).where(SpacePart.whole_id == feed.key_id)
    own = counters.key("space", feed.key_id)
    return or_(Counter.key == own, Counter.key.in_(wholes), Counter.key.in_(parts))
