"""What should never be in the outbox: proof for `campus doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from campus.db import db
from campus.errors import Text, text
from campus.outbox.models import Job, Message

LONG = timedelta(hours=1)  # many times what a worker claims a message for
LONGEST_REST = timedelta(days=8)  # no periodic work is done less often than once a week


def faults(now: datetime) -> list[Text]:
    """Return a sentence for every message and periodic work that nobody would ever see to."""
    return [*_to_nobody(), *_held_for_ever(now), *_resting(now)]


WAITING = and_(
    Message.sent_at.is_(None), Message.withdrawn_at.is_(None), Message.dead_at.is_(None)
)


def _to_nobody() -> Iterator[Text]:
    query = select(Message.id).where(WAITING, Message.recipient == "")
    for number in db.session.scalars(query.order_by(Message.id)):
        yield text(
            "Mail %(number)s waits and has no recipient. Withdraw it:"
            " UPDATE outbox SET withdrawn_at = created_at WHERE id = %(number)s.",
            number=number,
        )


def _held_for_ever(now: datetime) -> Iterator[Text]:
    """Find what is in a worker's hands until a moment that only a wrong clock can have named."""
    query = select(Message.id).where(WAITING, Message.locked_until > now + LONG)
    for number in db.session.scalars(query.order_by(Message.id)):
        yield text(
            "Mail %(number)s is held far too long: the clock of a machine was wrong. Let it"
            " go: UPDATE outbox SET locked_until = created_at WHERE id = %(number)s.",
            number=number,
        )


def _resting(now: datetime) -> Iterator[Text]:
    query = select(Job.name).where(
        or_(Job.next_run_at > now + LONGEST_REST, Job.locked_until > now + LONGEST_REST)
    )
    for name in db.session.scalars(query.order_by(Job.name)):
        yield text(
            "The periodic work %(name)s rests for far too long: the clock of a machine was wrong."
            " Let the worker begin anew: DELETE FROM job WHERE name = '%(name)s'.",
            name=name,
        )
