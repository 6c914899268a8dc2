"""What the doctor found, kept for the page of staff."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.db import Base
from campus.db.types import UtcDateTime
from campus.members.models import Person


class Examination(Base):
    """One look into all the data: asked for by somebody, or made by the worker at night."""

    __tablename__ = "examination"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: at night
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    findings: Mapped[str] = mapped_column(default="")  # JSON, see home.rules
    asked_by: Mapped[Person | None] = relationship()
