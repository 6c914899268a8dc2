"""What an import is made of: the rows of a file, and what became of them. No table of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from campus.clock import Period
from campus.errors import Text
from campus.web import sources

Thing = TypeVar("Thing")
MOST_NAMED = 1_000  # of each list; more are counted only, so that memory stays flat


@dataclass(frozen=True, slots=True)
class Map(sources.Map):
    """How a source says what campus knows of bookings.

    Attributes:
        source: its name; what tells its ids from those of other sources.
        zone: name of the zone of its times; "" for the campus's own.
    """

    source: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Something that wants a space once.

    Attributes:
        line: where in the file; 0 in an .ics.
        source: what its calendar knows it by, for ever.
        place: what the source calls the space.
        code: the code of that space.
        period: None for what takes no space, and then `why_not` says why.
        on: the day of what has no hours, as the source writes it.
    """

    line: int
    source: str
    place: str
    code: str
    period: Period | None
    title: str
    why_not: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A claim of the ledger, as somebody who wants the same time should hear of it.

    Attributes:
        period: what the ledger holds, buffers included.
        known: the period that people know.
        title: what it is for; "" where nobody said.
    """

    period: Period
    known: Period
    booking_id: int | None
    title: str = ""
    is_closure: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that the ledger refused, and what holds the space then."""

    row: Row
    held: Held


@dataclass(slots=True)
class Named(Generic[Thing]):
    """A list that counts all it was told, and keeps the first thousand."""

    count: int = 0
    kept: list[Thing] = field(default_factory=list)

    def add(self, thing: Thing) -> None:
        """Count one more."""
        self.count += 1
        if len(self.kept) < MOST_NAMED:
            self.kept.append(thing)

    def extend(self, more: Named[Thing]) -> None:
        """Count what another list counted."""
        self.count += more.count
        self.kept += more.kept[: MOST_NAMED - len(self.kept)]

    def __iter__(self) -> Iterator[Thing]:
        """Go over what is kept."""
        return iter(self.kept)


@dataclass(frozen=True, slots=True)
class Notice:
    """A rule of the campus that an imported booking sets aside.

    Attributes:
        said: what the rule says of it.
    """

    row: Row
    said: Text


@dataclass(slots=True)
class Outcome:
    """What became of rows.

    Attributes:
        changed: what the source has otherwise since the last import, and campus now too.
        standing: given back or cancelled here by people, and left so.
        listed: whole days, free time and what the source cancelled: read, and not booked.
        notices: by the name of the rule.
    """

    booked: int = 0
    unchanged: int = 0
    changed: Named[Row] = field(default_factory=Named)
    standing: Named[Row] = field(default_factory=Named)
    refused: Named[Refused] = field(default_factory=Named)
    listed: Named[Row] = field(default_factory=Named)
    notices: dict[str, Named[Notice]] = field(default_factory=dict)

    @property
    def wrote(self) -> bool:
        """Whether anything is otherwise than before."""
        return bool(self.booked or self.changed.count)

    def note(self, rule: str, row: Row, said: Text) -> None:
        """Count one more booking that sets a rule aside."""
        self.notices.setdefault(rule, Named()).add(Notice(row, said))

    def extend(self, more: Outcome) -> None:
        """Add what became of further rows."""
        self.booked += more.booked
        self.unchanged += more.unchanged
        self.changed.extend(more.changed)
        self.standing.extend(more.standing)
        self.refused.extend(more.refused)
        self.listed.extend(more.listed)
        for rule, notices in more.notices.items():
            self.notices.setdefault(rule, Named()).extend(notices)


@dataclass(slots=True)
class Survey:
    """What a file asks, found by reading all of it once.

    Attributes:
        rows: how many rows there are to go through.
        places: the first row of each space, by the space's code in lower case.
        outside: rows before or after the days that were asked for.
        left_out: rows that the map leaves out.
        warnings: what could not be read, or was guessed.
        first_at, last_at: the earliest start and the latest end.
    """

    rows: int = 0
    places: dict[str, Row] = field(default_factory=dict)
    outside: int = 0
    left_out: int = 0
    warnings: list[str] = field(default_factory=list)
    first_at: datetime | None = None
    last_at: datetime | None = None
