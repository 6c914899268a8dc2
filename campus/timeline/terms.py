"""When each kind of room can be booked, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from campus import clock
from campus.spaces.models import BookingRule, SpaceKind, Unit
from campus.timeline.rules import HOUR, MINUTE, Terms

ONE_DAY = timedelta(days=1)
LENGTHS = {SpaceKind.PHONE_BOOTH: HOUR / 2}  # proposed for a kind, else an hour
A_DAY = 8 * HOUR  # proposed of what is booked by the day


def terms_of(rule: BookingRule) -> Terms:
    """Return the terms that a kind's rule sets."""
    is_by_day, longest = rule.unit is Unit.DAY, rule.longest_minutes
    return Terms(
        grid=rule.grid_minutes * MINUTE,
        shortest=max(rule.shortest_minutes, rule.grid_minutes) * MINUTE,
        longest=None if is_by_day or longest is None else longest * MINUTE,
        notice=rule.notice_minutes * MINUTE,
        horizon_days=rule.horizon_days,
        length=A_DAY if is_by_day else LENGTHS.get(rule.kind, HOUR),
    )


def terms_by_kind(
    rules: Mapping[SpaceKind, BookingRule], kinds: Iterable[SpaceKind]
) -> dict[SpaceKind, Terms]:
    """Return the terms of those kinds that are booked by the hour or the day."""
    return {
        kind: terms_of(rules[kind])
        for kind in kinds
        if kind in rules and rules[kind].unit is not Unit.MONTH
    }


def can_book_on(day: date, terms: Terms, *, now: datetime) -> bool:
    """Whether a day is neither over nor too far ahead."""
    today = clock.today(now)
    return today <= day <= today + terms.horizon_days * ONE_DAY
