"""Feeds: a calendar by secret address."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campus.db import Base
from campus.db.codes import new_code
from campus.db.types import UtcDateTime, enum_column
from campus.feeds.rules import Reader as Reader
from campus.feeds.rules import Scope as Scope


class Feed(Base):
    """A calendar that whoever has its address can read, until it is revoked."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("person_id", "idem"),
        Index("ix_feed_person_id_id", "person_id", "id"),
    )

    STAFF_ONLY: ClassVar[frozenset[Scope]] = frozenset(
        {Scope.CAMPUS, Scope.ARRIVALS, Scope.CHANGES}
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=new_code)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scope: Mapped[Scope] = mapped_column(enum_column(Scope))
    key: Mapped[str] = mapped_column(default="")  # a space's, floor's or kind's code
    key_id: Mapped[int | None]  # the space or floor that `key` names
    name: Mapped[str]
    language: Mapped[str]
    token_digest: Mapped[str] = mapped_column(unique=True)  # SHA-256 of what the address holds
    idem: Mapped[str]  # of the form that asked for it: sent twice, it makes one feed
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    renewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_by: Mapped[Reader | None] = mapped_column(enum_column(Reader))
