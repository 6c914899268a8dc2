"""The Book page as a whole: what is asked of the database, and what is made of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from campus import clock
from campus.bookings import policy
from campus.errors import Text, text
from campus.finder import asking, drawn, pages, queries, rules, verdict
from campus.finder.forms import Search, Sort
from campus.finder.queries import House, Part, Storey
from campus.finder.rules import Claim, Habit, Look, Lot, Slot, State
from campus.finder.schemas import Choice, Dock, Page
from campus.finder.verdict import Calendar, Terms
from campus.finder.ways import Address, Scene, address_of, time_of
from campus.members.models import Actor
from campus.spaces import queries as spaces
from campus.spaces.models import Audience, BookingRule, Space, SpaceKind

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LENGTHS = {SpaceKind.PHONE_BOOTH: HOUR / 2}  # proposed for a kind, else an hour


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what, and when.

    Attributes:
        is_live: a page left open asks again for what it shows.
    """

    search: Search
    actor: Actor | None
    now: datetime
    is_live: bool

    @property
    def person_id(self) -> int | None:
        """Whose habits and bookings are looked at."""
        return self.actor.person_id if self.actor else None


def page_of(asked: Asked) -> Page:
    """Return everything the Book page shows."""
    search = asked.search
    house = queries.house(with_islands=search.is_plan and bool(search.zone))
    sort = _sort(search, house)
    all_rules, habit = queries.rules_and_habit(
        sort.kinds, person_id=asked.person_id, now=asked.now
    )
    rule = next((all_rules[kind] for kind in sort.kinds if kind in all_rules), None)
    if rule is None:
        return _nothing([text("Nobody has set yet how a space like this is booked.")])
    calendar = _calendar(rule, now=asked.now)
    slot, mistakes = verdict.slot_for(search.said, calendar, habit)
    mistakes = [*search.mistakes, *mistakes]
    if slot is None:
        return _nothing(mistakes)
    scene = _scene(asked, sort, slot, house, habit, mistakes)
    if rule.one_per_person and not (asked.actor and asked.actor.is_staff):
        scene = replace(scene, mine=_mine(scene))  # staff book for others too
    scene, note = asking.choose(scene, is_live=asked.is_live, mistakes=mistakes)
    return _page(asked, scene, calendar, rule, note=note, mistakes=mistakes)


def _sort(search: Search, house: House) -> Sort:
    """Return the kind looked for: the one said, else that of the space said, else a desk."""
    if search.sort is not None:
        return search.sort
    lot = asking.by_code(house.lots, search.space)
    found = next((sort for sort in Sort if lot and lot.kind in sort.kinds), None)
    return found or Sort.DESK


def _calendar(rule: BookingRule, *, now: datetime) -> Calendar:
    today = clock.today(now)
    last = today + timedelta(days=rule.horizon_days)
    opening = spaces.opening(rule.kind, first=today, last=last)
    longest = rule.longest_minutes
    terms = Terms(
        per_day=longest is None,
        grid=rule.grid_minutes * MINUTE,
        shortest=max(rule.shortest_minutes, rule.grid_minutes) * MINUTE,
        longest=None if longest is None else longest * MINUTE,
        notice=rule.notice_minutes * MINUTE,
        horizon_days=rule.horizon_days,
        usual=(rule.morning_starts, rule.afternoon_ends),
        length=LENGTHS.get(rule.kind, HOUR),
    )
    return Calendar(opening.periods, opening.reasons, terms, now)


def _nothing(mistakes: Sequence[Text]) -> Page:
    return Page(
        mistakes=tuple(mistakes),
        ask=None,
        views=(),
        floors=(),
        listing=None,
        plan=None,
        levels=(),
        zone=None,
        dock=Dock(state="none"),
        live=Address().to({}),
        is_plan=False,
        section_href="",
        slot_hours=None,
    )


# --- how everything stands --------------------------------------------------------------------


def _scene(
    asked: Asked,
    sort: Sort,
    slot: Slot,
    house: House,
    habit: Habit | None,
    mistakes: list[Text],
) -> Scene:
    found = queries.claims(slot.hours, person_id=asked.person_id)
    claims = _by_space(found, house.lots)
    wishes = queries.wishes()
    search = asking.known(asked.search, wishes, mistakes)
    lots = [lot for lot in house.lots if lot.kind in sort.kinds and lot.is_there_on(slot.day)]
    looks = _looks(lots, claims, slot=slot, reserved=_reserved(asked.actor, sort))
    liking = asking.liking(
        habit, found, house.lots, wishes, actor=asked.actor, people=search.people
    )
    fitting = [lot for lot in lots if asking.fits(lot, search, wishes)]
    return Scene(
        search=search,
        sort=sort,
        slot=slot,
        house=house,
        storeys=queries.storeys(),
        wishes=wishes,
        order=rules.best_first(fitting, looks, liking=liking),
        looks=looks,
        claims=claims,
        address=address_of(search, kind=sort, has=search.has),
        now=asked.now,
    )


def _mine(scene: Scene) -> tuple[Lot, Claim] | None:
    """Return the reader's own booking of the kind that meets the time asked for."""
    for lot in scene.house.lots:
        for claim in scene.claims.get(lot.id, ()) if lot.id in scene.looks else ():
            if claim.code and claim.period.overlaps(scene.slot.wanted):
                return lot, claim
    return None


def _by_space(found: Sequence[Claim], lots: Iterable[Lot]) -> dict[int, list[Claim]]:
    """Return the claims on each space; on a combined room those on any of its parts."""
    claims: dict[int, list[Claim]] = {}
    for claim in found:
        claims.setdefault(claim.space_id, []).append(claim)
    wholes = {
        lot.id: [claim for part in lot.parts for claim in claims.get(part, ())]
        for lot in lots
        if lot.parts != (lot.id,)
    }
    return {**claims, **wholes}


def _reserved(actor: Actor | None, sort: Sort) -> dict[str, Text]:
    """Return for whom spaces are that this reader may not book, by audience."""
    if actor is None or _why_not(actor, sort, Audience.MEMBERS) is not None:
        return {}  # one reason for all of them: said in the dock
    return {
        audience: words
        for audience, words in asking.RESERVED.items()
        if _why_not(actor, sort, audience) is not None
    }


def _why_not(actor: Actor, sort: Sort, audience: Audience, name: str = "") -> Text | None:
    return policy.why_not_book(actor, Space(kind=sort.kinds[0], audience=audience, name=name))


def _looks(
    lots: Iterable[Lot],
    claims: Mapping[int, Sequence[Claim]],
    *,
    slot: Slot,
    reserved: Mapping[str, Text],
) -> dict[int, Look]:
    return {
        lot.id: Look(State.BUSY, reserved[lot.audience])
        if lot.audience in reserved
        else rules.look_of(slot, claims.get(lot.id, ()), lot=lot)
        for lot in lots
    }


# --- the page ---------------------------------------------------------------------------------


def _page(
    asked: Asked,
    scene: Scene,
    calendar: Calendar,
    rule: BookingRule,
    *,
    note: Text | None,
    mistakes: list[Text],
) -> Page:
    zone, storey = _shown(scene, mistakes)
    is_plan = scene.search.is_plan
    live = scene.address.to(
        {
            **time_of(scene.slot.wanted, day=scene.slot.day),
            "space": scene.chosen.code if scene.chosen else "",
        }
    )
    shares = _shares(scene, calendar)
    actor = asked.actor
    why_not = _why_not(actor, scene.sort, Audience.MEMBERS) if actor else None
    return Page(
        mistakes=tuple(mistakes),
        ask=asking.bar(scene, calendar, rule, shares=shares),
        views=_views(scene),
        floors=drawn.floors(scene, shown=storey),
        listing=pages.listing(scene),
        plan=drawn.plan(scene, storey, zone=zone) if storey and not is_plan else None,
        levels=drawn.levels(scene),
        zone=drawn.zone_view(scene, zone, storey) if is_plan and zone and storey else None,
        dock=pages.dock(scene, actor=actor, note=note, why_not=why_not),
        live=live,
        is_plan=is_plan,
        section_href=scene.address.to({"view": "plan" if zone or not is_plan else "", "zone": ""}),
        slot_hours=scene.slot.hours,
    )


def _shown(scene: Scene, mistakes: list[Text]) -> tuple[Part | None, Storey | None]:
    """Return the zone and the floor to show: those said, else where the chosen place is."""
    search, storeys = scene.search, scene.storeys
    zone = next((one for one in scene.house.zones.values() if one.code == search.zone), None)
    if search.zone and zone is None:
        mistakes.append(text("There is no zone called %(code)s.", code=search.zone))
    storey = next((one for one in storeys if one.code == search.floor), None)
    if search.floor and storey is None:
        mistakes.append(text("There is no floor called %(code)s.", code=search.floor))
    lots = [lot for lot in scene.house.lots if zone is not None and lot.zone_id == zone.id]
    lots += [scene.here] if scene.here else []
    lots += [*scene.order, *scene.house.lots]
    floor_id = next((lot.floor_id for lot in lots if lot.floor_id is not None), None)
    if zone is not None or storey is None:
        storey = next((one for one in storeys if one.id == floor_id), None)
    return zone, storey


def _shares(scene: Scene, calendar: Calendar) -> dict[date, float]:
    """Return which share of the kind is taken on each day of the chips."""
    days = {
        day: calendar.periods[day]
        for day in asking.week_of(calendar, scene.slot.day)
        if day in calendar.periods
    }
    taken = queries.seconds_taken(days, kinds=scene.sort.kinds)
    count = sum(
        scene.looks.keys() >= {lot.id} and lot.parts == (lot.id,) for lot in scene.house.lots
    )
    return {
        day: min(seconds / (count * days[day].length.total_seconds()), 1.0) if count else 1.0
        for day, seconds in taken.items()
    }


def _views(scene: Scene) -> tuple[Choice, ...]:
    is_plan = scene.search.is_plan
    return (
        Choice(
            text("List"), not is_plan, scene.address.to({"view": "", "zone": ""}),
            icon="list", count=scene.free_in(scene.order),
        ),
        Choice(
            text("Plan"), is_plan, scene.address.to({"view": "plan", "zone": "", "all": ""}),
            icon="map",
        ),
    )  # fmt: skip
