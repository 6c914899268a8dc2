"""The time asked for: the one said, or the nearest that can be had, and why it is another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campus import clock
from campus.clock import Period
from campus.errors import RuleBroken, Text, text, text_plural
from campus.finder.rules import Habit, Slot, to_grid
from campus.finder.terms import Calendar, Terms

ONE_DAY = timedelta(days=1)
NINE = time(9)
MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Said:
    """A day and hours as somebody said them, each of them or none."""

    day: date | None = None
    starts: time | None = None
    ends: time | None = None


def slot_among(
    said: Said, *, plain: Calendar, whole: Calendar, habit: Habit | None
) -> tuple[Slot | None, list[Text]]:
    """Return the time asked for of several kinds, and why it is another one.

    What nobody said is proposed as it can be had of the plainest kind.

    Args:
        whole: when any of the kinds can be booked.
    """
    is_proposed = said.starts is None and said.ends is None
    if is_proposed and (said.day is None or plain.can_book(said.day)):
        slot, mistakes = slot_for(said, plain, habit)
        if slot is not None:
            return slot_of(slot.day, slot.wanted, whole), mistakes
    return slot_for(said, whole, habit)


def slot_of(day: date, wanted: Period, calendar: Calendar) -> Slot:
    """Return a time on a day that can be booked, by a kind's hours and terms."""
    terms = calendar.terms
    return Slot(
        day=day,
        hours=calendar.periods[day],
        wanted=wanted,
        since=calendar.since(day),
        grid=terms.grid,
        shortest=terms.shortest,
        longest=terms.longest,
    )


def slot_for(
    said: Said, calendar: Calendar, habit: Habit | None
) -> tuple[Slot | None, list[Text]]:
    """Return the time asked for, or the nearest that can be had, and why it is another one.

    Without any day that can be booked there is no slot.
    """
    mistakes: list[Text] = []
    day = _day(said, calendar, habit, mistakes)
    if day is None:
        return None, [*mistakes, text("No day can be booked yet: there are no opening hours.")]
    is_asked = said.day in {None, day}
    wanted = _wanted(said, calendar, habit, day, mistakes if is_asked else [])
    return slot_of(day, wanted, calendar), mistakes


def _day(said: Said, calendar: Calendar, habit: Habit | None, mistakes: list[Text]) -> date | None:
    asked, last = said.day, calendar.last
    if asked is None:
        return _first_without(calendar, habit)
    if asked < calendar.today:
        mistakes.append(text("%(day)s is over.", day=asked))
    elif asked > last:
        mistakes.append(
            text_plural(
                "You can book up to %(num)s day ahead, until %(day)s.",
                "You can book up to %(num)s days ahead, until %(day)s.",
                num=calendar.terms.horizon_days,
                day=last,
            )
        )
    elif asked in calendar.reasons:
        reason = calendar.reasons[asked]
        mistakes.append(
            text("The campus is closed on %(day)s: %(reason)s.", day=asked, reason=reason)
        )
    elif asked not in calendar.periods:
        mistakes.append(text("The campus is closed on %(day)s.", day=asked))
    elif not calendar.can_book(asked):
        mistakes.append(text("Today is over."))
    nearest = calendar.nearest(min(max(asked, calendar.today), last))
    is_over = asked < calendar.today or asked in calendar.periods
    if is_over and nearest is not None and nearest > asked:
        mistakes.append(text("The first day you can book is %(day)s.", day=nearest))
    return nearest


def _first_without(calendar: Calendar, habit: Habit | None) -> date | None:
    """Return the first day; by the day, the first on which the person has none yet."""
    booked = habit.booked if habit and calendar.terms.per_day else frozenset()
    without = [day for day in sorted(calendar.periods) if day not in booked]
    return next(filter(calendar.can_book, without), calendar.nearest(calendar.today))


def _wanted(
    said: Said, calendar: Calendar, habit: Habit | None, day: date, mistakes: list[Text]
) -> Period:
    usual = _usual(calendar, habit, day)
    starts = _instant(day, said.starts, mistakes) or usual.starts_at
    ends = _end(day, said.ends, mistakes)
    if ends is not None and said.starts is not None and ends <= starts:
        mistakes.append(text("The end must be after the start."))
        ends = None
    if ends is None:
        keeps_end = said.starts is None or calendar.terms.per_day
        ends = usual.end if keeps_end and usual.end > starts else starts + usual.length
    elif said.starts is None and ends <= starts:
        starts = ends - calendar.terms.shortest
    return _fitted(starts, ends, calendar=calendar, day=day, mistakes=mistakes)


def _instant(day: date, at: time | None, mistakes: list[Text]) -> datetime | None:
    if at is None:
        return None
    try:
        return clock.instant(day, at)
    except RuleBroken as skipped:
        mistakes.append(skipped.message)
        return clock.wall(day, at)


def _end(day: date, at: time | None, mistakes: list[Text]) -> datetime | None:
    return _instant(day + ONE_DAY if at == MIDNIGHT else day, at, mistakes)


def _usual(calendar: Calendar, habit: Habit | None, day: date) -> Period:
    """Return the time that is proposed: as last time, else a usual day or the next hour."""
    terms, since, end = calendar.terms, calendar.since(day), calendar.until(day)
    first, last = habit.hours if habit else terms.usual
    starts = max(clock.wall(day, first), since)
    ends = clock.wall(day + ONE_DAY if last <= first else day, last)
    if not terms.per_day:
        length = habit.ends_at - habit.starts_at if habit else terms.length
        is_today = day == calendar.today
        starts = since if is_today and (habit is None or starts <= since) else starts
        starts = starts if habit or is_today else max(clock.wall(day, NINE), since)
        ends = starts + length
    ends = min(ends, end)
    if ends - starts < terms.shortest:
        starts, ends = since, end
        ends = end if terms.per_day else min(since + terms.length, end)
    return Period(starts, ends)


def _fitted(
    starts: datetime, ends: datetime, *, calendar: Calendar, day: date, mistakes: list[Text]
) -> Period:
    """Bring a period into what can be booked of the day, and say what did not fit."""
    terms, hours, since = calendar.terms, calendar.periods[day], calendar.since(day)
    until = calendar.until(day)
    if starts < hours.starts_at or ends > hours.end:
        opens, closes = clock.local(hours.starts_at).time(), clock.local(hours.end).time()
        mistakes.append(
            text(
                "On %(day)s the campus is open %(opens)s–%(closes)s.",
                day=day,
                opens=opens,
                closes=closes,
            )
        )
    elif ends <= since:
        mistakes.append(text("That time has passed."))
        starts, ends = since, since + max(ends - starts, terms.shortest)
    starts, ends = _on_grid(starts, ends, day=day, terms=terms, mistakes=mistakes)
    starts = min(max(starts, since), until - terms.shortest)
    ends = min(ends, until)
    if terms.longest is not None and ends - starts > terms.longest:
        mistakes.append(text("One booking takes at most %(length)s.", length=terms.longest))
        ends = starts + terms.longest
    return Period(starts, max(ends, starts + terms.shortest))


def _on_grid(
    starts: datetime, ends: datetime, *, day: date, terms: Terms, mistakes: list[Text]
) -> tuple[datetime, datetime]:
    midnight = clock.midnight(day)
    first = to_grid(starts, midnight=midnight, grid=terms.grid)
    last = to_grid(ends, midnight=midnight, grid=terms.grid, up=True)
    if (first, last) != (starts, ends):
        minutes = terms.grid // timedelta(minutes=1)
        mistakes.append(text("Choose times in steps of %(minutes)s minutes.", minutes=minutes))
    return first, last
