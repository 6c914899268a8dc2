"""What the Book page shows: values for its templates, worked out beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from campus.clock import Period
from campus.errors import Spoken, Text
from campus.finder.rules import State
from campus.members.models import Actor
from campus.web.plans import Box
from campus.web.strips import Cell


@dataclass(frozen=True, slots=True)
class Chip:
    """A day to choose; `share` of it is taken, and none is said of a closed one."""

    day: date
    href: str
    is_chosen: bool
    share: float | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: a kind, a wish, a part of the day, a floor, a view."""

    label: Text | Spoken | str
    is_chosen: bool
    href: str = ""
    value: str = ""
    icon: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """The bar in which day, hours, kind and wishes are chosen.

    Attributes:
        earlier, later: addresses of the days before and after the chips; empty at the ends.
        first, last: the hours to choose from; a last of 00:00 is midnight.
        quick: parts of the day, for what is booked by the day.
        asks_people: whether the number of people is a wish.
        kept: what else the form has to say again.
    """

    chips: tuple[Chip, ...]
    earlier: str
    later: str
    sorts: tuple[Choice, ...]
    wishes: tuple[Choice, ...]
    quick: tuple[Choice, ...]
    starts: time
    ends: time
    first: time
    last: time
    step: int
    day: date
    earliest: date
    latest: date
    asks_people: bool
    people: int | None
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A feature in a list: its icon, how many or its name, and what a reader hears."""

    icon: str
    shown: str
    heard: str = ""

    @property
    def said(self) -> str:
        """The feature in words."""
        return self.heard or self.shown


@dataclass(frozen=True, slots=True)
class Row:
    """A space in the list.

    Attributes:
        number: what stands large in front: a number, or how many people fit; else `icon` does.
        is_short: one of many, written with less.
        href: chooses it; empty when it cannot be had.
    """

    code: str
    number: str
    icon: str
    heard: str
    title: str
    is_short: bool
    marks: tuple[Mark, ...]
    words: Text
    state: State
    href: str
    is_chosen: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The list: the best few, or all; and in words those that are taken and have no row.

    Attributes:
        more: what can be had beside the rows, as links.
        all_words: what the link to all is called.
    """

    heading: Text
    rows: tuple[Row, ...]
    more: tuple[Choice, ...]
    taken: tuple[str, ...]
    all_href: str
    few_href: str
    all_words: Text


@dataclass(frozen=True, slots=True)
class Shape:
    """A space on the floor plan.

    Attributes:
        look: the class of its group.
        href: chooses it; without one it is a picture only.
        lines: what is written on it; `chair` is the middle of a desk's chair.
        outline: its path, where it is no rectangle.
        chooses: it goes into the dock; else its link leads elsewhere.
    """

    code: str
    kind: str
    look: str
    href: str
    label: str
    lines: tuple[str, ...]
    box: Box
    hit: Box
    chair: tuple[int, int] | None
    outline: str
    chooses: bool


@dataclass(frozen=True, slots=True)
class Pin:
    """The tag at the chosen place, the one already booked, or the one that was refused."""

    path: str
    x: int
    y: int
    words: Text


@dataclass(frozen=True, slots=True)
class Plan:
    """A floor drawn, with its spaces as shapes."""

    name: str
    level: int
    below: str
    above: str
    view: Box
    shapes: tuple[Shape, ...]
    pin: Pin | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A zone in the section of the building, or a space that lies in none.

    Attributes:
        free, total: how many of its spaces; a space of its own has no numbers.
        taken: in cells of a strip, 48 for all.
        href: empty when it is full.
        is_best: the chosen place lies here.
    """

    name: Spoken | str
    hint: Spoken | Text | str
    href: str
    taken: int
    is_best: bool
    is_open: bool = False
    free: int | None = None
    total: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A floor in the section of the building; `width` is that of its parcels, of twelve."""

    name: str
    level: int
    note: Spoken
    free: int
    parcels: tuple[Parcel, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk as it stands on its island."""

    code: str
    number: str
    state: State
    href: str
    is_chosen: bool
    faces_south: bool
    words: Text
    screens: int
    heard: str


@dataclass(frozen=True, slots=True)
class Isle:
    """An island of desks, drawn as it stands."""

    name: Spoken
    beside: Spoken
    window: Spoken
    columns: int
    desks: tuple[Desk | None, ...]


@dataclass(frozen=True, slots=True)
class ZoneView:
    """A zone with its islands."""

    name: Spoken
    floor: str
    level: int
    free: int
    total: int
    isles: tuple[Isle, ...]
    before: Choice | None
    after: Choice | None
    cut: Plan | None


@dataclass(frozen=True, slots=True)
class Dock:
    """What is about to be booked, or why nothing is.

    Attributes:
        note: what one should know about the choice, such as that another was just taken.
        part: the time that will be booked.
        fields: of the form that books.
        any_fields: of the form that books any free one that fits; empty when there is no choice.
        barred: why this reader cannot book it.
        own: code of the reader's own booking that stands in the way.
    """

    state: str
    number: str = ""
    title: Text | Spoken | str = ""
    about_href: str = ""
    note: Text | None = None
    part: Period | None = None
    extra: str = ""
    label: Text | None = None
    fields: Mapping[str, str] | None = None
    any_label: Text | None = None
    any_fields: tuple[tuple[str, str], ...] = ()
    asks_title: bool = False
    barred: Text | None = None
    own: str = ""
    way_label: Text | None = None
    way_href: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The Book page.

    Attributes:
        live: the address of this very choice, asked again while the page is open.
    """

    mistakes: tuple[Text, ...]
    ask: Ask | None
    views: tuple[Choice, ...]
    floors: tuple[Choice, ...]
    listing: Listing | None
    plan: Plan | None
    levels: tuple[Level, ...]
    zone: ZoneView | None
    dock: Dock
    live: str
    is_plan: bool
    section_href: str
    guest: Actor | None = None  # the member whom staff book for
