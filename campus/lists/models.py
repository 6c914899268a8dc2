"""What a line of each list holds, and which bookings are asked for: values that ask nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from campus.bookings.models import BookingState
from campus.clock import Period
from campus.errors import Text
from campus.members.models import Duty, Relation, Role
from campus.spaces.models import SpaceKind, SpaceState
from campus.spaces.policy import KINDS, named_as


class Position(NamedTuple):
    """Where in the list of bookings a page ended: bookings that come or go do not move it."""

    starts_at: datetime
    code: str


class After(NamedTuple):
    """Where in a list by name a page ended: the row itself may be gone when the next is asked."""

    name: str
    id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bookings; what is None or empty is not asked for.

    Attributes:
        first_at, end_at: those that meet this stretch of time.
        states: those of which they have one.
        words: each in the title, or in the name of the person, organisation or space.
        codes: just these, in the order of time.
    """

    first_at: datetime | None = None
    end_at: datetime | None = None
    space_id: int | None = None
    organisation_id: int | None = None
    person_id: int | None = None
    kind: SpaceKind | None = None
    states: tuple[BookingState, ...] = ()
    words: str = ""
    codes: tuple[str, ...] | None = None
    is_latest: bool = False


class Line(NamedTuple):
    """A booking as a line of the list; of one from another calendar nobody knows the person."""

    code: str
    revision: int
    starts_at: datetime
    ends_at: datetime
    state: BookingState
    title: str
    created_at: datetime
    space_code: str
    space_name: str
    space_kind: SpaceKind
    person_code: str
    person: str
    organisation_code: str
    organisation: str

    @property
    def period(self) -> Period:
        """The time that people see."""
        return Period(self.starts_at, self.ends_at)

    @property
    def place(self) -> Text:
        """What people call the space in a sentence."""
        return named_as(self.space_kind, self.space_name)

    @property
    def position(self) -> Position:
        """Where in the list it stands."""
        return Position(self.starts_at, self.code)


@dataclass(frozen=True, slots=True)
class Known:
    """A person as a line of the list.

    Attributes:
        places: the organisations the person belongs to now, with the role there.
        seen_at: when last signed in or looking, where that is known.
    """

    id: int
    code: str
    name: str
    email: str
    is_active: bool
    seen_at: datetime | None
    places: Sequence[tuple[str, Role]] = ()
    duties: Sequence[Duty] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as a line of the list, with its people now and its bookings to come."""

    id: int
    code: str
    name: str
    relation: Relation
    sector: str
    people: int = 0
    coming: int = 0


class Place(NamedTuple):
    """A space as a line of the list."""

    code: str
    name: str
    kind: SpaceKind
    state: SpaceState
    building: str | None
    floor: str | None
    capacity: int | None
    floor_label: str | None = None

    @property
    def kind_words(self) -> Text:
        """What kind of place it is."""
        return KINDS[self.kind]
