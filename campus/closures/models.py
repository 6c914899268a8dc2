"""What became of each booking that a closure met."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.bookings.models import Booking
from campus.closures.rules import Choice as Choice
from campus.db import Base
from campus.db.types import enum_column
from campus.spaces.models import Space


class ClosureMet(Base):
    """A booking that a closure met, and what was chosen for it."""

    __tablename__ = "closure_met"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)  # of the closure
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))  # where it was
    choice: Mapped[Choice] = mapped_column(enum_column(Choice))
    booking: Mapped[Booking] = relationship()
    space: Mapped[Space] = relationship()
