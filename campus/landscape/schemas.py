"""What the picture of the day shows, as values: worked out by `pages`, written by the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campus.clock import Period
from campus.errors import Spoken, Text
from campus.landscape.rules import Sky, Tone
from campus.spaces.models import SpaceKind


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at the front edge of a strip: its name, and how it is.

    Attributes:
        x: the middle of it, in units of the drawing.
        is_near: shown on a narrow screen too.
    """

    x: int
    name: Spoken | Text
    state: Text
    is_near: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A time written on the road.

    Attributes:
        near: how near it lies, which is how large it is written.
    """

    at: datetime
    y: float
    near: float


@dataclass(frozen=True, slots=True)
class Land:
    """The drawing: one outline for all parcels of a tone.

    Attributes:
        rest: outlines of the strips in closed hours; empty while open.
        meadow: outline of what lies beyond the last strips.
        bank: how far down the open land begins; the front edge while open.
        posts: where one labelled strip ends and the next begins.
    """

    parcels: Mapping[Tone, str]
    rest: str
    meadow: str
    bank: float
    marks: Sequence[Mark]
    labels: Sequence[Label]
    posts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Figure:
    """How many spaces of a sort are free, of how many; of desks at least so many."""

    kind: SpaceKind
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The front page's picture and the words beside it; the same for every reader.

    Attributes:
        day: the campus day that is drawn; None when no open day is known.
        hours: its open hours.
        is_morning: on a day to come, rooms are counted that are free until noon.
        books: the day to book a desk on; None when none is known to be free.
        few: how many desks are free at least, where little is booked; else 0.
        is_set_up: there are spaces, whether or not an open day is known.
        is_bare: nothing at all is booked on that day.
        is_over: something was, and nothing more is to come.
        organisations: how many have their place here.
        studios: how many studios there are.
        lamps: windows lit in closed hours.
    """

    now: datetime
    today: date
    sky: Sky
    day: date | None
    hours: Period | None
    land: Land
    desks: Figure | None
    rooms: Figure | None
    is_morning: bool
    books: date | None
    few: int
    is_set_up: bool
    is_bare: bool
    is_over: bool
    organisations: int
    studios: int
    lamps: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to book on the day that is drawn."""
        return self.desks is None and self.rooms is None

    @property
    def wait(self) -> timedelta:
        """How long until the campus opens, in whole minutes."""
        if self.hours is None:
            return timedelta(0)
        minutes = (self.hours.starts_at - self.now) // timedelta(minutes=1)
        return timedelta(minutes=max(minutes, 0))
