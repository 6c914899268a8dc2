"""Whether a request is allowed, by the rules of its kind and of its person; and what it claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from campus import clock
from campus.bookings import policy, queries, rules
from campus.bookings.models import Asked, Booking, BookingState
from campus.bookings.rules import Hours as Hours
from campus.bookings.rules import Terms
from campus.clock import Period
from campus.db import db, dialects
from campus.errors import Conflict, Repair, RuleBroken, Text, require, text
from campus.members.models import Actor, Person
from campus.occupancy.queries import Taken
from campus.spaces import queries as spaces
from campus.spaces.models import BookingRule, Opening, Space, SpaceState, Unit

MINUTE = timedelta(minutes=1)
YEAR = timedelta(days=366)
STEPS = (15, 30)  # minutes offered to stay longer


def terms_of(rule: BookingRule) -> Terms:
    """Return the terms that a kind's rule sets."""
    return Terms(
        per_day=rule.unit is Unit.DAY,
        grid=rule.grid_minutes * MINUTE,
        shortest=rule.shortest_minutes * MINUTE,
        longest=None if rule.longest_minutes is None else rule.longest_minutes * MINUTE,
        longest_days=rule.longest_days,
        notice=rule.notice_minutes * MINUTE,
        horizon_days=rule.horizon_days,
    )


def hours_for(space: Space, *, first: date, last: date) -> Hours:
    """Return when the kind of `space` is open; without days on which the space is not there."""
    return hours_of(space, spaces.opening(space.kind, first=first, last=last))


def hours_of(space: Space, opening: Opening) -> Hours:
    """Return when a space is open, of the days on which its kind is."""
    if space.state is SpaceState.ACTIVE and not (
        space.available_from_on or space.available_until_on
    ):
        return Hours(opening.periods, opening.reasons)
    there = {day: period for day, period in opening.periods.items() if space.is_available_on(day)}
    return Hours(there, opening.reasons)


def checked(
    actor: Actor,
    asked: Asked,
    *,
    now: datetime,
    but: Booking | None,
    shrinks: bool = False,
    running: bool = False,
) -> list[Period]:
    """Check every rule and return what the ledger has to take, buffers included.

    Args:
        but: the booking that is being changed; it does not stand in its own way.
        shrinks: it only gets shorter; then its hours and lengths are not asked again.
        running: it may have started.

    Raises:
        RuleBroken: a rule says no.
    """
    if asked.period.length > YEAR:
        raise RuleBroken(text("One booking takes at most a year."), rule="longest")
    rule = spaces.booking_rule(asked.space.kind)
    terms = terms_of(rule)
    days = clock.days_of(asked.period)
    hours = hours_for(asked.space, first=days[0], last=days[-1])
    check_there(asked.space, asked.period)
    if shrinks:
        rules.check_shrunk(asked.period, terms=terms, now=now)
    elif not (asked.anyway and actor.is_staff):
        at = min(now, asked.period.starts_at) if running else now
        rules.check(asked.period, terms=terms, hours=hours, now=at)
    if rule.one_per_person:
        owner = (but.person_id, but.person.name) if but else _who(asked.guest or actor)
        require_alone(actor, asked.space, asked.period, owner=owner, but=but)
    source = but if but is not None and but.space_id == asked.space.id else asked.space
    return held(asked.period, rule=rule, hours=hours, buffers=buffers_of(source))


def claimed(booking: Booking) -> list[Period]:
    """Return what the ledger takes for a booking as it stands."""
    days = clock.days_of(booking.period)
    rule = spaces.booking_rule(booking.space.kind)
    hours = hours_for(booking.space, first=days[0], last=days[-1])
    return held(booking.period, rule=rule, hours=hours, buffers=buffers_of(booking))


def buffers_of(thing: Space | Booking) -> tuple[int, int]:
    """Return the minutes that are kept free before and after."""
    return thing.buffer_before_minutes, thing.buffer_after_minutes


def held(
    period: Period, *, rule: BookingRule, hours: Hours, buffers: tuple[int, int]
) -> list[Period]:
    """Return what the ledger takes for a period, buffers included."""
    periods = rules.claims(period, hours=hours, per_day=rule.unit is Unit.DAY)
    before, after = buffers
    return rules.with_buffers(periods or [period], before=before, after=after)


def broken(
    space: Space, period: Period, *, rule: BookingRule, hours: Hours, now: datetime
) -> Iterator[RuleBroken]:
    """Yield every rule that a period breaks, for staff who set rules aside and want to know."""
    terms = terms_of(rule)
    checks: tuple[Callable[[], None], ...] = (
        lambda: check_there(space, period),
        lambda: rules.check_past(period, per_day=terms.per_day, grid=terms.grid, now=now),
        lambda: rules.check_horizon(period, days=terms.horizon_days, now=now),
        lambda: rules.check_grid(period, grid=terms.grid),
        lambda: rules.check_hours(period, hours=hours, per_day=terms.per_day),
        lambda: rules.check_shortest(period, shortest=terms.shortest),
        lambda: rules.check_longest(period, terms=terms, hours=hours),
    )
    for check in checks:
        try:
            check()
        except RuleBroken as refusal:
            yield refusal


def check_there(space: Space, period: Period) -> None:
    """Refuse days on which a space is not in use.

    Raises:
        RuleBroken: `available`.
    """
    rules.check_available(
        period,
        name=space.name,
        since=space.available_from_on,
        gone=space.available_until_on,
        in_use=space.state is SpaceState.ACTIVE,
    )


def alone_again(actor: Actor, booking: Booking) -> None:
    """Refuse to restore a booking whose person took another of its kind meanwhile."""
    if spaces.booking_rule(booking.space.kind).one_per_person:
        owner = (booking.person_id, booking.person.name)
        require_alone(actor, booking.space, booking.period, owner=owner, but=booking)


def require_alone(
    actor: Actor, space: Space, period: Period, *, owner: tuple[int, str], but: Booking | None
) -> None:
    """Refuse a second one of a kind for the same person at the same time.

    The person's row is locked, since two requests at once would each see nothing; `book` has
    locked the row of who asks.

    Args:
        owner: id and name of who comes.
    """
    if but is not None and but.source is not None:  # nobody's own
        return
    if but is not None or owner[0] != actor.person_id:
        dialects.lock_rows(db.session(), select(Person.id).where(Person.id == owner[0]))
    other = queries.other_of_kind(
        person_id=owner[0], kind=space.kind, period=period, but=but.id if but else None
    )
    if other is None:
        return
    refusal = RuleBroken(_already(actor, other, owner=owner), rule="one_at_a_time")
    if policy.may_see(actor, other):
        refusal.repairs.append(repair_to(other))
    raise refusal


def _already(actor: Actor, other: Booking, *, owner: tuple[int, str]) -> Text:
    """Say what somebody has already; of another organisation's booking only that there is one."""
    person_id, name = owner
    if person_id == actor.person_id:
        return text(
            "You already have %(space)s at that time; one at a time.", space=other.space.name
        )
    if policy.may_see(actor, other):
        return text(
            "%(name)s already has %(space)s at that time; one at a time.",
            name=name,
            space=other.space.name,
        )
    return text("%(name)s already has a place at that time; one at a time.", name=name)


def _who(actor: Actor) -> tuple[int, str]:
    return actor.person_id, actor.name


def require_live(actor: Actor, booking: Booking, *, now: datetime) -> None:
    """Refuse to change what is another's, given back or over."""
    require(policy.why_not_change(actor, booking))
    if booking.state is not BookingState.CONFIRMED:
        raise Conflict(text("This booking has been given back already."))
    if booking.ends_at <= now:
        raise Conflict(text("This booking is over; there is nothing left to change."))


def require_known(booking: Booking, *, revision: int) -> None:
    """Refuse a change by somebody who looked at an older revision."""
    if booking.revision != revision:
        raise Conflict(
            text("This booking was changed meanwhile. Look at it again before you change it."),
            code="stale",
        )


def require_movable(booking: Booking, asked: Asked, *, now: datetime) -> None:
    """Refuse to rewrite what has been used: a running booking keeps its space and its start."""
    if booking.starts_at <= now and (
        asked.space.id != booking.space_id or asked.period.starts_at != booking.starts_at
    ):
        raise RuleBroken(
            text("It has started. Extend it, or give the rest back and book anew."),
            rule="running",
        )


def repair_to(booking: Booking) -> Repair:
    """Return the way to one's own booking that stands in the way."""
    return Repair(
        kind="booking",
        space=booking.space.code,
        name=booking.space.name,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        booking=booking.code,
    )


@dataclass(frozen=True, slots=True)
class Longer:
    """How much longer a booking can last.

    Attributes:
        until: the latest end; the present one when it cannot last longer.
        limit: what stands there, in a sentence.
        minutes: the lengths offered, shortest first; the last one reaches `until`.
    """

    until: datetime
    limit: Text
    minutes: tuple[int, ...] = ()


def longer_of(
    booking: Booking, *, terms: Terms, opened: Period | None, taken: Sequence[Taken]
) -> Longer:
    """Return how much longer a booking can last on its last day, and what comes then."""
    after = booking.buffer_after_minutes * MINUTE
    limits = [
        (one.period.starts_at - after, text("Then it is taken."))
        for one in taken
        if one.booking_id != booking.id and one.period.starts_at >= booking.ends_at
    ]
    limits.append(
        (opened.end, text("Then the campus closes."))
        if opened
        else (booking.ends_at, text("The campus is closed then."))
    )
    if terms.longest is not None:
        longest = booking.starts_at + terms.longest
        limits.append(
            (longest, text("One booking takes at most %(length)s.", length=terms.longest))
        )
    until, limit = min(limits, key=lambda one: one[0])
    steps = max((until - booking.ends_at) // terms.grid, 0)
    return Longer(
        until=booking.ends_at + steps * terms.grid,
        limit=limit,
        minutes=_offered(steps * terms.grid // MINUTE, grid=terms.grid // MINUTE),
    )


def _offered(most: int, *, grid: int) -> tuple[int, ...]:
    steps = {minutes for minutes in STEPS if minutes <= most and minutes % grid == 0}
    return tuple(sorted(steps | ({most} if most else set())))
