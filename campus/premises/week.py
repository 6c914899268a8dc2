"""What the pages of hours and rules show: the week of each kind, days of their own, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext

from campus.errors import NotFound, Spoken, Text, text
from campus.premises import queries, verdict
from campus.premises.forms import (
    ALL,
    MONDAY,
    ExceptionForm,
    HolidaysForm,
    RuleForm,
    WeekForm,
)
from campus.premises.models import RuleFields
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces import service as ground
from campus.spaces.models import BookingRule, OpeningHours, Site, SpaceKind
from campus.web.forms import SelectChoice
from campus.web.templating import translate, weekday

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WeekRow:
    """The week of a kind, or of all: seven days, or None where it follows that of all."""

    name: Text
    key: str
    days: Sequence[OpeningHours | None] | None


def week_rows() -> list[WeekRow]:
    """Return the week of all, then that of every kind."""
    weeks = queries.weeks()
    rows = [WeekRow(text("All kinds"), ALL, weeks.get(None, [None] * 7))]
    return rows + [WeekRow(words.MANY[kind], kind, weeks.get(kind)) for kind in SpaceKind]


def weekdays() -> list[str]:
    """Return the names of the days from Monday on, short."""
    return [weekday(MONDAY + number * ONE_DAY) for number in range(7)]


def week_form(kind: SpaceKind | None, *, as_it_is: bool = False) -> WeekForm:
    """Return the form of a week; a kind without one of its own begins with that of all."""
    own = queries.week_of(kind)
    shown = own or queries.week_of(None) or [(None, None)] * 7
    data: dict[str, Any] = {"seen": verdict.week_version(kind)}
    for number, (opens, closes) in enumerate(shown):
        data |= {f"opens_{number}": opens, f"closes_{number}": closes}
    more: dict[str, Any] = {"formdata": None} if as_it_is else {}
    return WeekForm(data=data, **more)


def rule_to_keep(kind: SpaceKind) -> tuple[BookingRule, bool]:
    """Return the rule of a kind and whether it holds; one that nobody set yet is the usual one."""
    rule = queries.rule_of(kind)
    if rule is not None:
        return rule, True
    usual = BookingRule(kind=kind, **ground.USUAL_RULES[kind])
    for column in BookingRule.__table__.columns:
        if getattr(usual, column.key) is None and column.default is not None:
            setattr(usual, column.key, getattr(column.default, "arg", None))
    return usual, False


def rule_form(rule: BookingRule, *, as_it_is: bool = False) -> RuleForm:
    """Return the form of a rule: as it was sent, or `as_it_is`."""
    more: dict[str, Any] = {"formdata": None} if as_it_is else {}
    return RuleForm(data=verdict.shown(rule, RuleFields), **more)


def holidays_ahead(today: date) -> Mapping[date, Spoken]:
    """Return the public holidays of the coming year that close the campus."""
    return spaces.holidays(first=today, last=today + 365 * ONE_DAY)


def rules_in_words() -> list[tuple[SpaceKind, Text, list[Text] | None]]:
    """Return every kind with the sentences of its rule; None where nobody set one."""
    known = spaces.booking_rules()
    return [
        (kind, words.MANY[kind], words.rule_in_words(known[kind]) if kind in known else None)
        for kind in SpaceKind
    ]


def kind_of(sent: str) -> SpaceKind | None:
    """Return the kind that an address names; None for all of them.

    Raises:
        NotFound: there is no such kind.
    """
    if sent != ALL and sent not in set(SpaceKind):
        raise NotFound(text("There is no kind of place called %(code)s.", code=sent[:40]))
    return None if sent == ALL else SpaceKind(sent)


def kind_named(sent: str) -> SpaceKind:
    """Return the kind that an address names.

    Raises:
        NotFound: there is no such kind.
    """
    kind = kind_of(sent)
    if kind is None:
        raise NotFound(text("There is no kind of place called %(code)s.", code=ALL))
    return kind


def exception_at(on: str, kind: str) -> OpeningHours:
    """Return what was said of a day, by its address.

    Raises:
        NotFound: nothing was.
    """
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise NotFound(text("Nothing was said of that day.")) from None
    row = queries.exception_on(day, kind=kind_of(kind))
    if row is None:
        raise NotFound(text("Nothing was said of that day."))
    return row


def exception_form(row: OpeningHours | None, *, as_it_is: bool = False) -> ExceptionForm:
    """Return the form of a day with hours of its own: as it was sent, or as it is."""
    data: dict[str, Any] = {"kind": None, "is_closed": "1", "first": _asked()}
    if row is not None:
        data = {
            "kind": row.kind,
            "is_closed": "1" if row.opens is None else "0",
            "first": row.on_day,
            "opens": row.opens,
            "closes": row.closes,
            "reason_nl": row.reason_nl,
            "reason_en": row.reason_en,
            "seen": verdict.day_version(row),
        }
    more: dict[str, Any] = {"formdata": None} if as_it_is else {}
    form = ExceptionForm(data=data, **more)
    if row is not None:  # its address says which day and kind it is about
        form.kind.data, form.first.data, form.last.data = row.kind, row.on_day, None
    kinds = [SelectChoice(kind, translate(words.MANY[kind])) for kind in SpaceKind]
    form.kind.choices = [SelectChoice(ALL, gettext("All kinds")), *kinds]
    return form


def _asked() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def holidays_form(site: Site | None, *, as_it_is: bool = False) -> HolidaysForm:
    """Return the form of how the campus keeps holidays; it keeps them where nobody said."""
    data = {
        "closes": site.closes_on_holidays if site else True,
        "good_friday": site.closes_on_good_friday if site else False,
        "seen": verdict.holidays_version(site),
    }
    more: dict[str, Any] = {"formdata": None} if as_it_is else {}
    return HolidaysForm(data=data, **more)
