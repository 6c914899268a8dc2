"""A day of rooms as columns: what is taken, what is left between, how it is said; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from campus import clock
from campus.clock import Period
from campus.errors import Spoken, Text, text
from campus.occupancy.rules import grid_down, grid_up
from campus.web.strips import CELLS

NOTHING = timedelta(0)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SOON = timedelta(minutes=30)  # free for less than this is hardly free


class Tone(StrEnum):
    """How a stretch of a room's day looks; also its class."""

    MINE = "mine"
    ORG = "org"
    OTHER = "other"
    OFF = "off"
    FREE = "free"


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """A space, as far as its row needs it; each is equal to itself alone.

    Attributes:
        before, after: its buffers.
        parts: ids of what a claim on it claims; itself, unless it is a combined room.
    """

    id: int
    code: str
    name: str
    kind: str
    audience: str
    capacity: int | None
    floor: str
    floor_code: str
    before: timedelta
    after: timedelta
    begins: date | None
    gone: date | None
    parts: tuple[int, ...]

    def is_there_on(self, day: date) -> bool:
        """Whether the space is in use on a campus day."""
        return (self.begins is None or self.begins <= day) and (
            self.gone is None or day < self.gone
        )


@dataclass(frozen=True, slots=True)
class Use:
    """A claim as one reader may know it.

    Attributes:
        held: what the ledger holds, with buffers; nobody else can have it.
        seen: the times people see.
        title, by: what for and whose; empty where the reader may not know.
        code: of a booking whose page this reader has.
        revision: of a booking that the reader may move here; 0 of any other.
    """

    space_id: int
    held: Period
    seen: Period
    tone: Tone
    title: str | Spoken = ""
    by: str = ""
    code: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The hours that are drawn, in columns; minutes count from where they begin."""

    hours: Period
    minutes: int = field(init=False)
    told: dict[int, str] = field(default_factory=dict, compare=False)
    places: dict[tuple[int, int], str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "minutes", self.hours.length // MINUTE)

    def minute(self, at: datetime) -> int:
        """Return an instant in minutes, kept within the frame."""
        minute = (at - self.hours.starts_at) // MINUTE
        if minute < 0:
            return 0
        return min(self.minutes, minute)

    def span(self, first: int, last: int) -> str:
        """Return from and to, as people write it."""
        return f"{self.label(first)}–{self.label(last)}"

    def label(self, minute: int) -> str:
        """Return what the campus clock shows then."""
        if minute not in self.told:
            at = clock.local(self.hours.starts_at + minute * MINUTE)
            self.told[minute] = f"{at:%H:%M}"
        return self.told[minute]

    def place(self, first: int, last: int) -> str:
        """Return the classes that put a stretch of minutes into its columns."""
        if (first, last) not in self.places:
            start = min(round(first * CELLS / self.minutes), CELLS - 1)
            length = max(round(last * CELLS / self.minutes) - start, 1)
            self.places[first, last] = f"s{start} l{length}"
        return self.places[first, last]

    def is_sayable(self, minute: int) -> bool:
        """Whether a form can say it: of an hour that the clocks repeat it says the first."""
        at = self.hours.starts_at + minute * MINUTE
        return clock.wall(clock.today(at), clock.local(at).time().replace(fold=0)) == at


def frame_of(day: date, opened: Iterable[Period], uses: Iterable[Use], *, usual: Period) -> Frame:
    """Return the hours to draw of a day: those that are open, and what is booked outside them."""
    whole = clock.day_period(day)
    booked = [use.seen for use in uses if use.tone is not Tone.OFF and use.seen.overlaps(whole)]
    hours = [*opened] or [usual]
    starts = min(one.starts_at for one in [*hours, *booked])
    ends = max(one.ends_at or whole.end for one in [*hours, *booked])
    first = max(grid_down(starts, HOUR), whole.starts_at)
    return Frame(Period(first, min(grid_up(ends, HOUR), whole.end)))


def widened(taken: Period, *, room: Room) -> Period:
    """Keep the buffers of the room clear on both sides of what is taken."""
    if room.before == room.after == NOTHING:
        return taken
    ends_at = taken.ends_at
    return Period(taken.starts_at - room.after, None if ends_at is None else ends_at + room.before)


def apart(uses: Sequence[Use]) -> list[Use]:
    """Return the uses of a combined room in order: each booking once, none over another."""
    found: list[Use] = []
    for use in sorted(uses, key=lambda one: one.seen.starts_at):
        last = found[-1].seen if found else None
        if last is None or not last.overlaps(use.seen):
            found.append(use)
    return found


# --- words ------------------------------------------------------------------------------------

CLOSED = text("closed")
OUT_OF_USE = text("out of use")
TAKEN = text("taken")
FREE = text("free")
ALL_DAY = text("free all day")
FROM_NOW = text("free from now on")


def gap_words(gap: Period, *, hours: Period) -> Text:
    """Return how long a room is free."""
    if gap.end >= hours.end:
        return text("free from %(time)s", time=at(gap.starts_at))
    return text("free until %(time)s", time=at(gap.end))


@dataclass(frozen=True, slots=True)
class State:
    """How a room stands, in words, and the colour they have."""

    words: Text | Spoken
    tone: str = ""


def state_of(
    hours: Period | None, uses: Sequence[Use], free: Sequence[Period], *, now: datetime
) -> State:
    """Return how a room stands: at this moment, or on the whole of another day."""
    if hours is None:
        return State(CLOSED, "steen")
    if hours.starts_at <= now < hours.end:
        return _now(hours, uses, free, now=now)
    if hours.end <= now:
        return State(CLOSED)
    return _that_day(hours, uses, free)


def not_yet(since: date) -> State:
    """Return how a room stands on a day that is too far ahead to be booked."""
    return State(text("to be booked from %(day)s", day=since))


def _now(hours: Period, uses: Sequence[Use], free: Sequence[Period], *, now: datetime) -> State:
    closure = next((one for one in uses if one.tone is Tone.OFF and _is_at(one.seen, now)), None)
    if closure is not None:
        return State(_why_closed(closure), "steen")
    if not any(_is_at(use.held, now) for use in uses):
        gap = next((one for one in free if one.ends_at and one.ends_at > now), None)
        if gap is not None and gap.starts_at <= now:
            if gap.end >= hours.end:
                return State(FROM_NOW, "gras")
            return State(
                text("free until %(time)s", time=at(gap.end)),
                "gras" if gap.end - now >= SOON else "klei",
            )
    later = next((one for one in free if one.starts_at > now), None)
    if later is None:
        return State(TAKEN)
    return State(text("taken until %(time)s", time=at(later.starts_at)))


def _that_day(hours: Period, uses: Sequence[Use], free: Sequence[Period]) -> State:
    if not free:
        closure = next((one for one in uses if one.tone is Tone.OFF), None)
        return State(_why_closed(closure), "steen") if closure else State(TAKEN)
    if free[0].starts_at <= hours.starts_at and free[0].end >= hours.end:
        return State(ALL_DAY, "gras")
    best = max(free, key=lambda one: one.length)
    span = {"first": at(best.starts_at), "last": at(best.end)}
    if len(free) > 1:
        return State(text("longest free %(first)s–%(last)s", **span), "gras")
    return State(text("free %(first)s–%(last)s", **span), "gras")


def _why_closed(closure: Use) -> Text | Spoken:
    """Return the reason as it is written in the row of the room."""
    said = closure.title
    return said if isinstance(said, Spoken) and str(said) else OUT_OF_USE


def _is_at(period: Period, now: datetime) -> bool:
    return period.starts_at <= now and (period.ends_at is None or now < period.ends_at)


def at(instant: datetime) -> time:
    """Return what the campus clock shows."""
    return clock.local(instant).time()
