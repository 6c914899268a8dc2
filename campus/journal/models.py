"""The append-only journal: who did what, when. The database refuses to change or delete it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.db import Base
from campus.db.types import UtcDateTime


class Entry(Base):
    """One deed. No foreign keys: it outlives what it speaks of."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_subject", "subject"),
        Index("ix_journal_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    person_id: Mapped[int | None]  # None: the campus itself (a job, a command)
    verb: Mapped[str]  # "booking.book"
    subject: Mapped[str]  # "booking:<code>"
    details: Mapped[str] = mapped_column(default="")  # JSON object, no names or addresses


class Seal(Base):
    """The digest of an entry chained to the seal before; written by the worker, in order of id.

    A row of its own, because an entry may not be changed. The chain follows the seal's id: on
    PostgreSQL an entry with a lower id can become visible after a higher one was sealed, and is
    then sealed later.
    """

    __tablename__ = "journal_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), unique=True)
    digest: Mapped[str]
    entry: Mapped[Entry | None] = relationship()  # None: somebody removed it past the guard
