"""What is free of a day, in parcels and in words; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from campus import clock
from campus.clock import Period
from campus.errors import Spoken, Text, text
from campus.occupancy.rules import gaps
from campus.web import strips
from campus.web.plans import Box
from campus.web.strips import Cell

NOTHING = timedelta(0)


class State(StrEnum):
    """How much of the time asked for a space is free; also its look on plan and island."""

    FREE = "free"
    PART = "part"
    BUSY = "busy"
    OFF = "off"  # nobody has it, and it cannot be had


@dataclass(frozen=True, slots=True, eq=False)
class Lot:
    """A space, as far as finding one needs it; each is equal to itself alone.

    Attributes:
        parts: ids of what a claim on it claims; itself, unless it is a combined room.
        before, after: its buffers.
        row, column: place in its island.
        outline: its shape on the plan, where that is no rectangle.
    """

    id: int
    code: str
    name: str
    kind: str
    audience: str
    floor_id: int | None
    zone_id: int | None
    island_id: int | None
    capacity: int | None
    place: Spoken
    tenant: str
    before: timedelta
    after: timedelta
    available_from: date | None
    available_until: date | None
    box: Box | None
    chair: str | None
    row: int | None
    column: int | None
    position: int
    parts: tuple[int, ...]
    outline: str = ""

    def is_there_on(self, day: date) -> bool:
        """Whether the space is in use on a campus day."""
        begun = self.available_from is None or self.available_from <= day
        return begun and (self.available_until is None or day < self.available_until)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row of the ledger, as far as everybody may know it.

    Attributes:
        code: of the reader's own booking; empty for anybody else's.
    """

    space_id: int
    period: Period
    organisation_id: int | None = None
    is_closure: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """The time asked for, and what of its day can be booked.

    Attributes:
        since: what lies before can no longer be booked.
        grid: bookings start and end on it, counted from campus midnight.
        longest: of one booking; None where it is booked by the day.
    """

    day: date
    hours: Period
    wanted: Period
    since: datetime
    grid: timedelta
    shortest: timedelta
    longest: timedelta | None = None

    @property
    def left(self) -> Period:
        """What can still be booked of the day."""
        return Period(self.since, self.hours.end)

    @property
    def is_allowed(self) -> bool:
        """Whether all of the time asked for can be booked of what nobody has."""
        midnight, wanted = clock.midnight(self.day), self.wanted
        return (
            self.left.contains(wanted)
            and self.shortest <= wanted.length <= (self.longest or wanted.length)
            and all(
                (at - midnight) % self.grid == NOTHING for at in (wanted.starts_at, wanted.end)
            )
        )


@dataclass(frozen=True, slots=True)
class Habit:
    """When and where somebody last had a space of the kind, and the days they have one."""

    space_id: int
    zone_id: int | None
    starts_at: datetime
    ends_at: datetime
    booked: frozenset[date] = frozenset()

    @property
    def hours(self) -> tuple[time, time]:
        """From and to on the wall clock."""
        return clock.local(self.starts_at).time(), clock.local(self.ends_at).time()


@dataclass(frozen=True, slots=True)
class Look:
    """How a space stands at the time asked for."""

    state: State
    words: Text
    part: Period | None = None  # what can be booked: the time asked for, or some of it


ALL_DAY = text("free all day")
FROM_NOW = text("free from now on")
TAKEN = text("taken")
OUT_OF_USE = text("out of use")
TOO_LATE = text("too late to book")
NOT_BOOKED = text("cannot be booked")


def look_of(slot: Slot, claims: Sequence[Claim], *, lot: Lot) -> Look:
    """Return how a space with these claims (of the day, of all its parts) stands."""
    taken = [widened(claim.period, lot=lot) for claim in claims]
    free = gaps(slot.left, taken)
    whole = next((gap for gap in free if gap.contains(slot.wanted)), None)
    if whole is not None and slot.is_allowed:
        words = free_words(whole, slot) if claims else ALL_DAY
        return Look(State.FREE, words, slot.wanted)
    part = longest_part(free, slot=slot)
    if part is not None:
        return Look(State.PART, part_words(part, slot), part)
    if any(claim.is_closure and claim.period.overlaps(slot.wanted) for claim in claims):
        return Look(State.BUSY, OUT_OF_USE)
    if why_not := why_closed(free, slot):
        return Look(State.OFF, why_not)
    return Look(State.BUSY, busy_words(free, slot))


def widened(taken: Period, *, lot: Lot) -> Period:
    """Keep the buffers of the space clear on both sides of what is taken."""
    if lot.before == lot.after == NOTHING:
        return taken
    ends_at = taken.ends_at
    return Period(taken.starts_at - lot.after, None if ends_at is None else ends_at + lot.before)


def longest_part(free: Iterable[Period], *, slot: Slot) -> Period | None:
    """Return the longest free part of the time asked for that can be booked; the first of two."""
    best: Period | None = None
    midnight = clock.midnight(slot.day)
    for gap in free:
        if gap.starts_at >= slot.wanted.end or gap.end <= slot.wanted.starts_at:
            continue
        first, last = max(gap.starts_at, slot.wanted.starts_at), min(gap.end, slot.wanted.end)
        starts = to_grid(first, midnight=midnight, grid=slot.grid, up=True)
        ends = to_grid(last, midnight=midnight, grid=slot.grid)
        ends = ends if slot.longest is None else min(ends, starts + slot.longest)
        if ends - starts < max(slot.shortest, slot.grid):
            continue
        if best is None or ends - starts > best.length:
            best = Period(starts, ends)
    return best


def to_grid(at: datetime, *, midnight: datetime, grid: timedelta, up: bool = False) -> datetime:
    """Return the last moment of a day's grid that is not after `at`, or the first not before."""
    steps = -((midnight - at) // grid) if up else (at - midnight) // grid
    return midnight + steps * grid


# --- words ------------------------------------------------------------------------------------


def free_words(gap: Period, slot: Slot) -> Text:
    """Return how long a space is free around the time asked for."""
    is_from_now, is_to_end = gap.starts_at <= slot.since, gap.end >= slot.hours.end
    if is_from_now and is_to_end:
        return ALL_DAY if slot.since == slot.hours.starts_at else FROM_NOW
    if is_from_now:
        return text("free until %(time)s", time=_clock(gap.end))
    if is_to_end:
        return text("free from %(time)s", time=_clock(gap.starts_at))
    return text("free %(first)s–%(last)s", first=_clock(gap.starts_at), last=_clock(gap.end))


def part_words(part: Period, slot: Slot) -> Text:
    """Return which part of the time asked for can be had."""
    if part.end == slot.wanted.end:
        return text("from %(time)s", time=_clock(part.starts_at))
    if part.starts_at == slot.wanted.starts_at:
        return text("until %(time)s", time=_clock(part.end))
    return text("%(first)s–%(last)s", first=_clock(part.starts_at), last=_clock(part.end))


def why_closed(free: Iterable[Period], slot: Slot) -> Text | None:
    """Return why a space cannot be had although nobody has it; None of a taken one."""
    if slot.wanted.length < slot.shortest:
        return text("at least %(length)s", length=slot.shortest)
    opens, starts_at = slot.hours.starts_at, slot.wanted.starts_at
    if min(slot.hours.end, slot.wanted.end) - max(slot.since, starts_at) < slot.shortest:
        if slot.since > max(opens, starts_at):
            return TOO_LATE
        return text("open %(first)s–%(last)s", first=_clock(opens), last=_clock(slot.hours.end))
    return NOT_BOOKED if any(gap.contains(slot.wanted) for gap in free) else None


def busy_words(free: Iterable[Period], slot: Slot) -> Text:
    """Return until when a space is taken."""
    for gap in free:
        if gap.starts_at > slot.wanted.starts_at and gap.length >= slot.shortest:
            return text("taken until %(time)s", time=_clock(gap.starts_at))
    return TAKEN


def _clock(at: datetime) -> time:
    return clock.local(at).time()


# --- parcels ----------------------------------------------------------------------------------


def parcels(
    hours: Period, claims: Iterable[Claim], *, opened: Period | None, wanted: Period, now: datetime
) -> list[Cell]:
    """Return the day of a space as the cells of its strip: taken or closed, past, wanted, now.

    Args:
        opened: when the space itself can be booked, of the `hours` that are drawn.
    """
    closed = gaps(hours, [opened] if opened else [])
    taken = [(claim.period, _parcel(claim, now=now)) for claim in claims]
    cells = strips.cells(hours, [*((one, "") for one in closed), *taken, (wanted, "want")])
    return [*cells, *strips.now_cell(hours, now=now)]


def _parcel(claim: Claim, *, now: datetime) -> str:
    if claim.code:
        return "mine"
    return "past" if claim.period.ends_at is not None and claim.period.ends_at <= now else ""
