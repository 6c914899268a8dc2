"""What is asked for: the bar in which it is said, and the place that answers it best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from campus import clock
from campus.clock import Period
from campus.errors import Text, text
from campus.finder import rules
from campus.finder.forms import Search, Sort
from campus.finder.queries import Wish
from campus.finder.rules import Claim, Habit, Liking, Look, Lot, State
from campus.finder.schemas import Ask, Chip, Choice
from campus.finder.verdict import Calendar
from campus.finder.ways import Scene, time_of
from campus.members.models import Actor
from campus.spaces.models import Audience, BookingRule

ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
RESERVED = {
    Audience.RESIDENTS: text("for residents"),
    Audience.STAFF: text("by the front desk"),
}


# --- the bar ----------------------------------------------------------------------------------


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
        step=rule.grid_minutes,
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
    address = scene.address.only("day", "view")
    return tuple(
        Choice(label, is_chosen=sort is scene.sort, href=address.to({"kind": sort}), icon=icon)
        for sort, label, icon in (
            (Sort.DESK, text("Desk"), "lamp-desk"),
            (Sort.ROOM, text("Room"), "users"),
            (Sort.BOOTH, text("Call booth"), "phone"),
        )
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
    kept = scene.address.only("kind", "view", "floor", "zone", "space").said
    return tuple((name, str(value)) for name, value in kept.items() if value)


def _clock(at: datetime) -> time:
    return clock.local(at).time()


# --- the best place ---------------------------------------------------------------------------


def by_code(lots: Iterable[Lot], code: str) -> Lot | None:
    return next((lot for lot in lots if lot.code.lower() == code.lower()), None) if code else None


def known(search: Search, wishes: Iterable[Wish], mistakes: list[Text]) -> Search:
    """Leave out wishes that nobody knows, and say so."""
    codes = {wish.code for wish in wishes}
    unknown = [code for code in search.has if code not in codes]
    if unknown:
        mistakes.append(text("There is no such wish here; it was left out."))
    return replace(search, has=tuple(code for code in search.has if code in codes))


def liking(
    habit: Habit | None,
    found: Sequence[Claim],
    lots: Sequence[Lot],
    wishes: Iterable[Wish],
    *,
    actor: Actor | None,
    people: int | None,
) -> Liking:
    organisation_id = actor.organisation_id if actor else None
    last = next((lot for lot in lots if habit and lot.id == habit.space_id), None)
    return Liking(
        space_id=habit.space_id if habit else None,
        zone_id=habit.zone_id if habit else None,
        floor_id=last.floor_id if last else None,
        near=rules.near(found, lots=lots, organisation_id=organisation_id)
        if organisation_id is not None
        else {},
        window_ids=frozenset(id_ for wish in wishes if wish.code == "window" for id_ in wish.has),
        people=people or (last.capacity if last else None),
    )


def fits(lot: Lot, search: Search, wishes: Iterable[Wish]) -> bool:
    if search.people and (lot.capacity or 0) < search.people:
        return False
    return all(lot.id in wish.has for wish in wishes if wish.code in search.has)


def choose(scene: Scene, *, is_live: bool, mistakes: list[Text]) -> tuple[Scene, Text | None]:
    """Put the space that was asked for into the dock, else the best one; and say why another."""
    best = next((lot for lot in scene.order if scene.looks[lot.id].part is not None), None)
    code = scene.search.space
    lot = by_code(scene.house.lots, code)
    note = None
    if code and lot is None:
        mistakes.append(text("There is no space called %(code)s.", code=code))
    elif lot is not None and lot.id in scene.looks:
        look = scene.looks[lot.id]
        if look.state is State.FREE:
            return replace(scene, chosen=lot, part=look.part), None
        is_better = best is not None and scene.looks[best.id].state is State.FREE
        if look.part is not None and not (is_live and is_better):
            note = text("%(space)s is free for a part of that time.", space=lot.name)
            return replace(scene, chosen=lot, part=look.part), note
        note = _gone(lot, look, is_live=is_live)
    if scene.mine is not None:
        return scene, None  # nothing is proposed beside what one has already
    if best is None:
        return scene, note
    if scene.looks[best.id].state is State.PART and note is None:
        note = text("Nothing is free all that time; this comes closest.")
    return replace(scene, chosen=best, part=scene.looks[best.id].part), note


def _gone(lot: Lot, look: Look, *, is_live: bool) -> Text:
    if look.words in RESERVED.values():
        return text("%(space)s: %(words)s.", space=lot.name, words=look.words)
    if is_live:
        return text("%(space)s has just been taken.", space=lot.name)
    return text("%(space)s is taken at that time.", space=lot.name)
