"""Put a message into the outbox, take it back, hand it to a worker, note how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update

from campus.db import db, dialects, write
from campus.outbox import queries, rules
from campus.outbox.models import Job, Letter, Message, Periodic
from campus.web.characters import one_line

AT_ONCE = timedelta(0)


def enqueue(
    letter: Letter, *, about: str, dedupe_key: str, now: datetime, after: timedelta = AT_ONCE
) -> None:
    """Write a letter into the caller's transaction: it leaves if, and only if, that commits.

    Args:
        about: what it can be withdrawn by, such as "booking:<code>/<revision>".
        dedupe_key: what makes it one of its kind; the database refuses a second one.
        after: how long it stays here first.
    """
    message = Message(
        dedupe_key=dedupe_key,
        about=about,
        person_id=letter.person_id,
        recipient=one_line(letter.recipient),
        language=letter.language,
        subject=one_line(letter.subject),
        text=letter.text,
        html=letter.html,
        calendar=letter.calendar,
        created_at=now,
        run_at=now + after,
        locked_until=now,
        attempts=0,
        last_error="",
    )
    write(message)


def withdraw(*, about: str, now: datetime) -> int:
    """Take back what has not left and is in no worker's hands; return how many messages."""
    return _changed(
        update(Message)
        .where(Message.about == about, queries.is_waiting(), Message.locked_until <= now)
        .values(withdrawn_at=now)
    )


def take_back(*, about: str, now: datetime) -> bool:
    """Withdraw every letter about something; False when one has left or is in a worker's hands."""
    withdraw(about=about, now=now)
    gone = select(Message.id).where(Message.about == about, Message.withdrawn_at.is_(None))
    return db.session.scalar(gone.limit(1)) is None


def claim_due(*, now: datetime, is_active: Callable[[int], bool]) -> Message | None:
    """Take the next message that is due into this worker's hands, or return None.

    A message for a person who may no longer receive any is dropped on the way. What is returned
    is detached: it can be read after the transaction, so none stays open while it is sent.
    """
    while message := _next_due(now):
        if message.person_id is None or is_active(message.person_id):
            message.locked_until = now + rules.CLAIM_FOR
            message.attempts += 1
            message.first_tried_at = message.first_tried_at or now
            db.session.flush()
            db.session.expunge(message)
            return message
        message.withdrawn_at = now
        message.last_error = "the person is no longer active"
        db.session.flush()
    return None


def mark_sent(message: Message, *, now: datetime) -> None:
    """Note that the mail server took a message."""
    db.session.execute(
        update(Message).where(Message.id == message.id).values(sent_at=now, last_error="")
    )


def mark_failed(message: Message, *, error: str, now: datetime) -> bool:
    """Note why a message did not leave, and when it is tried again; return whether it is given up.

    When another worker has claimed it since, that one has the word.
    """
    gives_up = rules.is_hopeless(first_tried_at=message.first_tried_at or now, now=now)
    db.session.execute(
        update(Message)
        .where(
            Message.id == message.id,
            Message.attempts == message.attempts,
            Message.sent_at.is_(None),
        )
        .values(
            last_error=one_line(error)[: rules.LONGEST_ERROR],
            locked_until=now,
            run_at=now + rules.delay_after(message.attempts),
            dead_at=now if gives_up else None,
        )
    )
    return gives_up


def try_again(message: Message, *, now: datetime) -> None:
    """Let a dead or waiting message leave at once: staff repaired what was wrong."""
    message.dead_at = None
    message.first_tried_at = None
    message.run_at = now


def drop_texts(*, now: datetime, limit: int = 500) -> int:
    """Empty messages that are done with and old: what was said, to whom. Return how many."""
    old = (
        select(Message.id)
        .where(
            Message.created_at < now - rules.KEEP_TEXTS_FOR,
            ~queries.is_waiting(),
            Message.recipient != "",
        )
        .limit(limit)
    )
    return _changed(
        update(Message)
        .where(Message.id.in_(old.scalar_subquery()))
        .values(recipient="", subject="", text="", html="", calendar="", last_error="")
    )


def claim_job(periodic: Periodic, *, now: datetime) -> bool:
    """Take a periodic work into this worker's hands; False: it is not due, or another has it."""
    query = select(Job).where(Job.name == periodic.name)
    job = db.session.scalar(query)
    if job is None:
        job = Job(name=periodic.name, next_run_at=now, locked_until=now, last_error="")
        db.session.add(job)
        db.session.flush()
    job = db.session.scalar(
        dialects.skip_locked(
            db.session(), query.where(Job.next_run_at <= now, Job.locked_until <= now)
        )
    )
    if job is None:
        return False
    job.locked_until = now + rules.JOB_CLAIM_FOR
    return True


def finish_job(periodic: Periodic, *, error: str, now: datetime) -> None:
    """Note how a periodic work went, and when it is due again."""
    again = min(periodic.every, rules.JOB_AGAIN_AFTER) if error else periodic.every
    db.session.execute(
        update(Job)
        .where(Job.name == periodic.name)
        .values(
            last_run_at=now,
            next_run_at=now + again,
            locked_until=now,
            last_error=one_line(error)[: rules.LONGEST_ERROR],
        )
    )


def _next_due(now: datetime) -> Message | None:
    due = select(Message).where(queries.is_due(now)).order_by(Message.run_at, Message.id)
    found: Message | None = db.session.scalar(dialects.skip_locked(db.session(), due.limit(1)))
    return found


def _changed(statement: Any) -> int:
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount
