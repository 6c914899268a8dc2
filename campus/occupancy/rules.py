"""Vocabulary of the ledger, and arithmetic with stretches of time; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campus import clock
from campus.clock import Period


class OwnerKind(StrEnum):
    """What a claim can belong to."""

    BOOKING = "booking"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Owner:
    """What a claim belongs to."""

    kind: OwnerKind
    id: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the ledger itself says about a claim, so that a day needs no join upward.

    Attributes:
        organisation_id: who has the space; None for the campus's own reasons.
    """

    organisation_id: int | None = None
    title_nl: str = ""
    title_en: str = ""
    is_public: bool = False


def without_buffers(held: Period, *, before: timedelta, after: timedelta) -> Period:
    """Return what people know of a claim that keeps buffers clear around it.

    A claim that was cut within its first buffer is shown as it is held.
    """
    starts_at = held.starts_at + before
    ends_at = None if held.ends_at is None else held.ends_at - after
    return held if ends_at is not None and ends_at <= starts_at else Period(starts_at, ends_at)


def gaps(open_period: Period, taken: Iterable[Period]) -> list[Period]:
    """Return what of `open_period` is left between `taken` (in any order, open ends allowed)."""
    free: list[Period] = []
    at: datetime = open_period.starts_at
    for period in sorted(taken, key=lambda one: one.starts_at):
        if period.starts_at >= open_period.end:
            break
        if period.starts_at > at:
            free.append(Period(at, period.starts_at))
        if period.ends_at is None:
            return free
        at = max(at, period.ends_at)
    if at < open_period.end:
        free.append(Period(at, open_period.end))
    return free


def nearest(
    asked: Period, *, free: Sequence[Period], length: timedelta, grid: timedelta
) -> Period | None:
    """Return the period of `length` inside `free`, on the grid, that starts nearest to `asked`."""
    best: Period | None = None
    for gap in free:
        first, last = grid_up(gap.starts_at, grid), grid_down(gap.end - length, grid)
        if first > last:
            continue
        starts_at = min(max(grid_down(asked.starts_at, grid), first), last)
        found = Period(starts_at, starts_at + length)
        if best is None or _distance(found, asked) < _distance(best, asked):
            best = found
    return best


def _since_midnight(at: datetime) -> timedelta:
    wall = clock.local(at)
    return timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second,
                     microseconds=wall.microsecond)  # fmt: skip


def is_on_grid(at: datetime, grid: timedelta) -> bool:
    """Whether an instant is a whole number of steps after campus midnight, by the wall clock."""
    return _since_midnight(at) % grid == timedelta(0)


def grid_down(at: datetime, grid: timedelta) -> datetime:
    """Return the last instant on the grid at or before `at`."""
    return at - _since_midnight(at) % grid


def grid_up(at: datetime, grid: timedelta) -> datetime:
    """Return the first instant on the grid at or after `at`."""
    return at + -_since_midnight(at) % grid


def _distance(one: Period, asked: Period) -> timedelta:
    return abs(one.starts_at - asked.starts_at)
