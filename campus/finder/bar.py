"""The bar of the Book page, in which the time, the kind and the wishes are said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from campus import clock
from campus.clock import Period
from campus.errors import text
from campus.finder.forms import Sort
from campus.finder.scene import Scene, time_of
from campus.finder.schemas import Ask, Chip, Choice
from campus.finder.terms import Calendar
from campus.spaces.models import BookingRule

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


def bar(
    scene: Scene, calendar: Calendar, rule: BookingRule, *, shares: Mapping[date, float]
) -> Ask:
    """Return the bar in which the time, the kind and the wishes are chosen."""
    slot, search = scene.slot, scene.search
    chips = tuple(
        Chip(
            day=day,
            href=scene.address.to({"day": day.isoformat()}),
            is_chosen=day == slot.day,
            share=shares.get(day, 1.0) if calendar.can_book(day) else None,
        )
        for day in week_of(calendar, slot.day)
    )
    first, last = chips[0].day - WEEK, chips[-1].day + ONE_DAY
    return Ask(
        chips=chips,
        earlier=_day_link(scene, first) if first >= calendar.today else "",
        later=_day_link(scene, last) if last <= calendar.last else "",
        sorts=_sorts(scene),
        wishes=_wishes(scene),
        quick=_quick(scene, calendar, rule) if calendar.terms.per_day else (),
        starts=_clock(slot.wanted.starts_at),
        ends=_clock(slot.wanted.end),
        first=_clock(slot.since),
        last=_clock(calendar.until(slot.day)),
        step=calendar.terms.grid // MINUTE,
        day=slot.day,
        earliest=calendar.today,
        latest=calendar.last,
        asks_people=scene.sort is Sort.ROOM,
        people=search.people,
        kept=_kept(scene),
    )


def week_of(calendar: Calendar, day: date) -> list[date]:
    """Return the seven days of the chips in which `day` lies, counted from today."""
    first = calendar.today + (day - calendar.today) // WEEK * WEEK
    return [first + n * ONE_DAY for n in range(WEEK.days) if first + n * ONE_DAY <= calendar.last]


def _day_link(scene: Scene, day: date) -> str:
    return scene.address.to({"day": day.isoformat()})


def _sorts(scene: Scene) -> tuple[Choice, ...]:
    address = scene.address.only("for", "day", "view")
    there = {lot.kind for lot in scene.house.lots}
    return tuple(
        Choice(label, is_chosen=sort is scene.sort, href=address.to({"kind": sort}), icon=icon)
        for sort, label, icon in (
            (Sort.DESK, text("Desk"), "lamp-desk"),
            (Sort.ROOM, text("Room"), "users"),
            (Sort.BOOTH, text("Call booth"), "phone"),
            (Sort.PARKING, text("Parking"), "square-parking"),
        )
        if there.intersection(sort.kinds)
    )


def _wishes(scene: Scene) -> tuple[Choice, ...]:
    """Return the wishes that some space of the kind fulfils, and any that was made."""
    ids = set(scene.looks)
    return tuple(
        Choice(wish.name, is_chosen=wish.code in scene.search.has, value=wish.code, icon=wish.icon)
        for wish in scene.wishes
        if wish.code in scene.search.has or ids & wish.has.keys()
    )


def _quick(scene: Scene, calendar: Calendar, rule: BookingRule) -> tuple[Choice, ...]:
    """Return the day and its halves, as far as they are not over."""
    day, left = scene.slot.day, Period(scene.slot.since, calendar.until(scene.slot.day))
    parts = (
        (text("whole day"), left),
        (text("morning"), _part(day, rule.morning_starts, rule.morning_ends, left)),
        (text("afternoon"), _part(day, rule.afternoon_starts, rule.afternoon_ends, left)),
    )
    return tuple(
        Choice(
            label,
            is_chosen=part == scene.slot.wanted,
            href=scene.address.to(time_of(part, day=day)),
        )
        for label, part in parts
        if part is not None and part.length >= scene.slot.shortest
    )


def _part(day: date, first: time, last: time, left: Period) -> Period | None:
    starts = max(clock.wall(day, first), left.starts_at)
    ends = min(clock.wall(day, last), left.end)
    return Period(starts, ends) if starts < ends else None


def _kept(scene: Scene) -> tuple[tuple[str, str], ...]:
    kept = scene.address.only("for", "kind", "view", "floor", "zone", "space").said
    return tuple((name, str(value)) for name, value in kept.items() if value)


def _clock(at: datetime) -> time:
    return clock.local(at).time()
