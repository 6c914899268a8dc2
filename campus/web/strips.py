"""A day as a strip of 48 cells: the quarters of twelve hours, longer ones in a longer day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from campus import clock
from campus.clock import Period

CELLS = 48
MARK_EVERY_HOURS = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One parcel of a strip.

    Attributes:
        start, length: in cells; they become the classes `s0`–`s47` and `l1`–`l48`.
        state: its look: "" is taken, else `mine`, `want`, `past`, `now`.
        label: words inside, where the strip is tall enough for them.
    """

    start: int
    length: int
    state: str = ""
    label: str = ""


def cells(hours: Period, claims: Iterable[tuple[Period, str]]) -> list[Cell]:
    """Return a cell for every claim (its period and its state) that shows within `hours`."""
    return [
        Cell(place(hours, claim.starts_at), span_of(hours, claim), state)
        for claim, state in claims
        if claim.overlaps(hours)
    ]


def now_cell(hours: Period, *, now: datetime) -> list[Cell]:
    """Return the line that says "now", or nothing outside `hours`."""
    if not hours.starts_at <= now < hours.end:
        return []
    return [Cell(place(hours, now), 1, "now")]


def place(hours: Period, at: datetime) -> int:
    """Return the cell of an instant before the end of `hours`; the first one if before them."""
    return max((at - hours.starts_at) * CELLS // hours.length, 0)


def span_of(hours: Period, claim: Period) -> int:
    """Return how many cells a claim inside `hours` touches; an open end reaches the last one."""
    if claim.ends_at is None or claim.ends_at >= hours.end:
        return CELLS - place(hours, claim.starts_at)
    last = -((hours.starts_at - claim.ends_at) * CELLS // hours.length)  # rounded up
    return last - place(hours, claim.starts_at)


def hour_marks(hours: Period) -> Iterator[tuple[int, datetime]]:
    """Yield every second hour of `hours` and its cell, for the axis under a strip."""
    at = hours.starts_at
    if clock.local(at).minute:
        at += timedelta(minutes=60 - clock.local(at).minute)
    while at < hours.end:
        yield place(hours, at), at
        at += timedelta(hours=MARK_EVERY_HOURS)
