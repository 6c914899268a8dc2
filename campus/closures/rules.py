"""What a closure leaves, and where to go instead: pure functions over values."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from math import dist, inf

from campus import clock
from campus.clock import Period
from campus.occupancy.rules import gaps

FAR = datetime(2200, 1, 1, tzinfo=UTC)  # later than anything that is booked
MINUTE = timedelta(minutes=1)
DIGEST = 32


class Choice(StrEnum):
    """What becomes of a booking that a closure meets."""

    KEEP = "keep"  # the closure is parted around it
    MOVE = "move"
    CANCEL = "cancel"  # of one that runs, the rest


@dataclass(frozen=True, slots=True)
class Place:
    """A space as somewhere to go instead.

    Attributes:
        spot: the middle of it on its floor's plan; None where it is not drawn.
        part_ids: what a claim on it claims: its parts, or itself.
        before, after: what is kept clear around a booking.
        since, gone: the first day it is there, and the first day it no longer is.
    """

    id: int
    kind: str
    audience: str
    zone_id: int | None
    floor_id: int | None
    building_id: int | None
    capacity: int
    position: int
    features: frozenset[int]
    part_ids: tuple[int, ...]
    before: timedelta
    after: timedelta
    since: date | None = None
    gone: date | None = None
    level: int = 0
    spot: tuple[float, float] | None = None

    def is_there(self, days: Iterable[date]) -> bool:
        """Whether it is in use on all of some days."""
        return all(
            (self.since is None or self.since <= day) and (self.gone is None or day < self.gone)
            for day in days
        )


@dataclass(frozen=True, slots=True)
class Stay:
    """A booking that has to go elsewhere: where it is, and the times it needs, without buffers."""

    booking_id: int
    place_id: int
    periods: Sequence[Period]


@dataclass(slots=True)
class Diary:
    """When a space is taken; nothing in it overlaps."""

    starts: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)

    def is_free(self, period: Period) -> bool:
        """Whether nothing in it meets a closed period."""
        before = bisect_left(self.starts, period.end)
        return before == 0 or self.ends[before - 1] <= period.starts_at

    def take(self, period: Period) -> None:
        """Note that it is taken; of an open end, for good."""
        insort(self.starts, period.starts_at)
        insort(self.ends, period.ends_at or FAR)


def parted(period: Period, taken: Iterable[Period]) -> list[Period]:
    """Return what of `period` is left between `taken`; where it is open, the last part is too."""
    if period.ends_at is not None:
        return gaps(period, taken)
    rest = gaps(Period(period.starts_at, max(FAR, period.starts_at + MINUTE)), taken)
    return [Period(one.starts_at, None if one.ends_at == FAR else one.ends_at) for one in rest]


def begun(period: Period, *, now: datetime) -> Period | None:
    """Return what of a period is still to come, in whole minutes; None when it is over."""
    starts_at = max(period.starts_at, now.replace(second=0, microsecond=0))
    if period.ends_at is not None and period.ends_at <= max(starts_at, now):
        return None
    return Period(starts_at, period.ends_at)


def suggestions(
    stays: Iterable[Stay],
    *,
    places: Mapping[int, Place],
    targets: Sequence[Place],
    taken: Iterable[tuple[int, Period]],
) -> dict[int, int]:
    """Return the nearest place that each booking can have instead, by the booking's id.

    Of the same kind and for the same people, at least as large, and free; what one gets is taken
    for those after it. Where nothing fits a booking is left out.

    Args:
        places: where the bookings are now.
        targets: where they may go.
        taken: pairs of a space and when it is taken.
    """
    diaries: dict[int, Diary] = {}
    for space_id, period in sorted(taken, key=lambda one: one[1].starts_at):
        diaries.setdefault(space_id, Diary()).take(period)
    ranked = {place_id: nearest_first(place, targets) for place_id, place in places.items()}
    for part_id in {part_id for target in targets for part_id in target.part_ids}:
        diaries.setdefault(part_id, Diary())
    found: dict[int, int] = {}
    for stay in stays:
        target = first_free(stay, ranked[stay.place_id], diaries)
        if target is None:
            continue
        found[stay.booking_id] = target.id
        for period in widened(stay.periods, target):
            for part_id in target.part_ids:
                diaries[part_id].take(period)
    return found


def first_free(stay: Stay, ranked: Iterable[Place], diaries: Mapping[int, Diary]) -> Place | None:
    """Return the first place that is there and free for all of a booking's times, if any."""
    days = [day for period in stay.periods for day in clock.days_of(period)]
    by_buffers: dict[tuple[timedelta, timedelta], list[Period]] = {}
    for target in ranked:
        buffers = (target.before, target.after)
        wanted = by_buffers.get(buffers)
        if wanted is None:
            wanted = by_buffers[buffers] = widened(stay.periods, target)
        if any(
            not diaries[part_id].is_free(period)
            for part_id in target.part_ids
            for period in wanted
        ):
            continue
        if target.is_there(days):
            return target
    return None


def nearest_first(place: Place, targets: Iterable[Place]) -> list[Place]:
    """Return what can stand in for a place, nearest first: the same floor, zone and building.

    Within these what has as much goes first, of that what lies nearest on the plan.
    """
    fitting = [
        other
        for other in targets
        if other.id != place.id
        and other.kind == place.kind
        and other.audience in {place.audience, "members"}
        and other.capacity >= place.capacity
    ]
    return sorted(fitting, key=lambda other: _unlike(other, place))


def _unlike(other: Place, place: Place) -> tuple[bool, bool, bool, int, int, float, int, int]:
    return (
        other.floor_id != place.floor_id,  # before the zone: rooms in none are on every floor
        other.zone_id != place.zone_id,
        other.building_id != place.building_id,
        abs(other.level - place.level),
        len(place.features - other.features),
        _distance(other, place),
        other.capacity - place.capacity,
        abs(other.position - place.position),
    )


def _distance(other: Place, place: Place) -> float:
    """Return how far two places of one floor lie apart on its plan; none where that is unknown."""
    if other.floor_id != place.floor_id or place.spot is None:
        return 0.0
    return inf if other.spot is None else dist(other.spot, place.spot)


def widened(periods: Iterable[Period], place: Place) -> list[Period]:
    """Return what the ledger would take of a place: each period with the place's buffers."""
    found: list[Period] = []
    for one in sorted(periods, key=lambda one: one.starts_at):
        wide = Period(one.starts_at - place.before, one.end + place.after)
        if found and wide.starts_at <= found[-1].end:
            wide = Period(found.pop().starts_at, max(wide.end, one.end))
        found.append(wide)
    return found


def settled(own: Choice | None, *, usual: Choice, can_move: bool, can_keep: bool) -> Choice:
    """Return what becomes of a booking: as chosen for it, else as for all, where that can be."""
    choice = own or usual
    if choice is Choice.MOVE and not can_move:
        return Choice.CANCEL
    if choice is Choice.KEEP and not can_keep:
        return Choice.MOVE if can_move else Choice.CANCEL
    return choice


def digest_of(rows: Iterable[tuple[str, int, str]]) -> str:
    """Return what tells one preview from another: bookings, their revisions, where they could go.

    Args:
        rows: code and revision of a booking, and the code of the space suggested for it.
    """
    said = "\n".join(f"{code}\t{revision}\t{target}" for code, revision, target in rows)
    return hashlib.sha256(said.encode()).hexdigest()[:DIGEST]
