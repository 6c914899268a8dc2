"""Ways out of a refusal: each proposed only after the same rules and the ledger agreed to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campus import clock
from campus.bookings import policy, queries, rules, verdict
from campus.bookings.models import Booking
from campus.bookings.rules import Hours, Terms
from campus.clock import Period
from campus.errors import CampusError, Conflict, Forbidden, Repair, RuleBroken
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
MENDED = {
    "past", "horizon", "grid", "opening_hours", "holiday", "available", "shortest", "longest",
    "notice",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for and could not have.

    Attributes:
        person_id: who comes.
        people: how many have to fit; None for as many as the space holds.
        among: the spaces that have what was wished for; None for all of the kind.
        but: the booking that is being changed; it does not stand in its own way.
    """

    space: Space
    period: Period
    person_id: int
    people: int | None = None
    among: Sequence[Space] | None = None
    but: Booking | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What can be known about the days around what was wanted.

    Attributes:
        hours: when the space is there and its kind is open.
        opened: when its kind is open.
        own: when the person has another one already, where one at a time is the rule.
    """

    terms: Terms
    hours: Hours
    opened: Hours
    own: Sequence[Period]
    now: datetime


def can_mend(refusal: CampusError, *, actor: Actor, space: Space) -> bool:
    """Whether another time or space would help: not for who asks, but for what was asked."""
    if isinstance(refusal, Forbidden):
        return refusal.message == policy.why_not_book(actor, space)
    if isinstance(refusal, Conflict):
        return refusal.code == "taken"
    return isinstance(refusal, RuleBroken) and refusal.rule in MENDED


def repairs_for(actor: Actor, wanted: Wanted, *, now: datetime) -> list[Repair]:
    """Return up to three ways to get something like what was asked, closest first.

    Another time for the same space, another space at the same time, or a shorter time. Each
    keeps to the rules and is free at this moment. What has begun keeps its time and space.
    """
    space, asked = wanted.space, wanted.period
    has_begun = wanted.but is not None and wanted.but.starts_at <= now
    if space.by_application or has_begun or asked.length > verdict.YEAR:
        return []
    view = _view(wanted, now=now)
    is_mine = policy.why_not_book(actor, space) is None
    times = _other_times(wanted, view=view) if is_mine else []
    is_allowed = _allowed(asked, hours=view.opened, view=view)
    moved = times[0] if times and times[0].length == asked.length else None
    period = asked if is_allowed else moved
    others = _other_spaces(actor, wanted, period=period, view=view)
    elsewhere = [
        _repair("space", other, period)
        for other in others
        if period is not None and not _stands(wanted.but, other, period)
    ]
    here = [
        *(_repair("time", space, period) for period in times[:1]),
        *(_repair("shorter", space, period) for period in times[1:]),
    ]
    # What a rule forbids here it forbids elsewhere too: then the same space comes first.
    return [*elsewhere, *here][:MOST] if is_allowed else [*here, *elsewhere][:MOST]


def _stands(booking: Booking | None, space: Space, period: Period) -> bool:
    """Whether a booking that is to be changed is just that already: no way out of anything."""
    return booking is not None and (booking.space_id, booking.period) == (space.id, period)


def _repair(kind: str, space: Space, period: Period) -> Repair:
    return Repair(kind, space.code, space.name, period.starts_at, period.end)


def _view(wanted: Wanted, *, now: datetime) -> View:
    """Look at the days around what was wanted."""
    rule, asked = spaces.booking_rule(wanted.space.kind), wanted.period
    today = clock.today(now)
    horizon = today + timedelta(days=rule.horizon_days)
    middle = min(max(clock.today(asked.starts_at), today), horizon)
    first = max(today, middle - timedelta(days=LOOK_BACK))
    last = max(min(horizon, middle + timedelta(days=LOOK_AHEAD)), first)
    opening = spaces.opening(wanted.space.kind, first=first, last=last)
    until = max(clock.day_period(last).end, asked.end)
    own = queries.periods_of_kind(
        person_id=wanted.person_id,
        kind=wanted.space.kind,
        period=Period(min(clock.midnight(first), asked.starts_at), until),
        but=wanted.but.id if wanted.but else None,
    )
    return View(
        terms=verdict.terms_of(rule),
        hours=verdict.hours_for(wanted.space, first=first, last=last),
        opened=Hours(opening.periods, opening.reasons),
        own=own if rule.one_per_person else (),
        now=now,
    )


def _other_times(wanted: Wanted, *, view: View) -> list[Period]:
    """Return the nearest time of the asked length, then the longest shorter one; each if any."""
    asked, terms = wanted.period, view.terms
    if not view.hours.periods:
        return []
    free = _free_by_day(wanted, view=view)
    length = rules.fitting_length(asked, terms=terms)
    found: list[Period] = []
    for day in sorted(free, key=lambda day: _days_away(day, asked)):
        moved = _on_day(asked, day)
        period = rules.nearest(moved, free=free[day], length=length, grid=terms.grid)
        if period and _allowed(period, hours=view.hours, view=view) and period != asked:
            found.append(period)
            break
    same_day = free.get(clock.today(asked.starts_at), [])
    shorter = rules.shortened(asked, free=same_day, terms=terms)
    if shorter and _allowed(shorter, hours=view.hours, view=view):
        found.append(shorter)
    return list(dict.fromkeys(found))


def _free_by_day(wanted: Wanted, *, view: View) -> dict[date, list[Period]]:
    """Return what the person can have of each open day, from now and the least notice on."""
    space, but, terms = wanted.space, wanted.but, view.terms
    buffered = but if but is not None and but.space_id == space.id else space
    opened = sorted(view.hours.periods.values(), key=lambda one: one.starts_at)
    window = Period(opened[0].starts_at, opened[-1].end)
    claims = taken_between(window, space_ids=[part.id for part in spaces.parts_of(space)])
    taken = [
        _widened(one.period, buffered) for one in claims if but is None or one.booking_id != but.id
    ]
    soonest = view.now + terms.notice if terms.notice else view.now - terms.grid
    past = Period(window.starts_at - timedelta(days=1), max(soonest, window.starts_at))
    return {
        day: gaps(period, [*taken, *view.own, past]) for day, period in view.hours.periods.items()
    }


def _widened(taken: Period, buffered: Space | Booking) -> Period:
    """Keep the buffers of what is asked for clear on both sides of what is taken."""
    ends_at = taken.ends_at
    return Period(
        taken.starts_at - buffered.buffer_after_minutes * MINUTE,
        None if ends_at is None else ends_at + buffered.buffer_before_minutes * MINUTE,
    )


def _days_away(day: date, asked: Period) -> tuple[int, bool]:
    away = (day - clock.today(asked.starts_at)).days
    return abs(away), away < 0


def _on_day(asked: Period, day: date) -> Period:
    """Return the asked wall-clock start on another day, with the asked length."""
    starts_at = clock.wall(day, clock.local(asked.starts_at).time())
    return Period(starts_at, starts_at + asked.length)


def _allowed(period: Period, *, hours: Hours, view: View) -> bool:
    try:
        rules.check(period, terms=view.terms, hours=hours, now=view.now)
    except RuleBroken:
        return False
    return True


def _other_spaces(
    actor: Actor, wanted: Wanted, *, period: Period | None, view: View
) -> list[Space]:
    """Return free spaces that fit, most alike first; none where the person has one already."""
    if period is None or any(own.overlaps(period) for own in view.own):
        return []
    space = wanted.space
    least = (space.capacity or 0) if wanted.people is None else wanted.people
    every = spaces.spaces_by_kind([space.kind]) if wanted.among is None else wanted.among
    fitting = [
        other
        for other in every
        if other.id != space.id
        and all(other.is_available_on(day) for day in clock.days_of(period))
        and policy.why_not_book(actor, other) is None
        and (other.capacity or 0) >= least
    ]
    asked = rules.claims(period, hours=view.opened, per_day=view.terms.per_day)
    free = free_of(fitting, periods=asked, but=wanted.but)
    return sorted(free, key=lambda other: _unlike(other, space))[:MOST_SPACES]


def free_of(
    candidates: Sequence[Space], *, periods: Sequence[Period], but: Booking | None = None
) -> list[Space]:
    """Return those of `candidates` that are free, with their buffers, for all of `periods`."""
    if not periods or not candidates:
        return []
    before = max(one.buffer_before_minutes for one in candidates)
    after = max(one.buffer_after_minutes for one in candidates)
    taken = _taken_ids(rules.with_buffers(periods, before=before, after=after), but=but)
    return [one for one in candidates if not taken & {part.id for part in spaces.parts_of(one)}]


def _taken_ids(periods: Sequence[Period], *, but: Booking | None) -> set[int]:
    if but is None:
        return taken_ids(periods)
    found = [one for period in periods for one in taken_between(period)]
    return {one.space_id for one in found if one.booking_id != but.id}


def _unlike(other: Space, space: Space) -> tuple[bool, bool, int, int]:
    return (
        other.zone_id != space.zone_id,
        other.floor_id != space.floor_id,
        abs((other.capacity or 0) - (space.capacity or 0)),
        abs(other.position - space.position),
    )
