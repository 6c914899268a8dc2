"""The polder's perspective: where a time lies on the road and a strip on the land; pure.

Near is now, the horizon is the end of the day. Lengths are units of the drawing, 1600 wide.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from campus import clock
from campus.clock import Period
from campus.occupancy.rules import gaps

T = TypeVar("T")

WIDTH = 1600
HORIZON, EDGE = 112, 500  # of the land, from the top of the drawing
CENTRE = 880  # of the road, where everything meets
ROADSIDE = 97  # from the centre to the first strip, at the front edge
FIRST_WIDTH = 158
GROWTH = 1.115  # each strip away from the road is so much wider
DITCH = 10
MOST_STRIPS = 14  # on each side of the road
REACH = 0.22  # share of the way after which things look half as large
CLOSED_DEPTH = timedelta(hours=2.2)  # closed hours take this much of the land, however long
THINNEST = 0.7  # parcels lower than this are left out
BANK = 0.989  # a parcel begins this much farther than the one before it ends
SHORE = 0.957  # and the first one after closed hours this much
SMALLEST = 0.04  # nearness of a time on the road that is still written
APART = 0.73  # the next one is at most this near, compared with the one before
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
SHORT = timedelta(hours=2)  # of a rest of the day this short, the quarters are written
NOON = time(12)
NIGHT = (time(21), time(6))
SHADES = (0.1, 0.4, 0.75)  # shares of a zone's desks, from bare soil to full
FEWEST_DESKS = 4  # a zone of fewer is shown with its floor: nobody's own desk is singled out
LEAST_LAMPS, MOST_LAMPS = 2, 6


class Sky(StrEnum):
    """What the picture is of: open hours, closed ones by day, closed ones by night."""

    DAY = "day"
    QUIET = "quiet"
    NIGHT = "night"


class Tone(StrEnum):
    """What lies on a parcel; the names are classes of the drawing."""

    SOIL = "soil"
    LIGHT = "g1"
    GREEN = "g2"
    DARK = "g3"
    ROOM = "pw"
    STUDIO = "ph"
    OFF = "off"


ZONE_TONES = (Tone.SOIL, Tone.LIGHT, Tone.GREEN, Tone.DARK)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A stretch of time on a strip, and what lies on it."""

    period: Period
    tone: Tone


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch in which a space is not free: booked, or closed."""

    period: Period
    is_closure: bool = False


@dataclass(frozen=True, slots=True)
class Road:
    """The stretch of time that is drawn.

    Attributes:
        now: the front edge.
        hours: the open hours that are drawn; they contain `now`, or come after it.
    """

    now: datetime
    hours: Period

    @property
    def is_open(self) -> bool:
        """Whether there are no closed hours in front."""
        return self.hours.starts_at <= self.now

    @property
    def open_part(self) -> Period:
        """What of the open hours is still to come."""
        return Period(max(self.now, self.hours.starts_at), self.hours.end)

    def near(self, at: datetime) -> float:
        """Return how near an instant of the open part looks: 1 at the front edge, 0 far away."""
        closed = timedelta(0) if self.is_open else CLOSED_DEPTH
        part = self.open_part
        at = min(max(at, part.starts_at), part.end)
        return nearness((closed + (at - part.starts_at)) / (closed + part.length))


def sky(now: datetime, *, is_open: bool) -> Sky:
    """Return which of the three pictures a moment has."""
    if is_open:
        return Sky.DAY
    at, (begins, ends) = clock.local(now).time(), NIGHT
    return Sky.NIGHT if at >= begins or at < ends else Sky.QUIET


# --- perspective ------------------------------------------------------------------------------


def nearness(share: float) -> float:
    """Return how near a share of the way looks, from 1 (none of it) to 0 (all of it)."""
    farthest = 1 / (1 + 1 / REACH)
    return (1 / (1 + share / REACH) - farthest) / (1 - farthest)


def height(near: float) -> float:
    """Return how far down something of this nearness lies."""
    return HORIZON + (EDGE - HORIZON) * near


def across(offset: float, near: float = 1) -> float:
    """Return where something lies that is `offset` from the road's middle at the front edge."""
    return CENTRE + offset * near


def strip_span(number: int, *, side: int) -> tuple[float, float]:
    """Return a strip's two offsets at the front edge, left one first.

    Args:
        number: 0 is beside the road.
        side: -1 is left of it, 1 right.
    """
    inner = ROADSIDE + FIRST_WIDTH * (GROWTH**number - 1) / (GROWTH - 1) + DITCH * number
    outer = inner + FIRST_WIDTH * GROWTH**number
    return (inner, outer) if side > 0 else (-outer, -inner)


def outline(span: tuple[float, float], *, first: float, last: float) -> str:
    """Return the outline of a strip between two nearnesses, or nothing if it cannot be seen."""
    low, high = height(first), height(last)
    if low - high < THINNEST:
        return ""
    corners = [across(offset, near) for near in (first, last) for offset in span]
    if max(corners) <= 0 or min(corners) >= WIDTH:
        return ""
    a, b, c, d = (round(x) for x in corners)
    return f"M{a} {low:.1f}H{b}L{d} {high:.1f}H{c}z"


def parcel_outline(span: tuple[float, float], *, road: Road, period: Period) -> str:
    """Return the outline of a parcel, behind the ditch that parts it from the one before."""
    first, last = road.near(period.starts_at), road.near(period.end)
    if first < 1:
        first *= SHORE if period.starts_at == road.hours.starts_at else BANK
    return outline(span, first=first, last=last)


def marks(road: Road) -> list[datetime]:
    """Return the times that can be written on the road apart: when it opens, then full hours."""
    step = HOUR if road.open_part.length > SHORT else QUARTER
    times = [slot.starts_at for slot in slots_within(road.open_part, step=step)]
    found: list[datetime] = []
    for at in times:
        near = road.near(at)
        is_apart = not found or near < APART * road.near(found[-1])
        if at == road.hours.starts_at or (at > road.now and near > SMALLEST and is_apart):
            found.append(at)
    return found


# --- what lies on a strip ---------------------------------------------------------------------


def room_parcels(part: Period, claims: Iterable[Claim]) -> list[Parcel]:
    """Return a room's parcels: each booking one, and soil between them."""
    seen = [claim for claim in claims if claim.period.overlaps(part)]
    found = [Parcel(gap, Tone.SOIL) for gap in gaps(part, [claim.period for claim in seen])]
    found += [
        Parcel(clipped(claim.period, part), Tone.OFF if claim.is_closure else Tone.ROOM)
        for claim in seen
    ]
    return sorted(found, key=lambda parcel: parcel.period.starts_at)


def shared_parcels(part: Period, rooms: Sequence[Sequence[Claim]]) -> list[Parcel]:
    """Return the parcels of rooms that share a strip: taken is what half of them are."""
    ends = {part.starts_at, part.end}
    for claim in (claim for claims in rooms for claim in claims):
        ends |= {at for at in (claim.period.starts_at, claim.period.ends_at) if at is not None}
    cuts = sorted(at for at in ends if part.starts_at <= at <= part.end)
    found: list[Parcel] = []
    for starts_at, ends_at in pairwise(cuts):
        slot = Period(starts_at, ends_at)
        tone = Tone.ROOM if share_taken(slot, rooms) >= 0.5 else Tone.SOIL
        if found and found[-1].tone is tone:
            slot = Period(found.pop().period.starts_at, ends_at)
        found.append(Parcel(slot, tone))
    return found


def zone_parcels(part: Period, desks: Sequence[Sequence[Claim]]) -> list[Parcel]:
    """Return a zone's parcels: an hour each, greener where more of its desks are taken."""
    return [Parcel(slot, shade(share_taken(slot, desks))) for slot in slots_within(part)]


def slots_within(part: Period, *, step: timedelta = HOUR) -> list[Period]:
    """Return the hours of the clock that a period is made of; first and last may be shorter."""
    at = part.starts_at
    until = at - (at - clock.midnight(clock.today(at))) % step + step
    found = []
    while at < part.end:
        found.append(Period(at, min(until, part.end)))
        at, until = until, until + step
    return found


def share_taken(slot: Period, spaces: Sequence[Sequence[Claim]]) -> float:
    """Return which share of some spaces is taken at some moment of a stretch."""
    if not spaces:
        return 0.0
    taken = sum(any(claim.period.overlaps(slot) for claim in claims) for claims in spaces)
    return taken / len(spaces)


def shade(share: float) -> Tone:
    """Return what an hour of a zone looks like, of which a share is taken."""
    return ZONE_TONES[sum(share >= limit for limit in SHADES)]


def clipped(period: Period, part: Period) -> Period:
    """Return what of a period lies within another that it overlaps."""
    last = part.end if period.ends_at is None else min(period.ends_at, part.end)
    return Period(max(period.starts_at, part.starts_at), last)


def without_buffers(held: Period, *, booked: Period) -> Period:
    """Return what of a claim is its booking: without buffers, and cut where it was given back."""
    return clipped(booked, held) if held.ends_at is not None and booked.overlaps(held) else held


def share_of_time(part: Period, spaces: Sequence[Sequence[Claim]]) -> float:
    """Return which share of the hours of some spaces is taken."""
    if not spaces:
        return 0.0
    free = sum(
        (gap.length for claims in spaces for gap in gaps(part, [one.period for one in claims])),
        timedelta(0),
    )
    return 1 - free / (part.length * len(spaces))


def morning(part: Period) -> Period:
    """Return an open day's hours before noon, or all of it where it opens late."""
    noon = clock.wall(clock.today(part.starts_at), NOON)
    return Period(part.starts_at, noon) if part.starts_at + HOUR < noon < part.end else part


# --- how much is told -------------------------------------------------------------------------


def gathered(
    things: Sequence[T], *, by: Sequence[Callable[[T], Hashable]], most: int = MOST_STRIPS
) -> list[list[T]]:
    """Return things in at most `most` groups, by the first of some keys that makes so few."""
    for key in by:
        groups: dict[Hashable, list[T]] = {}
        for thing in things:
            groups.setdefault(key(thing), []).append(thing)
        if len(groups) <= most:
            return list(groups.values())
    size = -(-len(things) // most)  # rounded up
    return [list(things[at : at + size]) for at in range(0, len(things), size)]


def band(count: int) -> int:
    """Return the round number that a count of free places is at least: 0, 1, 5, 10, 15, 20, 30."""
    if count < 5:
        return min(count, 1)
    return count - count % (5 if count < 20 else 10)


def lamps(people: int) -> int:
    """Return how many windows are lit; nobody is shown to be in the building alone."""
    return min(max(people, LEAST_LAMPS), MOST_LAMPS) if people else 0
