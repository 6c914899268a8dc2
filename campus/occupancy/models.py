"""The one ledger of claims."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import column as _column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.db import Base
from campus.db.types import UtcDateTime
from campus.occupancy.rules import OwnerKind
from campus.spaces.models import Space

ONE_OWNER = (
    " + ".join(f"CASE WHEN {kind}_id IS NULL THEN 0 ELSE 1 END" for kind in OwnerKind) + " = 1"
)


class Occupancy(Base):
    """One space taken for `[starts_at, ends_at)`; without an end it is taken for good.

    A row lives as long as its claim. The database refuses two rows of one space that overlap.
    """

    __tablename__ = "occupancy"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="period"),
        CheckConstraint(ONE_OWNER, name="one_owner"),
        Index("ix_occupancy_space_id_starts_at", "space_id", "starts_at"),
        Index("ix_occupancy_starts_at", "starts_at"),
        Index(
            "ix_occupancy_long",
            "ends_at",
            sqlite_where=_column("is_long"),
            postgresql_where=_column("is_long"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), index=True)
    closure_id: Mapped[int | None] = mapped_column(ForeignKey("closure.id"), index=True)
    is_long: Mapped[bool] = mapped_column(default=False)  # over a day, or open: found apart
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    title_nl: Mapped[str] = mapped_column(default="")
    title_en: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    space: Mapped[Space] = relationship()
