"""Messages waiting to leave, and periodic jobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, Index, and_
from sqlalchemy import column as _column
from sqlalchemy.orm import Mapped, mapped_column

from campus.db import Base
from campus.db.types import UtcDateTime


def _waiting() -> ColumnElement[bool]:
    return and_(*(_column(name).is_(None) for name in ("sent_at", "withdrawn_at", "dead_at")))


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said to whom; `outbox.service.enqueue` takes it.

    Attributes:
        person_id: who it is for; the letter is dropped when that person is no longer active.
            None for somebody without an account.
        calendar: an iCalendar text with a METHOD, or nothing.
    """

    recipient: str
    person_id: int | None
    language: str
    subject: str
    text: str
    html: str = ""
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that the worker does every so often.

    Attributes:
        name: the key of its row; one worker at a time runs it.
        run: told the present instant; opens its own units of work.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], object]


class Message(Base):
    """A mail that leaves at or after `run_at`, at least once, always with the same Message-ID."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "run_at",
            sqlite_where=_waiting(),
            postgresql_where=_waiting(),
        ),
        Index("ix_outbox_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    about: Mapped[str] = mapped_column(index=True)  # "booking:<code>/<revision>"; to withdraw by
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recipient: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str] = mapped_column(default="")
    calendar: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime] = mapped_column(UtcDateTime)  # in a worker's hands until then
    attempts: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Job(Base):
    """When a periodic work is due, and how it went; claimed as a message is."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime] = mapped_column(UtcDateTime)
    last_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(default="")
