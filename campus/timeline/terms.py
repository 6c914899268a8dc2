"""When each kind of room can be booked, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campus import clock
from campus.clock import Period
from campus.errors import Text, text_plural
from campus.occupancy.rules import gaps, grid_down, grid_up
from campus.spaces.models import BookingRule, SpaceKind, Unit
from campus.timeline.rules import HOUR, MINUTE, Room, Use, widened

ONE_DAY = timedelta(days=1)
LENGTHS = {SpaceKind.PHONE_BOOTH: HOUR / 2}  # proposed for a kind, else an hour
A_DAY = 8 * HOUR  # proposed of what is booked by the day


@dataclass(frozen=True, slots=True)
class Terms:
    """How a kind is booked.

    Attributes:
        length: how long a booking is proposed for.
    """

    grid: timedelta
    shortest: timedelta
    longest: timedelta | None
    notice: timedelta
    horizon_days: int
    length: timedelta


class Steps:
    """The steps of a grid on the wall clock; many ask for the same few."""

    def __init__(self, grid: timedelta) -> None:
        self._grid = grid
        self._ups: dict[datetime, datetime] = {}
        self._downs: dict[datetime, datetime] = {}

    def up(self, at: datetime) -> datetime:
        """Return the first step at or after an instant."""
        if at not in self._ups:
            self._ups[at] = grid_up(at, self._grid)
        return self._ups[at]

    def down(self, at: datetime) -> datetime:
        """Return the last step at or before an instant."""
        if at not in self._downs:
            self._downs[at] = grid_down(at, self._grid)
        return self._downs[at]


@dataclass(frozen=True, slots=True)
class Offer:
    """What of a day can be booked of a kind: its hours, from the step that we are in.

    Attributes:
        left: None where the hours are over.
    """

    terms: Terms
    steps: Steps
    left: Period | None


def offer_of(hours: Period, *, terms: Terms, now: datetime) -> Offer:
    """Return what of a day can still be booked of a kind."""
    steps = Steps(terms.grid)
    begun = steps.up(now + terms.notice) if terms.notice else steps.down(now)
    since, until = max(steps.up(hours.starts_at), begun), steps.down(hours.end)
    return Offer(terms, steps, Period(since, until) if since < until else None)


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


def how_far(days: int, *, today: date) -> Text:
    """Say until which day one can book."""
    return text_plural(
        "You can book up to %(num)s day ahead, until %(day)s.",
        "You can book up to %(num)s days ahead, until %(day)s.",
        num=days,
        day=today + days * ONE_DAY,
    )


# --- what is left -----------------------------------------------------------------------------


def free_parts(offer: Offer, uses: Iterable[Use], *, room: Room) -> list[Period]:
    """Return what of a day can still be booked, on the grid and not too short."""
    left, steps = offer.left, offer.steps
    if left is None:
        return []
    found = []
    for gap in gaps(left, [widened(use.held, room=room) for use in uses]):
        first, last = steps.up(gap.starts_at), steps.down(gap.end)
        if last - first >= offer.terms.shortest:
            is_on = first == gap.starts_at and last == gap.end
            found.append(gap if is_on else Period(first, last))
    return found


def proposed(gap: Period, *, terms: Terms) -> Period:
    """Return what a press on a gap proposes: the usual length from its beginning."""
    return Period(gap.starts_at, min(gap.end, gap.starts_at + terms.length))


# --- free now ---------------------------------------------------------------------------------


def free_now(
    free: Sequence[Period], *, terms: Terms, length: timedelta | None, now: datetime
) -> Period | None:
    """Return what can be booked from now on: for `length`, or until the next; else None."""
    gap = next((one for one in free if one.starts_at <= now < one.end), None)
    if gap is None:
        return None
    ends = gap.end if length is None else grid_up(now + length, terms.grid)
    if terms.longest is not None:
        ends = min(ends, gap.starts_at + terms.longest)
    if ends > gap.end or ends - now < terms.shortest:
        return None
    return Period(gap.starts_at, ends)
