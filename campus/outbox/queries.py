"""Questions about messages, for staff, /readyz and the worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import load_only

from campus.db import db
from campus.errors import NotFound, text
from campus.outbox.models import Job, Message

SHORT = (
    Message.id,
    Message.about,
    Message.recipient,
    Message.subject,
    Message.created_at,
    Message.run_at,
    Message.attempts,
    Message.last_error,
    Message.sent_at,
    Message.withdrawn_at,
    Message.dead_at,
)


def is_waiting() -> ColumnElement[bool]:
    """Return the condition that a message is still to leave."""
    return and_(
        Message.sent_at.is_(None), Message.withdrawn_at.is_(None), Message.dead_at.is_(None)
    )


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a message is to leave now and is in no worker's hands."""
    return and_(is_waiting(), Message.run_at <= now, Message.locked_until <= now)


def waiting() -> int:
    """Return how many messages are still to leave."""
    return db.session.scalar(select(func.count()).select_from(Message).where(is_waiting())) or 0


def dead() -> int:
    """Return how many messages were given up."""
    query = select(func.count()).select_from(Message).where(Message.dead_at.is_not(None))
    return db.session.scalar(query) or 0


def count() -> int:
    """Return how many messages there are, left or not."""
    return db.session.scalar(select(func.count()).select_from(Message)) or 0


def oldest_waiting_at() -> datetime | None:
    """Return since when the longest waiting message could have left, or None when none waits.

    Counted from when it was first meant to leave; trying again later does not make it younger.
    """
    return db.session.scalar(select(func.min(Message.created_at)).where(is_waiting()))


def recent(limit: int = 50, *, before_id: int | None = None) -> Sequence[Message]:
    """Return the latest messages without their texts, newest first."""
    query = select(Message).options(load_only(*SHORT, raiseload=True))
    if before_id is not None:
        query = query.where(Message.id < before_id)
    return db.session.scalars(query.order_by(Message.id.desc()).limit(limit)).all()


def message_by_id(message_id: int) -> Message:
    """Return one message with its texts.

    Raises:
        NotFound: there is none.
    """
    message = db.session.scalar(select(Message).where(Message.id == message_id))
    if message is None:
        raise NotFound(text("There is no such message."))
    return message


def is_anything_due(now: datetime) -> bool:
    """Say whether a message is due; a plain read, so that an idle worker takes no lock."""
    return db.session.scalar(select(Message.id).where(is_due(now)).limit(1)) is not None


def resting_jobs(now: datetime) -> set[str]:
    """Return the names of the known periodic jobs that are not due, or are in a worker's hands."""
    query = select(Job.name).where(or_(Job.next_run_at > now, Job.locked_until > now))
    return set(db.session.scalars(query))


def jobs() -> Sequence[Job]:
    """Return the periodic jobs with how they went, by name."""
    return db.session.scalars(select(Job).order_by(Job.name)).all()
