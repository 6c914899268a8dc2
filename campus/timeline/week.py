"""The week of one room, and the form beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import url_for

from campus import clock
from campus.bookings import policy
from campus.clock import Period
from campus.errors import NotFound, Spoken, Text, text
from campus.members.models import Actor
from campus.spaces import queries as spaces
from campus.spaces.models import BookingRule, Space, SpaceKind, SpaceState
from campus.timeline import listing, queries, rules
from campus.timeline.forms import week_code
from campus.timeline.rules import Frame, Room, Use
from campus.timeline.scene import Sheet, free_of
from campus.timeline.schemas import Draft, Drawn, Week, WeekDay
from campus.timeline.terms import Terms, can_book_on, how_far, offer_of, proposed, terms_of
from campus.web.forms import FIRST_DAY, LAST_DAY
from campus.web.templating import day as spoken_day

ONE_DAY = timedelta(days=1)
SEVEN = timedelta(days=7)
FRIDAY = 4  # the last day that is shown even when it is closed
MIDNIGHT = time(0)
USUAL = time(8), time(20)  # drawn where nothing is open
CLOSED = rules.CLOSED


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the week of a room.

    Attributes:
        hours: of its open days; reasons: why others are closed.
    """

    space: Space
    room: Room
    rule: BookingRule
    hours: Mapping[date, Period]
    reasons: Mapping[date, Spoken]
    uses: Sequence[Use]
    actor: Actor | None
    now: datetime

    @property
    def terms(self) -> Terms:
        """How the room is booked."""
        return terms_of(self.rule)

    @property
    def barred(self) -> Text | None:
        """Why this reader may not book the room."""
        return policy.why_not_book(self.actor, self.space) if self.actor else None


def week_page(
    code: str, *, on: date, actor: Actor | None, now: datetime, mistakes: Sequence[Text]
) -> Week:
    """Return the week of a room in which a day lies.

    Raises:
        NotFound: there is no such room, or it is not booked by the hour.
    """
    monday = on - on.weekday() * ONE_DAY
    days = [monday + n * ONE_DAY for n in range(7)]
    seen = _seen(code, days, actor=actor, now=now)
    sheets = _sheets(seen, days)
    shown = _shown(seen, sheets)
    path = url_for("timeline.week", code=seen.space.code)
    features = spaces.features_of([seen.space.id]).get(seen.space.id, [])
    return Week(
        space=seen.space,
        number=monday.isocalendar().week,
        span=_span(monday, shown[-1].day),
        days=[_day(seen, sheet) for sheet in shown],
        drawn=_drawn(shown),
        earlier=_week_at(path, monday - SEVEN),
        later=_week_at(path, monday + SEVEN) if _leads_on(seen, monday + SEVEN) else "",
        day_href=_day_href(seen.space, on),
        features=[
            Spoken(one.feature.name_nl, one.feature.name_en)
            for one in features
            if one.feature.is_filter
        ],
        draft=_draft(seen, sheets, on=on),
        too_far=_too_far(seen, monday),
        barred=seen.barred,
        mistakes=mistakes,
    )


def _seen(code: str, days: Sequence[date], *, actor: Actor | None, now: datetime) -> Seen:
    space = spaces.space_by_code(code)
    if space.state is not SpaceState.ACTIVE or space.by_application:
        raise NotFound(text("There is no room called %(code)s to book.", code=space.code))
    parts = tuple(part.id for part in spaces.parts_of(space))
    room = Room(
        space.id, space.code, space.name, space.kind.value, space.audience.value, space.capacity,
        "", "", space.buffer_before_minutes * rules.MINUTE,
        space.buffer_after_minutes * rules.MINUTE, space.available_from_on,
        space.available_until_on, parts,
    )  # fmt: skip
    whole = Period(clock.midnight(days[0]), clock.midnight(days[-1] + ONE_DAY))
    found = queries.uses(whole, reader=actor, space_ids=parts)
    uses = found if parts == (space.id,) else rules.apart(found)
    opening = spaces.opening(space.kind, first=days[0], last=days[-1])
    return Seen(
        space,
        room,
        spaces.booking_rule(space.kind),
        opening.periods,
        opening.reasons,
        uses,
        actor,
        now,
    )


def _sheets(seen: Seen, days: Iterable[date]) -> list[Sheet]:
    """Return the days on common hours of the wall clock."""
    frames = [_frame(seen, day) for day in days]
    edges = [
        (clock.local(one.hours.starts_at).time(), clock.local(one.hours.end).time())
        for one in frames
    ]
    first = min(one for one, _ in edges)
    last = MIDNIGHT if MIDNIGHT in [one for _, one in edges] else max(one for _, one in edges)
    return [_sheet(seen, day, first=first, last=last) for day in days]


def _frame(seen: Seen, day: date) -> Frame:
    hours = seen.hours.get(day)
    uses = _uses_on(seen, clock.day_period(day))
    usual = Period(clock.wall(day, USUAL[0]), clock.wall(day, USUAL[1]))
    return rules.frame_of(day, [hours] if hours else [], uses, usual=usual)


def _sheet(seen: Seen, day: date, *, first: time, last: time) -> Sheet:
    ends = clock.midnight(day + ONE_DAY) if last == MIDNIGHT else clock.wall(day, last)
    hours, kind, terms = seen.hours.get(day), seen.room.kind, seen.terms
    is_open = seen.barred is None and can_book_on(day, terms, now=seen.now)
    return Sheet(
        day=day,
        frame=Frame(Period(clock.wall(day, first), ends)),
        opened={kind: hours} if hours else {},
        offers={kind: offer_of(hours, terms=terms, now=seen.now)} if is_open and hours else {},
        now=seen.now,
    )


def _uses_on(seen: Seen, period: Period) -> list[Use]:
    return [use for use in seen.uses if use.held.overlaps(period)]


def _shown(seen: Seen, sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the working days, and of the weekend what is open or used."""
    return [
        sheet
        for sheet in sheets
        if sheet.day.weekday() <= FRIDAY or sheet.opened or _uses_on(seen, sheet.frame.hours)
    ]


def _day(seen: Seen, sheet: Sheet) -> WeekDay:
    uses = _uses_on(seen, clock.day_period(sheet.day))
    hours = sheet.opened.get(seen.room.kind) if seen.room.is_there_on(sheet.day) else None
    blocks = listing.blocks_of(
        sheet, seen.room, uses, free=free_of(sheet, seen.room, uses), hours=hours
    )
    return WeekDay(
        day=sheet.day,
        is_today=sheet.day == clock.today(seen.now),
        blocks=[one for one in blocks if one.tone != "off" or hours],
        closed=None if hours else seen.reasons.get(sheet.day, CLOSED),
    )


def _drawn(sheets: Sequence[Sheet]) -> Drawn:
    """Return the hours beside the week; the line of now stands in today's column."""
    today = next((one for one in sheets if one.frame.hours.starts_at <= one.now), sheets[0])
    drawn = [listing.drawn(one, asks=False) for one in sheets]
    now = next((one.now for one in drawn if one.now), None)
    marks = listing.drawn(today, asks=False).marks
    return Drawn(hours=drawn[0].hours, marks=marks, now=now)


def _span(first: date, last: date) -> str:
    """Return "23–27 November", or "30 November – 4 December"."""
    end = spoken_day(last, pattern="d MMMM")
    if first.month == last.month:
        return f"{first.day}–{end}"
    return f"{spoken_day(first, pattern='d MMMM')} – {end}"


def _week_at(path: str, monday: date) -> str:
    is_known = FIRST_DAY <= monday < LAST_DAY - SEVEN
    return f"{path}?week={week_code(monday)}" if is_known else ""


def _too_far(seen: Seen, monday: date) -> Text | None:
    """Say from when on a week is too far ahead to be booked, where it is."""
    days = seen.rule.horizon_days
    if _leads_on(seen, monday):
        return None
    return how_far(days, today=clock.today(seen.now))


def _leads_on(seen: Seen, monday: date) -> bool:
    """Whether somebody can book anything in a week."""
    return monday <= clock.today(seen.now) + seen.rule.horizon_days * ONE_DAY


def _day_href(space: Space, day: date) -> str:
    """Return the address of the day on which this room is among the others."""
    is_room = space.kind not in {SpaceKind.DESK, SpaceKind.PARKING}
    return url_for("timeline.day", day=day, kind=None if is_room else space.kind.value)


def _draft(seen: Seen, sheets: Sequence[Sheet], *, on: date) -> Draft | None:
    """Return what the form proposes: the day asked for, or the first after it that is free."""
    today, terms = clock.today(seen.now), seen.terms
    latest = today + terms.horizon_days * ONE_DAY
    if sheets[-1].day < today or sheets[0].day > latest:
        return None
    found = [(sheet, free_of(sheet, seen.room, _uses_on(seen, clock.day_period(sheet.day))))
             for sheet in sheets if sheet.day >= max(on, today)]  # fmt: skip
    sheet, gap = next(((one, free[0]) for one, free in found if free), (None, None))
    if sheet is None or gap is None:
        return None
    part, frame = proposed(gap, terms=terms), sheet.frame
    return Draft(
        day=sheet.day,
        starts=rules.at(part.starts_at),
        ends=rules.at(part.end),
        first=rules.at(frame.hours.starts_at),
        last=rules.at(frame.hours.end),
        step=terms.grid // rules.MINUTE,
        earliest=today,
        latest=latest,
        asks_title=seen.space.kind not in policy.WITHOUT_TITLE,
        is_free=True,
    )
