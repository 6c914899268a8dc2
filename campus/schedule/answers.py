"""What an import says when it is done: sentences for people, or the same as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from campus import clock
from campus.clock import Period
from campus.errors import Text
from campus.schedule.models import Held, Named, Notice, Outcome, Refused, Row, Survey
from campus.schedule.verdict import ALONE
from campus.web.templating import translate

Thing = TypeVar("Thing")
MOST_LINES = 50  # of each list, for people; JSON has the first thousand
RULES = {
    "past": "in the past",
    "horizon": "further ahead than people can book",
    "grid": "off the grid",
    "opening_hours": "outside opening hours",
    "holiday": "on a holiday",
    "shortest": "shorter than people can book",
    "longest": "longer than people can book",
    "available": "when the space is not in use",
    ALONE: "more than one for a person",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A run, to be told.

    Attributes:
        places: codes of the spaces it made, or would make.
        said: what was settled on the way, in sentences.
    """

    outcome: Outcome
    survey: Survey
    is_trial: bool = False
    places: Sequence[str] = ()
    said: Sequence[Text] = field(default_factory=tuple)


def in_words(report: Report) -> str:
    """Return what became of a file, for people."""
    return "\n".join(_lines(report))


def in_data(report: Report) -> dict[str, object]:
    """Return what became of a file, for programs."""
    outcome = report.outcome
    return {
        "trial": report.is_trial,
        "booked": outcome.booked,
        "unchanged": outcome.unchanged,
        "changed": _data(outcome.changed, _row_data),
        "refused": _data(outcome.refused, _refused_data),
        "standing": _data(outcome.standing, _row_data),
        "listed": _data(outcome.listed, _row_data),
        "notices": {
            rule: {"count": notices.count, "example": _notice_data(notices.kept[0])}
            for rule, notices in outcome.notices.items()
        },
        "outside": report.survey.outside,
        "left_out": report.survey.left_out,
        "spaces_added": list(report.places),
        "warnings": [*map(translate, report.said), *report.survey.warnings],
    }


def stays(booked: int) -> str:
    """Return what is true of an import that stopped on its way."""
    return (
        f"{booked:,} bookings are booked whole and stay; nothing is half done."
        " Run the same command again: it goes on where it stopped."
    )


def _lines(report: Report) -> Iterator[str]:
    outcome, survey = report.outcome, report.survey
    if report.is_trial:
        yield "Nothing was booked: this only tried."
    yield _counts(report.outcome, is_trial=report.is_trial)
    if report.places:
        made = "Would be made" if report.is_trial else "Made"
        yield f"{made}, in no building yet: {_enumerated(report.places)}."
    yield from map(translate, report.said)
    if survey.outside:
        yield f"Outside the days asked for: {survey.outside:,}."
    if survey.left_out:
        yield f"Left out by the map: {survey.left_out:,}."
    yield from _list("Refused, for the place is taken then", outcome.refused, _refusal)
    yield from _list("Changed, as the source changed", outcome.changed, _named)
    yield from _list("Given back or cancelled here, and left so", outcome.standing, _named)
    yield from _list("Read and not booked", outcome.listed, _listed)
    if outcome.notices:
        yield "Rules that were set aside:"
    for rule, notices in sorted(outcome.notices.items()):
        first = notices.kept[0]
        yield f"  {RULES.get(rule, rule)}: {notices.count:,}, such as {_named(first.row)}"
        yield f"    {translate(first.said)}"
    if survey.warnings:
        yield "About the file:"
        yield from (f"  {warning}" for warning in survey.warnings)


def _counts(outcome: Outcome, *, is_trial: bool) -> str:
    counts = {
        "booked": outcome.booked,
        "refused": outcome.refused.count,
        "changed": outcome.changed.count,
        "unchanged": outcome.unchanged,
        "left as people left them here": outcome.standing.count,
        "listed, not booked": outcome.listed.count,
    }
    said = [f"{count:,} {what}" for what, count in counts.items() if count or what == "booked"]
    return f"{'Would be: ' if is_trial else ''}{', '.join(said)}."


def _list(head: str, things: Named[Thing], words: Callable[[Thing], str]) -> Iterator[str]:
    if not things.count:
        return
    yield f"{head}:"
    yield from (f"  {words(one)}" for one in things.kept[:MOST_LINES])
    if (more := things.count - MOST_LINES) > 0:
        yield f"  and {more:,} more"


def _enumerated(codes: Sequence[str]) -> str:
    more = len(codes) - MOST_LINES
    return ", ".join(codes[:MOST_LINES]) + (f" and {more:,} more" if more > 0 else "")


def _named(row: Row) -> str:
    line = f"line {row.line}: " if row.line else ""
    when = _when(row.period) if row.period else row.on
    title = f", “{row.title}”" if row.title else ""
    return f"{line}{row.code}, {when}{title}"


def _listed(row: Row) -> str:
    return f"{_named(row)}: {row.why_not}"


def _refusal(refused: Refused) -> str:
    row, held = refused.row, refused.held
    return f"{_named(row)}. {row.code} is taken then by {_holder(held)}, {_until(held, row)}"


def _holder(held: Held) -> str:
    if held.is_closure:
        return f"a closure ({held.title})" if held.title else "a closure"
    return f"“{held.title}”" if held.title else "another booking"


def _until(held: Held, row: Row) -> str:
    """Return when a claim is: its hours, and its day where that is another one."""
    known = held.known
    if known.ends_at is None:
        return f"since {_when_at(known.starts_at)}"
    same = row.period and clock.today(known.starts_at) == clock.today(row.period.starts_at)
    ends = clock.local(known.ends_at)
    if same and ends.date() == clock.today(known.starts_at):
        return f"{clock.local(known.starts_at):%H:%M}–{ends:%H:%M}"
    return _when(known)


def _when(period: Period) -> str:
    ends = clock.local(period.end)
    is_one_day = ends.date() == clock.today(period.starts_at)
    until = f"–{ends:%H:%M}" if is_one_day else f" to {_when_at(period.end)}"
    return f"{_when_at(period.starts_at)}{until}"


def _when_at(at: datetime) -> str:
    local = clock.local(at)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


# --- JSON -------------------------------------------------------------------------------------


def _data(things: Named[Thing], made: Callable[[Thing], object]) -> dict[str, object]:
    return {"count": things.count, "first": [made(one) for one in things]}


def _row_data(row: Row) -> dict[str, object]:
    return {
        "line": row.line or None,
        "source": row.source,
        "space": row.code,
        "title": row.title,
        "day": row.on or None,
        "reason": row.why_not or None,
        **_period_data(row.period),
    }


def _refused_data(refused: Refused) -> dict[str, object]:
    held = refused.held
    by = {
        "kind": "closure" if held.is_closure else "booking",
        "title": held.title,
        **_period_data(held.known),
    }
    return {**_row_data(refused.row), "by": by}


def _notice_data(notice: Notice) -> dict[str, object]:
    return {**_row_data(notice.row), "said": translate(notice.said)}


def _period_data(period: Period | None) -> dict[str, str | None]:
    ends_at = period.ends_at if period else None
    return {
        "starts_at": period.starts_at.isoformat() if period else None,
        "ends_at": ends_at.isoformat() if ends_at else None,
    }
