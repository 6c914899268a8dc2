"""Ways out of a refusal: each proposed only after the same rules and the ledger agreed to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campus import clock
from campus.bookings import policy, rules, verdict
from campus.bookings.rules import Hours, Terms
from campus.clock import Period
from campus.errors import Repair, RuleBroken
from campus.members.models import Actor
from campus.occupancy.queries import taken_between, taken_ids
from campus.occupancy.rules import gaps
from campus.spaces import queries as spaces
from campus.spaces.models import Space

MINUTE = timedelta(minutes=1)
LOOK_AHEAD = 14  # days searched for another time, at most
LOOK_BACK = 2
MOST = 3
MOST_SPACES = 2


def repairs_for(actor: Actor, space: Space, *, asked: Period, now: datetime) -> list[Repair]:
    """Return up to three ways to get something like what was asked, closest first.

    Another time for the same space, another space at the same time, or a shorter time. Each
    keeps to the rules and is free at this moment.
    """
    if space.by_application:
        return []
    terms = verdict.terms_of(spaces.booking_rule(space.kind))
    hours = _hours_around(space, asked=asked, terms=terms, now=now)
    mine = policy.why_not_book(actor, space) is None
    times = _other_times(space, asked=asked, terms=terms, hours=hours, now=now) if mine else []
    is_allowed = _allowed(asked, terms=terms, hours=hours, now=now)
    moved = times[0] if times and times[0].length == asked.length else None
    wanted = asked if is_allowed else moved
    others = _other_spaces(actor, space, period=wanted, hours=hours, terms=terms)
    elsewhere = [_repair("space", other, wanted) for other in others if wanted is not None]
    here = [
        *(_repair("time", space, period) for period in times[:1]),
        *(_repair("shorter", space, period) for period in times[1:]),
    ]
    # What a rule forbids here it forbids elsewhere too: then the same space comes first.
    return [*elsewhere, *here][:MOST] if is_allowed else [*here, *elsewhere][:MOST]


def _repair(kind: str, space: Space, period: Period) -> Repair:
    return Repair(kind, space.code, space.name, period.starts_at, period.end)


def _hours_around(space: Space, *, asked: Period, terms: Terms, now: datetime) -> Hours:
    today = clock.today(now)
    last = today + timedelta(days=terms.horizon_days)
    middle = min(max(clock.today(asked.starts_at), today), last)
    first = max(today, middle - timedelta(days=LOOK_BACK))
    until = min(last, middle + timedelta(days=LOOK_AHEAD))
    return verdict.hours_for(space, first=first, last=max(until, first))


def _other_times(
    space: Space, *, asked: Period, terms: Terms, hours: Hours, now: datetime
) -> list[Period]:
    """Return the nearest time of the asked length, then the longest shorter one; each if any."""
    if not hours.periods:
        return []
    free = _free_by_day(space, hours=hours, terms=terms, now=now)
    length = rules.fitting_length(asked, terms=terms)
    found: list[Period] = []
    for day in sorted(free, key=lambda day: _days_away(day, asked)):
        moved = _on_day(asked, day)
        period = rules.nearest(moved, free=free[day], length=length, grid=terms.grid)
        if period and _allowed(period, terms=terms, hours=hours, now=now) and period != asked:
            found.append(period)
            break
    same_day = free.get(clock.today(asked.starts_at), [])
    shorter = rules.shortened(asked, free=same_day, terms=terms)
    if shorter and _allowed(shorter, terms=terms, hours=hours, now=now):
        found.append(shorter)
    return list(dict.fromkeys(found))


def _free_by_day(
    space: Space, *, hours: Hours, terms: Terms, now: datetime
) -> dict[date, list[Period]]:
    """Return what is free of each open day, from now and from the least notice on."""
    ids = [part.id for part in spaces.parts_of(space)]
    opened = sorted(hours.periods.values(), key=lambda one: one.starts_at)
    window = Period(opened[0].starts_at, opened[-1].end)
    taken = [_widened(one.period, space) for one in taken_between(window, space_ids=ids)]
    soonest = now + terms.notice if terms.notice else now - terms.grid
    past = Period(window.starts_at - timedelta(days=1), max(soonest, window.starts_at))
    return {day: gaps(period, [*taken, past]) for day, period in hours.periods.items()}


def _widened(taken: Period, space: Space) -> Period:
    """Keep the buffers of the space clear on both sides of what is taken."""
    ends_at = taken.ends_at
    return Period(
        taken.starts_at - space.buffer_after_minutes * MINUTE,
        None if ends_at is None else ends_at + space.buffer_before_minutes * MINUTE,
    )


def _days_away(day: date, asked: Period) -> tuple[int, bool]:
    away = (day - clock.today(asked.starts_at)).days
    return abs(away), away < 0


def _on_day(asked: Period, day: date) -> Period:
    """Return the asked wall-clock start on another day, with the asked length."""
    starts_at = clock.wall(day, clock.local(asked.starts_at).time())
    return Period(starts_at, starts_at + asked.length)


def _allowed(period: Period, *, terms: Terms, hours: Hours, now: datetime) -> bool:
    try:
        rules.check(period, terms=terms, hours=hours, now=now)
    except RuleBroken:
        return False
    return True


def _other_spaces(
    actor: Actor, space: Space, *, period: Period | None, hours: Hours, terms: Terms
) -> list[Space]:
    """Return free spaces of the same kind, most alike first."""
    if period is None:
        return []
    fitting = [
        other
        for other in spaces.spaces_by_kind([space.kind])
        if other.id != space.id
        and all(other.is_available_on(day) for day in clock.days_of(period))
        and policy.why_not_book(actor, other) is None
        and (other.capacity or 0) >= min(space.capacity or 0, other.capacity or 0)
    ]
    asked = rules.claims(period, hours=hours, per_day=terms.per_day)
    free = free_of(fitting, periods=asked)
    return sorted(free, key=lambda other: _unlike(other, space))[:MOST_SPACES]


def free_of(candidates: Sequence[Space], *, periods: Sequence[Period]) -> list[Space]:
    """Return those of `candidates` that are free, with their buffers, for all of `periods`."""
    if not periods or not candidates:
        return []
    before = max(one.buffer_before_minutes for one in candidates)
    after = max(one.buffer_after_minutes for one in candidates)
    taken = taken_ids(rules.with_buffers(periods, before=before, after=after))
    return [one for one in candidates if not taken & {part.id for part in spaces.parts_of(one)}]


def _unlike(other: Space, space: Space) -> tuple[bool, bool, int, int]:
    return (
        other.zone_id != space.zone_id,
        other.floor_id != space.floor_id,
        abs((other.capacity or 0) - (space.capacity or 0)),
        abs(other.position - space.position),
    )
