"""Make, renew and revoke feeds; remember that one was fetched."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from campus.bookings.models import Booking
from campus.db import counters, db, dialects
from campus.db.codes import new_code
from campus.errors import NotFound, RuleBroken, require, text
from campus.feeds import policy, queries, rules
from campus.feeds.models import Feed, Reader, Scope
from campus.journal import service as journal
from campus.members.models import Actor
from campus.spaces import queries as spaces
from campus.spaces.models import Space, SpaceKind

MOST_FEEDS = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to subscribe to.

    Attributes:
        key: a space's, floor's or kind's code, where the scope needs one.
    """

    scope: Scope
    name: str
    key: str = ""


def create_feed(*, actor: Actor, wanted: Wanted, idem: str, now: datetime) -> tuple[Feed, str]:
    """Make a feed and return it with its token, which nobody can read again.

    The same `idem` once more gives the same feed a new token: of a form that was sent twice the
    browser shows the second answer.

    Raises:
        Forbidden: this actor may not have it.
        NotFound: there is no such space, floor or kind.
        RuleBroken: there are too many already.
    """
    require(policy.why_not_create(actor, wanted.scope))
    earlier = queries.feed_by_idem(actor.person_id, idem)
    if earlier is not None and earlier.revoked_at is None:
        return earlier, _new_token(earlier)
    if len(queries.feeds_of(actor.person_id)) >= MOST_FEEDS:
        raise RuleBroken(
            text("You have %(num)s calendars. Revoke one that you no longer use.", num=MOST_FEEDS)
        )
    key, key_id = _found(wanted)
    feed = Feed(
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        scope=wanted.scope,
        key=key,
        key_id=key_id,
        name=wanted.name,
        language=actor.language,
        idem=idem,
        created_at=now,
    )
    token = _new_token(feed)
    db.session.add(feed)
    db.session.flush()
    _tell(feed, "create", actor=actor, now=now)
    return feed, token


def renew_feed(*, actor: Actor, feed: Feed, now: datetime) -> str:
    """Give a feed a new token and return it; the old address is gone at once, and says so."""
    old = _withdrawn(feed, now=now)
    feed.renewed_at, feed.fetched_at, feed.fetched_by = now, None, None
    token = _new_token(feed)
    db.session.flush()  # before the old digest is written: no two rows have the same
    db.session.add(old)
    _tell(feed, "renew", actor=actor, now=now)
    return token


def rename_feed(*, actor: Actor, feed: Feed, name: str, now: datetime) -> None:
    """Call a feed something else; calendars that show its name learn of it when they next look."""
    if name != feed.name:
        feed.name = name
        _tell(feed, "rename", actor=actor, now=now)


def revoke_feed(*, actor: Actor, feed: Feed, now: datetime) -> None:
    """Let nobody fetch a feed any more."""
    feed.revoked_at = now
    _tell(feed, "revoke", actor=actor, now=now)


def note_fetched(feed_id: int, *, by: Reader, now: datetime) -> None:
    """Remember that a program fetched a feed."""
    feed = db.session.get_one(Feed, feed_id)
    feed.fetched_at, feed.fetched_by = now, by


def is_news(feed: Feed, *, by: Reader, now: datetime) -> bool:
    """Whether it is worth writing that a program fetched a feed: not at every poll."""
    last = feed.fetched_at
    return last is None or feed.fetched_by is not by or now - last >= rules.SEEN_EVERY


def let_retell(space_ids: Sequence[int], *, now: datetime) -> None:
    """Let the texts of bookings in these spaces be written anew when a feed is next read.

    For whoever changes what the texts say of a space: its name, its place, the way to it. Counts
    every counter up that a change of such a booking would.
    """
    mine = Booking.space_id.in_(space_ids)
    db.session.execute(update(Booking).where(mine).values(ical_version=0))
    people = db.session.execute(
        select(Booking.person_id, Booking.organisation_id).where(mine).distinct()
    ).all()
    counters.touch(
        {
            counters.key("campus"),
            *(counters.key("person", person_id) for person_id, _ in people),
            *(counters.key("organisation", organisation_id) for _, organisation_id in people),
        },
        now=now,
    )
    touch_places(space_ids, now=now)


def let_all_retell(*, now: datetime) -> int:
    """Let the texts of all bookings be written anew when a feed is next read; return how many.

    For what no space is named in: the campus's name, its address, its language.
    """
    dialects.be_patient(db.session())
    told = select(func.count()).select_from(Booking).where(Booking.ical_version != 0)
    count = db.session.scalar(told) or 0
    let_retell(db.session.scalars(select(Space.id)).all(), now=now)
    return count


def touch_places(space_ids: Sequence[int], *, now: datetime) -> None:
    """Count up what feeds of these spaces, their floors and kinds are versioned by."""
    places = db.session.execute(
        select(Space.id, Space.floor_id, Space.kind).where(Space.id.in_(space_ids))
    ).all()
    touched = {
        key
        for space_id, floor_id, kind in places
        for key in (
            counters.key("space", space_id),
            counters.key("floor", floor_id or ""),
            counters.key("kind", kind),
        )
    }
    counters.touch({*touched, counters.key("campus")}, now=now)


def _withdrawn(feed: Feed, *, now: datetime) -> Feed:
    """Return what is left of a feed's address when it gets another: a feed that was revoked."""
    return Feed(
        person_id=feed.person_id,
        organisation_id=feed.organisation_id,
        scope=feed.scope,
        key=feed.key,
        key_id=feed.key_id,
        name=feed.name,
        language=feed.language,
        token_digest=feed.token_digest,
        idem=new_code(),
        created_at=feed.renewed_at or feed.created_at,
        revoked_at=now,
    )


def _new_token(feed: Feed) -> str:
    token = secrets.token_urlsafe(rules.TOKEN_BYTES)
    feed.token_digest = rules.digest_of(token)
    return token


def _found(wanted: Wanted) -> tuple[str, int | None]:
    """Return the code and the id of what a feed is about."""
    if wanted.scope is Scope.SPACE:
        space = spaces.space_by_code(wanted.key)
        return space.code, space.id
    if wanted.scope is Scope.FLOOR:
        floor = spaces.floor_by_code(wanted.key)
        if floor is None:
            raise NotFound(text("There is no floor called %(code)s.", code=wanted.key[:40]))
        return floor.code, floor.id
    if wanted.scope is Scope.KIND:
        if wanted.key not in set(SpaceKind):
            raise NotFound(
                text("There is no kind of place called %(code)s.", code=wanted.key[:40])
            )
        return wanted.key, None
    return "", None


def _tell(feed: Feed, verb: str, *, actor: Actor, now: datetime) -> None:
    journal.record(
        actor_id=actor.person_id,
        verb=f"feed.{verb}",
        subject=f"feed:{feed.code}",
        now=now,
        scope=feed.scope,
        key=feed.key,
    )
