"""When each kind of space can be booked, and for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from campus import clock
from campus.clock import Period
from campus.errors import Spoken, Text, text
from campus.finder.rules import TOO_LATE, to_grid
from campus.spaces.models import BookingRule, SpaceKind, Unit

ONE_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LENGTHS = {SpaceKind.PHONE_BOOTH: HOUR / 2}  # proposed for a kind, else an hour
CLOSED = text("closed")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a kind is booked.

    Attributes:
        per_day: by hours, half-days or days; its usual day is `usual`.
        usual: from and to on the wall clock.
        length: how long a booking is proposed for, where it is not by the day.
    """

    per_day: bool
    grid: timedelta
    shortest: timedelta
    longest: timedelta | None
    notice: timedelta
    horizon_days: int
    usual: tuple[time, time]
    length: timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a kind is open, and why other days are closed."""

    periods: Mapping[date, Period]
    reasons: Mapping[date, Spoken]
    terms: Terms
    now: datetime

    @property
    def today(self) -> date:
        """The campus day that it is."""
        return clock.today(self.now)

    @property
    def last(self) -> date:
        """The last day that can be booked."""
        return self.today + self.terms.horizon_days * ONE_DAY

    def since(self, day: date) -> datetime:
        """Return from when on an open day can be booked: the step of the grid we are in."""
        grid, midnight = self.terms.grid, clock.midnight(day)
        opens = to_grid(self.periods[day].starts_at, midnight=midnight, grid=grid, up=True)
        begun = to_grid(self.now, midnight=midnight, grid=grid)
        if self.terms.notice:
            begun = to_grid(self.now + self.terms.notice, midnight=midnight, grid=grid, up=True)
        return max(opens, begun)

    def until(self, day: date) -> datetime:
        """Return until when on an open day can be booked."""
        return to_grid(self.periods[day].end, midnight=clock.midnight(day), grid=self.terms.grid)

    def can_book(self, day: date) -> bool:
        """Whether anything of a day can still be booked."""
        if day not in self.periods or not self.today <= day <= self.last:
            return False
        return self.until(day) - self.since(day) >= self.terms.shortest

    def nearest(self, day: date) -> date | None:
        """Return the first day from `day` on that can be booked, else the last one before it."""
        days = [one for one in self.periods if self.can_book(one)]
        return min((one for one in days if one >= day), default=max(days, default=None))


def terms_of(rule: BookingRule) -> Terms:
    """Return the terms that a kind's rule sets."""
    per_day, longest = rule.unit is Unit.DAY, rule.longest_minutes
    return Terms(
        per_day=per_day,
        grid=rule.grid_minutes * MINUTE,
        shortest=max(rule.shortest_minutes, rule.grid_minutes) * MINUTE,
        longest=None if per_day or longest is None else longest * MINUTE,
        notice=rule.notice_minutes * MINUTE,
        horizon_days=rule.horizon_days,
        usual=(rule.morning_starts, rule.afternoon_ends),
        length=LENGTHS.get(rule.kind, HOUR),
    )


def calendar_of(
    terms: Terms, periods: Mapping[date, Period], reasons: Mapping[date, Spoken], *, now: datetime
) -> Calendar:
    """Return when a kind can be booked: of the hours it is open those not too far ahead."""
    last = clock.today(now) + terms.horizon_days * ONE_DAY
    near = {day: period for day, period in periods.items() if day <= last}
    return Calendar(near, reasons, terms, now)


def of_all(calendars: Sequence[Calendar]) -> Calendar:
    """Return when any of some kinds can be booked, by the widest of their terms.

    Args:
        calendars: that of the plainest kind first; its usual day is everybody's.
    """
    first, *others = calendars
    periods = dict(first.periods)
    for day, period in (pair for one in others for pair in one.periods.items()):
        known = periods.get(day, period)
        starts_at = min(known.starts_at, period.starts_at)
        periods[day] = Period(starts_at, max(known.end, period.end))
    terms = [calendar.terms for calendar in calendars]
    longest = [one.longest for one in terms if one.longest is not None]
    widest = replace(
        first.terms,
        grid=min(one.grid for one in terms),
        shortest=min(one.shortest for one in terms),
        longest=max(longest) if len(longest) == len(terms) else None,
        notice=min(one.notice for one in terms),
        horizon_days=max(one.horizon_days for one in terms),
    )
    reasons = {day: why for day, why in first.reasons.items() if day not in periods}
    return Calendar(periods, reasons, widest, first.now)


def why_not(day: date, calendar: Calendar) -> Text:
    """Return why nothing of a kind can be booked on a day."""
    if day > calendar.last:
        return text("not to book yet")
    return TOO_LATE if day in calendar.periods else CLOSED
