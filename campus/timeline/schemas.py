"""What the pages of rooms show, worked out: the templates only write it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from campus.clock import Period
from campus.errors import Spoken, Text
from campus.spaces.models import Space


class Block(NamedTuple):
    """A stretch of a room's day: a tuple, since a page of many rooms has a thousand.

    Attributes:
        place: the classes of its columns.
        tone: its look; `free` is a gap.
        href: where it leads; empty for what others have.
        data: first and last minute of what a script can work on: a gap, or a booking that can
            be moved, with its code and revision.
        words, by: what stands in it.
        hours: from and to.
        label: all of it with the room, for who hears it.
    """

    place: str
    tone: str
    href: str
    data: str
    words: str
    by: str
    hours: str
    label: str


class Row(NamedTuple):
    """A room and its day.

    Attributes:
        about: how many people, where.
        icons: of its equipment: name and words.
        state, tone: how it stands, in words and colour, for a narrow page.
        cells: the classes of what is taken, as a strip.
        closed: when it is out of use for a part of the day, and why.
    """

    code: str
    name: str
    kind: str
    href: str
    about: str
    icons: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    state: str
    tone: str
    cells: Sequence[str]
    closed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that chooses; `count` only where it is known."""

    label: Text | Spoken
    is_chosen: bool
    href: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Free:
    """A room that is free from now on.

    Attributes:
        fields: of the form that books it.
    """

    name: str
    about: str
    words: Text
    period: Period
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The hours of a page: marks, the line of now, and what a script needs to know.

    Attributes:
        hours: how many, to draw as many lines.
        marks: classes and hour.
        now: its column and the time; none on another day.
        times: what can be chosen: the clock, and whether a form can say it, each step once.
        step: minutes from one to the next.
        terms: by kind: grid, shortest, longest (or 0) and the proposed length, in minutes.
    """

    hours: int
    marks: Sequence[tuple[str, str]]
    now: tuple[int, str] | None
    times: Sequence[tuple[str, bool]] = ()
    step: int = 15
    terms: Mapping[str, tuple[int, int, int, int]] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The day of all rooms.

    Attributes:
        earlier, later: addresses of the open days next to this one; empty where there is none.
        closed: why there is nothing to book this day, or None.
        is_over: the day has passed.
        free: the best rooms that are free now; None where that was not asked.
        free_count: how many are free now, also those that are not among them.
        live: the address with the day in it, that a page left open asks again.
    """

    day: date
    today: date
    mistakes: Sequence[Text]
    earlier: str
    later: str
    now_href: str
    week_href: str
    closed: Text | None
    is_over: bool
    kinds: Sequence[Choice]
    floors: Sequence[Choice]
    wishes: Sequence[Choice]
    lengths: Sequence[Choice]
    free: Sequence[Free] | None
    rows: Sequence[Row]
    drawn: Drawn
    live: str
    plain_href: str
    barred: Text | None = None
    free_count: int = 0


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day in the week of a room."""

    day: date
    is_today: bool
    blocks: Sequence[Block]
    closed: Text | Spoken | None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form beside a week proposes; its day is one on which something is free."""

    day: date
    starts: time
    ends: time
    first: time
    last: time
    step: int
    earliest: date
    latest: date
    asks_title: bool
    is_free: bool


@dataclass(frozen=True, slots=True)
class Week:
    """The week of one room.

    Attributes:
        span: the first and the last day, as people write them.
        features: what is in it.
        too_far: until when one can book, where the week lies beyond that.
    """

    space: Space
    number: int
    span: str
    days: Sequence[WeekDay]
    drawn: Drawn
    earlier: str
    later: str
    day_href: str
    features: Sequence[Spoken]
    draft: Draft | None
    barred: Text | None
    too_far: Text | None
    mistakes: Sequence[Text]
