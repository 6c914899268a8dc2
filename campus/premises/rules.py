"""Versions, and which bookings a change of hours leaves outside; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, time

from campus import clock
from campus.clock import Period
from campus.errors import RuleBroken, text

MIDNIGHT = time(0)
Opened = Mapping[date, Period]


def version(values: Iterable[object]) -> str:
    """Return a short text that is another one when a value is."""
    return hashlib.sha256(repr([*values]).encode()).hexdigest()[:16]


def check_hours(opens: time | None, closes: time | None) -> None:
    """Refuse hours that end before they begin; 00:00 at the end is midnight.

    Raises:
        RuleBroken: one of the times is missing, or they are in the wrong order.
    """
    if (opens is None) != (closes is None):
        raise RuleBroken(text("Fill in both times, or none for a closed day."), rule="hours")
    if opens is not None and closes is not None and MIDNIGHT != closes <= opens:
        raise RuleBroken(
            text(
                "It closes at %(closes)s, which is not after it opens at %(opens)s. For midnight"
                " write 00:00.",
                opens=opens,
                closes=closes,
            ),
            rule="hours",
        )


def check_lengths(*, grid: int, shortest: int, longest: int | None) -> None:
    """Refuse lengths, in minutes, that no booking could have.

    Raises:
        RuleBroken: they contradict each other.
    """
    if shortest % grid:
        raise RuleBroken(
            text("The shortest has to be a whole number of steps of %(num)s minutes.", num=grid),
            rule="lengths",
        )
    if longest is not None and longest < shortest:
        raise RuleBroken(text("The longest is shorter than the shortest."), rule="lengths")


def falls_outside(period: Period, *, before: Opened, after: Opened, per_day: bool) -> bool:
    """Whether a booking lies within hours as they were, and no longer does.

    Day by day: what was inside before has to be inside after. Of a booking of several days, for
    kinds booked per day, the days between follow the hours: they only fall outside when closed.
    """
    days = clock.days_of(period)
    through = per_day and len(days) > 1
    for day in days:
        was = before.get(day)
        if was is None or not was.overlaps(period):
            continue
        now = after.get(day)
        if now is None:
            return True
        follows_start, follows_end = through and day != days[0], through and day != days[-1]
        starts_at = now.starts_at if follows_start else max(was.starts_at, period.starts_at)
        ends_at = now.end if follows_end else min(was.end, period.end)
        if not now.starts_at <= starts_at < ends_at <= now.end:
            return True
    return False
