"""What is free, in words and parcels; when the doctor comes, and how findings are kept; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from campus import clock
from campus.clock import Period
from campus.errors import Finding, Text, text
from campus.occupancy.rules import gaps
from campus.web import strips
from campus.web.strips import Cell

DAY = timedelta(days=1)
LONGEST_LOOK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a booking that is proposed lasts, and what stays free around it.

    Attributes:
        step: times lie on it, counted from campus midnight.
        until: a proposal ends at this time of day, where the space is taken by the day.
        usual: or lasts this long.
        decent: a shorter time is proposed only where there is no such gap.
        before, after: buffers of the space.
        earliest: nothing is proposed before it.
    """

    step: timedelta
    shortest: timedelta
    usual: timedelta
    decent: timedelta
    until: time | None
    before: timedelta
    after: timedelta
    earliest: datetime


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day's opening hours and what is taken of them."""

    day: date
    hours: Period
    taken: Sequence[Period]


def free_parts(day: OpenDay, *, since: datetime) -> list[Period]:
    """Return what is free of a day's hours from an instant on."""
    if day.hours.end <= since:
        return []
    return gaps(Period(max(day.hours.starts_at, since), day.hours.end), day.taken)


def free_words(day: OpenDay, *, now: datetime) -> Text:
    """Return "free until 13:00", "taken", "free all day": what is free now, or longest."""
    if day.hours.end <= now:
        return text("over")
    free = free_parts(day, since=now)
    if not free:
        return text("taken")
    if not any(period.overlaps(day.hours) for period in day.taken):
        return text("free all day")
    longest = max(free, key=lambda period: period.length)
    first = free[0] if free[0].starts_at == now else longest
    if first.starts_at <= max(now, day.hours.starts_at):
        return text("free until %(at)s", at=hour_of(first.end))
    if longest.end == day.hours.end:
        return text("free from %(at)s", at=hour_of(longest.starts_at))
    return text(
        "free %(start)s–%(end)s", start=hour_of(longest.starts_at), end=hour_of(longest.end)
    )


def now_words(day: OpenDay, *, now: datetime) -> Text:
    """Return how a space is at this moment: "taken until 11:30", or what is left free."""
    held = next((one for one in day.taken if one.starts_at <= now and _reaches(one, now)), None)
    if held is None or not day.hours.starts_at <= now < day.hours.end:
        return free_words(day, now=now)
    later = free_parts(day, since=now)
    if not later:
        return text("taken")
    return text("taken until %(at)s", at=hour_of(later[0].starts_at))


def hour_of(at: datetime) -> time:
    """Return an instant's time of day by the campus clock."""
    return clock.local(at).time().replace(second=0, microsecond=0)


def frame(days: Iterable[OpenDay], day: date) -> Period:
    """Return the hours that the strips of several days share, on one of them."""
    ends = [(hour_of(one.hours.starts_at), _until(one)) for one in days]
    first = min(start for start, _ in ends)
    last = max(end for _, end in ends)
    end = clock.midnight(day + DAY) if last >= DAY else clock.wall(day, _time_of(last))
    return Period(clock.wall(day, first), end)


def strip(day: OpenDay, hours: Period, *, now: datetime) -> list[Cell]:
    """Return a day's parcels within the hours that are drawn; closed and past ones hatched."""
    shut = gaps(hours, [day.hours])
    taken = [(period, "past" if _is_over(period, now) else "") for period in day.taken]
    cells = strips.cells(hours, [*((period, "past") for period in shut), *taken])
    return cells + strips.now_cell(hours, now=now)


def proposal(days: Iterable[OpenDay], *, terms: Terms) -> Period | None:
    """Return the first stretch of a decent length that is free, or of any length, or nothing."""
    fits = [fit for day in days for gap in _gaps(day, terms) if (fit := _fit(gap, day.day, terms))]
    return next((fit for fit in fits if fit.length >= terms.decent), fits[0] if fits else None)


def _gaps(day: OpenDay, terms: Terms) -> list[Period]:
    """Return what of a day is free for a booking with buffers of its own."""
    apart = [_widened(period, terms) for period in day.taken]
    return free_parts(OpenDay(day.day, day.hours, apart), since=terms.earliest)


def _reaches(period: Period, at: datetime) -> bool:
    return period.ends_at is None or at < period.ends_at


def _is_over(period: Period, now: datetime) -> bool:
    return period.ends_at is not None and period.ends_at <= now


def _until(day: OpenDay) -> timedelta:
    """Return the end of a day's hours, counted on the wall clock from its midnight."""
    end = clock.local(day.hours.end)
    days = (end.date() - day.day).days
    return timedelta(days=days, hours=end.hour, minutes=end.minute)


def _time_of(length: timedelta) -> time:
    minutes = length // timedelta(minutes=1)
    return time(minutes // 60, minutes % 60)


def _widened(period: Period, terms: Terms) -> Period:
    """Return what a claim keeps from a new one that has buffers of its own."""
    ends_at = None if period.ends_at is None else period.ends_at + terms.before
    return Period(period.starts_at - terms.after, ends_at)


def _fit(gap: Period, day: date, terms: Terms) -> Period | None:
    midnight = clock.midnight(day)
    start = midnight - (midnight - gap.starts_at) // terms.step * terms.step  # rounded up
    until = None if terms.until is None else clock.wall(day, terms.until)
    wanted = (
        until if until is not None and until >= start + terms.shortest else start + terms.usual
    )
    last = midnight + (min(wanted, gap.end) - midnight) // terms.step * terms.step
    return Period(start, last) if last - start >= terms.shortest else None


# --- the doctor -------------------------------------------------------------------------------

NIGHT = time(3, 30)  # by the campus's clock
NIGHT_LASTS = timedelta(hours=2, minutes=30)  # a worker that starts later in the day waits
KINDS: dict[str, type[date] | type[time]] = {"date": date, "time": time}


def is_forsaken(begun_at: datetime | None, *, now: datetime) -> bool:
    """Whether nobody is making a look: it was not begun, or so long ago that its worker died."""
    return begun_at is None or begun_at <= now - LONGEST_LOOK


def is_due(now: datetime, *, last_at: datetime | None) -> bool:
    """Whether it is night, and nobody has looked into the data since it began."""
    begins = clock.wall(clock.today(now), NIGHT)
    is_night = begins <= now < begins + NIGHT_LASTS
    return is_night and (last_at is None or last_at < begins)


def kept(findings: Iterable[Finding]) -> str:
    """Return findings as JSON; their sentences stay to be translated."""
    return json.dumps(
        [
            {
                "code": one.code,
                "checked": _kept(one.checked),
                "count": one.count,
                "faults": [_kept(fault) for fault in one.faults],
                "seconds": one.seconds,
            }
            for one in findings
        ]
    )


def findings_of(raw: str) -> list[Finding]:
    """Return findings from what `kept` made of them."""
    return [
        Finding(
            one["code"],
            _text_of(one["checked"]),
            one["count"],
            [_text_of(fault) for fault in one["faults"]],
            one["seconds"],
        )
        for one in json.loads(raw or "[]")
    ]


def _kept(words: Text) -> dict[str, Any]:
    values: dict[str, object] = {}
    for name, value in words.values.items():
        kind = next((kind for kind, of in KINDS.items() if type(value) is of), "")
        if kind:
            values[name] = {kind: str(value)}
        else:
            values[name] = value if isinstance(value, int) else str(value)
    return {"msgid": words.msgid, "values": values}


def _text_of(said: dict[str, Any]) -> Text:
    return Text(
        said["msgid"],
        {
            name: _value_of(*value.popitem()) if isinstance(value, dict) else value
            for name, value in said["values"].items()
        },
    )


def _value_of(kind: str, said: str) -> object:
    return KINDS[kind].fromisoformat(said)
