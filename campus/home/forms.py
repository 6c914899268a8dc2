"""The booking form on the page of a space, filled in with a time that can be booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campus import clock
from campus.home import rules
from campus.home.rules import OpenDay, Terms
from campus.spaces.models import BookingRule, Space, SpaceKind, Unit

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
HALF_DAY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the booking form of a space says when it comes: a time that can be booked.

    Attributes:
        opens, closes: the hours that its lists of times offer.
        first_on, last_on: the days that can be chosen.
    """

    day: date
    from_: time
    to: time
    opens: time
    closes: time
    first_on: date
    last_on: date
    step: int
    has_several_days: bool
    has_title: bool


def draft(
    space: Space, rule: BookingRule, days: Sequence[OpenDay], *, now: datetime
) -> Draft | None:
    """Return the first time that can be booked of some days, as a form says it."""
    terms = terms_of(space, rule, now=now)
    found = rules.proposal(days, terms=terms)
    if found is None:
        return None
    day = clock.today(found.starts_at)
    hours = next(one.hours for one in days if one.day == day)
    today = clock.today(now)
    return Draft(
        day=day,
        from_=rules.hour_of(found.starts_at),
        to=rules.hour_of(found.end),
        opens=rules.hour_of(hours.starts_at),
        closes=rules.hour_of(hours.end),
        first_on=today,
        last_on=today + rule.horizon_days * DAY,
        step=rule.grid_minutes,
        has_several_days=rule.longest_days > 1,
        has_title=space.kind not in {SpaceKind.DESK, SpaceKind.PHONE_BOOTH},
    )


def terms_of(space: Space, rule: BookingRule, *, now: datetime) -> Terms:
    """Return what a proposal for a space keeps to."""
    shortest = rule.shortest_minutes * MINUTE
    return Terms(
        step=rule.grid_minutes * MINUTE,
        shortest=shortest,
        usual=max(shortest, HOUR),
        decent=HALF_DAY if rule.unit is Unit.DAY else shortest,
        until=rule.afternoon_ends if rule.unit is Unit.DAY else None,
        before=space.buffer_before_minutes * MINUTE,
        after=space.buffer_after_minutes * MINUTE,
        earliest=now + rule.notice_minutes * MINUTE,
    )
