"""Bookings, what is asked for one, and what happened to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    and_,
    case,
    column,
    literal_column,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.clock import Period
from campus.db import Base, dialects
from campus.db.codes import new_code
from campus.db.types import UtcDateTime, enum_column
from campus.errors import Conflict, text
from campus.members.models import Actor, Organisation, Person
from campus.spaces.models import Space

Party = tuple[Person, Organisation]  # who comes, and for whom


class BookingState(StrEnum):
    """Where a booking is in its life."""

    CONFIRMED = "confirmed"
    RELEASED = "released"  # the rest of the time was given back
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What can happen to a booking."""

    BOOK = "book"
    CHANGE = "change"
    EXTEND = "extend"
    RELEASE = "release"
    CANCEL = "cancel"
    UNDO = "undo"


def _lasts_over_a_day(starts_at: Any, ends_at: Any) -> ColumnElement[bool]:
    """Return the condition of the few that are found apart; 26 hours, as an index writes it."""
    return dialects.seconds_between(starts_at, ends_at) > literal_column("93600")


class Booking(Base):
    """A space for a period, for a member: the times people see. The ledger holds the claim."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="period"),
        UniqueConstraint("booked_by_id", "idem"),
        Index("ix_booking_person_id_starts_at", "person_id", "starts_at"),
        Index("ix_booking_organisation_id_starts_at", "organisation_id", "starts_at"),
        Index("ix_booking_space_id_starts_at", "space_id", "starts_at"),
        Index("ix_booking_starts_at", "starts_at"),
        Index(
            "ix_booking_long",
            "starts_at",
            sqlite_where=_lasts_over_a_day(column("starts_at"), column("ends_at")),
            postgresql_where=_lasts_over_a_day(column("starts_at"), column("ends_at")),
        ),
        Index(
            "uq_booking_organisation_id_source",
            "organisation_id",
            "source",
            unique=True,
            sqlite_where=sql("source IS NOT NULL"),
            postgresql_where=sql("source IS NOT NULL"),
        ),
    )

    MOVES: ClassVar[dict[BookingState, set[BookingState]]] = {
        BookingState.CONFIRMED: {BookingState.RELEASED, BookingState.CANCELLED},
        BookingState.RELEASED: {BookingState.CONFIRMED},  # undo, if the space is still free
        BookingState.CANCELLED: {BookingState.CONFIRMED},  # undo, if the space is still free
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=new_code)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who comes
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who asked
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    idem: Mapped[str]
    idem_digest: Mapped[str]  # the same key with another body is refused
    source: Mapped[str | None]  # what another calendar knows it by, where it came from one
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[BookingState] = mapped_column(enum_column(BookingState))
    title: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    buffer_before_minutes: Mapped[int] = mapped_column(default=0)  # as they were when booked
    buffer_after_minutes: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)  # grows with every change; also SEQUENCE + 1
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uid: Mapped[str] = mapped_column(default="")  # in calendars, the same for all its life
    # As a VEVENT, made when written: for those who may read it all, and for the others.
    ical_full: Mapped[str] = mapped_column(Text, default="", deferred=True)
    ical_busy: Mapped[str] = mapped_column(Text, default="", deferred=True)
    ical_version: Mapped[int] = mapped_column(default=0)  # of the program that made the texts
    space: Mapped[Space] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    booked_by: Mapped[Person] = relationship(foreign_keys=[booked_by_id])
    organisation: Mapped[Organisation] = relationship()

    @classmethod
    def begun(
        cls, asked: Asked, *, code: str, uid: str, booked_by_id: int, party: Party
    ) -> Booking:
        """Return the booking that was asked for, not yet written down."""
        person, organisation = party
        return cls(
            code=code,
            uid=uid,
            space=asked.space,
            person=person,
            booked_by_id=booked_by_id,
            organisation=organisation,
            idem_digest=asked.digest(),
            starts_at=asked.period.starts_at,
            ends_at=asked.period.end,
            state=BookingState.CONFIRMED,
            title=asked.title,
            note=asked.note,
            buffer_before_minutes=asked.space.buffer_before_minutes,
            buffer_after_minutes=asked.space.buffer_after_minutes,
            revision=1,
        )

    def is_of(self, person_id: int) -> bool:
        """Whether it is this person's own: what came from another calendar is nobody's."""
        return self.source is None and self.person_id == person_id

    @property
    def whose(self) -> str:
        """The name of who comes; of what came from another calendar, of the organisation."""
        return self.person.name if self.source is None else self.organisation.name

    @property
    def period(self) -> Period:
        """The period people see, without buffers."""
        return Period(self.starts_at, self.ends_at)

    def take(self, space: Space, period: Period) -> None:
        """Stand for another space or period, with the buffers that the space has now."""
        if self.space_id != space.id:
            self.space, self.space_id = space, space.id
            self.buffer_before_minutes = space.buffer_before_minutes
            self.buffer_after_minutes = space.buffer_after_minutes
        self.starts_at, self.ends_at = period.starts_at, period.end

    def move_to(self, state: BookingState) -> None:
        """Change state, or raise Conflict if the present state does not allow it."""
        if state not in self.MOVES.get(self.state, set()):
            raise Conflict(text("This booking can no longer be changed that way."))
        self.state = state


IS_LONG = _lasts_over_a_day(Booking.starts_at, Booking.ends_at)
OWNER_ID = case((Booking.source.is_(None), Booking.person_id))  # whose own it is, see `is_of`


def is_own(person_id: int) -> ColumnElement[bool]:
    """Return the condition of a person's own bookings; as `OWNER_ID`, and by an index."""
    return and_(Booking.person_id == person_id, Booking.source.is_(None))


class BookingChange(Base):
    """One thing that happened to a booking, with what stood before it: history, and undo."""

    __tablename__ = "booking_change"
    __table_args__ = (Index("ix_booking_change_booking_id_id", "booking_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    verb: Mapped[Verb] = mapped_column(enum_column(Verb))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int]  # of the booking after this
    reason: Mapped[str] = mapped_column(default="")
    space_id: Mapped[int | None] = mapped_column(ForeignKey("space.id"))  # before; None: was not
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[BookingState | None] = mapped_column(enum_column(BookingState))
    title: Mapped[str | None]
    note: Mapped[str | None]
    person: Mapped[Person] = relationship()

    @classmethod
    def before(cls, booking: Booking) -> BookingChange:
        """Return a row that remembers a booking as it stands, to be told what happened next."""
        return cls(
            booking_id=booking.id,
            space_id=booking.space_id,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            state=booking.state,
            title=booking.title,
            note=booking.note,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for.

    Attributes:
        guest: the member it is for, when staff book at the desk; else the actor.
        anyway: staff set the rules aside; never the ledger.
        wish: what any one space has to have, where `space` is but one that fits.
    """

    space: Space
    period: Period
    title: str = ""
    note: str = ""
    guest: Actor | None = None
    anyway: bool = False
    wish: str = ""

    def digest(self) -> str:
        """Return what tells one request from another under the same key."""
        parts = (
            self.wish or self.space.code,
            self.period.starts_at.isoformat(),
            self.period.end.isoformat(),
            self.title,
            self.note,
            str(self.guest.person_id if self.guest else ""),
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
