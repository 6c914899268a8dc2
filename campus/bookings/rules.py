"""What a booking must keep to: pure functions over values; each says why not, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campus import clock
from campus.clock import Period
from campus.errors import RuleBroken, Spoken, Text, text, text_plural
from campus.occupancy.rules import grid_down, grid_up, is_on_grid
from campus.occupancy.rules import nearest as nearest

UNDO_FOR = timedelta(seconds=10)  # what people are told
MAIL_AFTER = timedelta(seconds=12)  # and what is kept, with the way of the last click added
LONGEST_EXTENSION = timedelta(hours=12)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a kind of space may be booked for.

    Attributes:
        per_day: booked by hours, half-days or days; several days skip closed ones between.
        grid: times start and end on it, counted from campus midnight.
        longest: elapsed time of one booking; None where days are counted instead.
        longest_days: open days in one booking, for kinds booked per day.
        notice: least time between asking and start.
        horizon_days: calendar days after today on which a booking may still end.
    """

    per_day: bool
    grid: timedelta
    shortest: timedelta
    longest: timedelta | None
    longest_days: int
    notice: timedelta
    horizon_days: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When the kind is open: the period of each open day, and why other days are closed."""

    periods: Mapping[date, Period]
    reasons: Mapping[date, Spoken]


def check(period: Period, *, terms: Terms, hours: Hours, now: datetime) -> None:
    """Refuse a period that breaks a rule of its kind; the most telling rule first.

    Raises:
        RuleBroken: with the rule's name.
    """
    check_past(period, per_day=terms.per_day, grid=terms.grid, now=now)
    check_horizon(period, days=terms.horizon_days, now=now)
    check_grid(period, grid=terms.grid)
    check_hours(period, hours=hours, per_day=terms.per_day)
    check_shortest(period, shortest=terms.shortest)
    check_longest(period, terms=terms, hours=hours)
    check_notice(period, notice=terms.notice, now=now)


def check_shrunk(period: Period, *, terms: Terms, now: datetime) -> None:
    """Refuse a shorter time that is none: off the grid, too short, or over already.

    Raises:
        RuleBroken: with the rule's name.
    """
    check_past(period, per_day=True, grid=terms.grid, now=max(now, period.starts_at))
    check_grid(period, grid=terms.grid)
    check_shortest(period, shortest=terms.shortest)


def check_past(period: Period, *, per_day: bool, grid: timedelta, now: datetime) -> None:
    """Refuse what is over. A day may have begun; so may the step of the grid we are in."""
    begins_today = per_day and clock.today(period.starts_at) == clock.today(now)
    if period.end <= now or (period.starts_at <= now - grid and not begins_today):
        raise RuleBroken(text("That time has passed."), rule="past", earliest_at=now)


def check_horizon(period: Period, *, days: int, now: datetime) -> None:
    """Refuse a booking that ends later than `days` calendar days after today.

    Measured at the end, so that a long booking cannot reach past it.
    """
    last = clock.today(now) + timedelta(days=days)
    if clock.days_of(period)[-1] > last:
        raise RuleBroken(
            text_plural(
                "You can book up to %(num)s day ahead, until %(day)s.",
                "You can book up to %(num)s days ahead, until %(day)s.",
                num=days,
                day=last,
            ),
            rule="horizon",
        )


def check_grid(period: Period, *, grid: timedelta) -> None:
    """Refuse times off the grid; it counts from campus midnight, by the wall clock."""
    if not all(is_on_grid(at, grid) for at in (period.starts_at, period.end)):
        raise RuleBroken(
            text("Choose times in steps of %(minutes)s minutes.", minutes=grid // MINUTE),
            rule="grid",
        )


def check_shortest(period: Period, *, shortest: timedelta) -> None:
    """Refuse a booking shorter than `shortest` of elapsed time."""
    if period.length < shortest:
        raise RuleBroken(
            text("It takes at least %(minutes)s minutes.", minutes=shortest // MINUTE),
            rule="shortest",
        )


def check_longest(period: Period, *, terms: Terms, hours: Hours) -> None:
    """Refuse a booking longer than the kind allows: elapsed time, or open days."""
    if terms.per_day:
        days = [day for day in clock.days_of(period) if day in hours.periods]
        if len(days) > terms.longest_days:
            raise RuleBroken(
                text_plural(
                    "One booking takes at most %(num)s day.",
                    "One booking takes at most %(num)s days.",
                    num=terms.longest_days,
                ),
                rule="longest",
            )
    elif terms.longest is not None and period.length > terms.longest:
        raise RuleBroken(
            text("One booking takes at most %(length)s.", length=terms.longest), rule="longest"
        )


def check_notice(period: Period, *, notice: timedelta, now: datetime) -> None:
    """Refuse a start sooner than `notice` from now."""
    if notice and period.starts_at < now + notice:
        raise RuleBroken(
            text("Book this at least %(length)s ahead.", length=notice),
            rule="notice",
            earliest_at=now + notice,
        )


def check_hours(period: Period, *, hours: Hours, per_day: bool) -> None:
    """Refuse what lies outside the opening hours of its days.

    Per day: the first and the last day must be open, and the times lie within theirs; closed
    days between are skipped. Else every moment must be open; nights where hours meet at midnight.
    """
    days = clock.days_of(period)
    for day in (days[0], days[-1]) if per_day else days:
        if day not in hours.periods:
            raise RuleBroken(closed_words(day, hours=hours), rule=_closed_rule(day, hours))
    if per_day:
        _require_open(_begins_and_ends_open(period, hours=hours), day=days[0], hours=hours)
        return
    for day in days:
        whole = clock.day_period(day)
        starts, ends = max(period.starts_at, whole.starts_at), min(period.end, whole.end)
        inside = hours.periods[day].starts_at <= starts and ends <= hours.periods[day].end
        _require_open(inside, day=day, hours=hours)


def check_available(
    period: Period, *, name: str, since: date | None, gone: date | None, in_use: bool
) -> None:
    """Refuse days on which the space is not there yet, or no longer.

    Args:
        since: the first day it is there; None from the beginning.
        gone: the first day it is no longer there; None for good.
    """
    days = clock.days_of(period)
    if not in_use:
        raise RuleBroken(text("%(space)s is no longer in use.", space=name), rule="available")
    if since is not None and days[0] < since:
        raise RuleBroken(
            text("%(space)s can be booked from %(day)s.", space=name, day=since), rule="available"
        )
    if gone is not None and days[-1] >= gone:
        raise RuleBroken(
            text("%(space)s can be booked until %(day)s.", space=name, day=gone - DAY),
            rule="available",
        )


def closed_words(day: date, *, hours: Hours) -> Text:
    """Return the sentence that says a day is closed, and why where that is known."""
    if day in hours.reasons:
        return text(
            "The campus is closed on %(day)s: %(reason)s.", day=day, reason=hours.reasons[day]
        )
    return text("The campus is closed on %(day)s.", day=day)


def claims(period: Period, *, hours: Hours, per_day: bool) -> list[Period]:
    """Return what the ledger takes for a booking: one period, or one for each open day of several.

    A day in the middle is taken for all its opening hours. What starts or ends outside them, as
    only staff can book, is taken whole: nobody else may have the hours in between.
    """
    days = clock.days_of(period)
    if not per_day or len(days) == 1 or not _begins_and_ends_open(period, hours=hours):
        return [period]
    opened = [hours.periods[day] for day in days if day in hours.periods]
    return [
        Period(max(one.starts_at, period.starts_at), min(one.end, period.end))
        for one in opened
        if one.overlaps(period)
    ]


def longer(period: Period, *, minutes: int) -> Period:
    """Return the period with some minutes added at its end.

    Raises:
        RuleBroken: it is no extension, or a day's worth of one.
    """
    more = minutes * MINUTE
    if not timedelta(0) < more <= LONGEST_EXTENSION:
        raise RuleBroken(text("Choose how much longer, from 15 minutes up."), rule="extend")
    return Period(period.starts_at, period.end + more)


def with_buffers(periods: Iterable[Period], *, before: int, after: int) -> list[Period]:
    """Widen each period by minutes before and after; what then meets becomes one.

    Two neighbours of different bookings need the sum of what is between them.
    """
    found: list[Period] = []
    for one in periods:
        wide = Period(one.starts_at - before * MINUTE, one.end + after * MINUTE)
        if found and wide.starts_at <= found[-1].end:
            wide = Period(found.pop().starts_at, wide.end)
        found.append(wide)
    return found


def shortened(asked: Period, *, free: Sequence[Period], terms: Terms) -> Period | None:
    """Return the longest part of `asked` that is free, allowed and shorter than asked, if any."""
    best: Period | None = None
    for gap in free:
        starts = grid_up(max(gap.starts_at, asked.starts_at), terms.grid)
        ends = grid_down(min(gap.end, asked.end), terms.grid)
        if terms.longest is not None:
            ends = min(ends, starts + terms.longest)
        if ends - starts < terms.shortest:
            continue
        if best is None or ends - starts > best.length:
            best = Period(starts, ends)
    return best if best is not None and best.length < asked.length else None


def fitting_length(asked: Period, *, terms: Terms) -> timedelta:
    """Return the asked length, brought between shortest and longest and onto the grid."""
    steps = -(-asked.length // terms.grid)
    length = max(steps * terms.grid, terms.shortest)
    return min(length, terms.longest) if terms.longest is not None else length


def _begins_and_ends_open(period: Period, *, hours: Hours) -> bool:
    days = clock.days_of(period)
    first, last = hours.periods.get(days[0]), hours.periods.get(days[-1])
    if first is None or last is None:
        return False
    begins = first.starts_at <= period.starts_at < first.end
    return begins and last.starts_at < period.end <= last.end


def _closed_rule(day: date, hours: Hours) -> str:
    return "holiday" if day in hours.reasons else "opening_hours"


def _require_open(inside: bool, *, day: date, hours: Hours) -> None:
    if not inside:
        opened = hours.periods[day]
        raise RuleBroken(
            text(
                "On %(day)s it is open from %(from)s to %(to)s.",
                day=day,
                **{"from": clock.local(opened.starts_at).time()},
                to=clock.local(opened.end).time(),
            ),
            rule="opening_hours",
            earliest_at=opened.starts_at,
        )
