"""The Book page as a whole: what is asked of the database, and what is made of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from campus.bookings import policy
from campus.bookings.queries import was_just_taken
from campus.clock import Period
from campus.errors import Text, text
from campus.finder import choice, listing, plan, queries, rules
from campus.finder.bar import bar, week_of
from campus.finder.forms import Search, Sort
from campus.finder.queries import Part, Storey
from campus.finder.rules import Claim, Look, Lot, Slot, State
from campus.finder.scene import Address, Scene, address_of, time_of
from campus.finder.schemas import Choice, Dock, Page
from campus.finder.slot import slot_among, slot_of
from campus.finder.sought import NO_RULE, NOTHING_YET, Sought, sought_by
from campus.finder.terms import Calendar, why_not
from campus.members.models import Actor
from campus.spaces.models import Audience, Space, SpaceKind

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what, and when.

    Attributes:
        whose: whose habits are looked at: the member's whom staff book for, else the actor's.
        is_live: a page left open asks again for what it shows.
        is_answered: its dock holds what came of sending it.
    """

    search: Search
    actor: Actor | None
    now: datetime
    is_live: bool
    is_answered: bool = False
    whose: Actor | None = None

    @property
    def person_id(self) -> int | None:
        """The same person's id."""
        return self.whose.person_id if self.whose else None


def page_of(asked: Asked) -> Page:
    """Return everything the Book page shows."""
    mistakes = list(asked.search.mistakes)
    sought = sought_by(asked.search, person_id=asked.person_id, now=asked.now, mistakes=mistakes)
    if sought is None:
        return _nothing([*mistakes, NO_RULE if asked.search.sort else NOTHING_YET])
    slot, why = slot_among(
        asked.search.said, plain=sought.plain, whole=sought.whole, habit=sought.habit
    )
    mistakes += why
    if slot is None:
        return _nothing(mistakes)
    scene = _scene(asked, sought, slot, mistakes)
    is_staff = asked.actor is not None and asked.actor.is_staff  # who book for others too
    alone = {kind for kind in sought.kinds if sought.rules[kind].one_per_person}
    scene = replace(scene, mine=choice.mine(scene, () if is_staff else alone))
    if asked.is_answered:
        return _page(asked, choice.keep(scene), sought, note=None, mistakes=mistakes)
    scene, note = choice.choose(
        scene,
        is_live=asked.is_live,
        was_just=lambda lot: was_just_taken(lot.parts, scene.slot.wanted, now=asked.now),
        mistakes=mistakes,
    )
    return _page(asked, scene, sought, note=note, mistakes=mistakes)


def _nothing(mistakes: Sequence[Text]) -> Page:
    return Page(
        mistakes=_once(mistakes),
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
    )


def _once(mistakes: Sequence[Text]) -> tuple[Text, ...]:
    return tuple(one for n, one in enumerate(mistakes) if one not in mistakes[:n])


# --- how everything stands --------------------------------------------------------------------


def _scene(asked: Asked, sought: Sought, slot: Slot, mistakes: list[Text]) -> Scene:
    house, kinds = sought.house, sought.kinds
    slots, closed = _slots(sought.calendars, slot)
    hours = [slot.hours, *(one.hours for one in slots.values())]
    whole = Period(min(one.starts_at for one in hours), max(one.end for one in hours))
    found = queries.claims(whole, person_id=asked.actor.person_id if asked.actor else None)
    claims = _by_space(found, house.lots)
    wishes = queries.wishes()
    search = choice.known(asked.search, wishes, mistakes)
    lots = [lot for lot in house.lots if lot.kind in sought.sort.kinds]
    lots = [lot for lot in lots if lot.is_there_on(slot.day)]
    reserved = _reserved(asked.actor, sought.sort)
    looks = {lot.id: _look(lot, slots, closed, claims, reserved=reserved) for lot in lots}
    liking = choice.liking(
        sought.habit, found, house.lots, wishes, actor=asked.whose, people=search.people
    )
    fitting = [lot for lot in lots if choice.fits(lot, search, wishes)]
    return Scene(
        search=search,
        sort=sought.sort,
        kinds=kinds,
        slot=slot,
        slots=slots,
        closed=closed,
        house=house,
        storeys=queries.storeys(),
        wishes=wishes,
        order=choice.best_first(fitting, looks, liking=liking),
        looks=looks,
        claims=claims,
        owned={
            space_id: claim
            for space_id, of_space in claims.items()
            for claim in of_space
            if claim.code and claim.period.overlaps(slot.wanted)
        },
        address=address_of(search, kind=sought.sort, has=search.has),
        now=asked.now,
    )


def _slots(
    calendars: Mapping[SpaceKind, Calendar], slot: Slot
) -> tuple[dict[str, Slot], dict[str, Text]]:
    """Return the time asked for by each kind's own hours and terms; of the others, why not."""
    day = slot.day
    slots: dict[str, Slot] = {}
    closed: dict[str, Text] = {}
    for kind, calendar in calendars.items():
        if calendar.can_book(day):
            slots[kind] = slot_of(day, slot.wanted, calendar)
        else:
            closed[kind] = why_not(day, calendar)
    return slots, closed


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
        for audience, words in choice.RESERVED.items()
        if _why_not(actor, sort, audience) is not None
    }


def _why_not(actor: Actor, sort: Sort, audience: Audience, name: str = "") -> Text | None:
    return policy.why_not_book(actor, Space(kind=sort.kinds[0], audience=audience, name=name))


def _look(
    lot: Lot,
    slots: Mapping[str, Slot],
    closed: Mapping[str, Text],
    claims: Mapping[int, Sequence[Claim]],
    *,
    reserved: Mapping[str, Text],
) -> Look:
    if lot.audience in reserved:
        return Look(State.OFF, reserved[lot.audience])
    if lot.kind not in slots:
        return Look(State.OFF, closed.get(lot.kind, rules.NOT_BOOKED))
    return rules.look_of(slots[lot.kind], claims.get(lot.id, ()), lot=lot)


# --- the page ---------------------------------------------------------------------------------


def _page(
    asked: Asked,
    scene: Scene,
    sought: Sought,
    *,
    note: Text | None,
    mistakes: list[Text],
) -> Page:
    zone, storey = _shown(scene, mistakes)
    is_plan = scene.search.is_plan
    live = scene.address.to(
        {
            **time_of(scene.slot.wanted, day=scene.slot.day),
            "space": scene.seen.code if scene.seen else "",
        }
    )
    shares = _shares(scene, sought)
    rule = sought.rules[scene.kinds[0]]
    actor = asked.actor
    why_not = _why_not(actor, scene.sort, Audience.MEMBERS) if actor else None
    return Page(
        mistakes=_once(mistakes),
        ask=bar(scene, sought.whole, rule, shares=shares),
        views=_views(scene),
        floors=plan.floors(scene, shown=storey),
        listing=listing.listing(scene),
        plan=plan.floor_plan(scene, storey, zone=zone) if storey and not is_plan else None,
        levels=plan.levels(scene),
        zone=plan.zone_view(scene, zone, storey) if is_plan and zone and storey else None,
        dock=listing.dock(scene, actor=actor, note=note, why_not=why_not),
        live=live,
        is_plan=is_plan,
        section_href=scene.address.to({"view": "plan" if zone or not is_plan else "", "zone": ""}),
    )


def _shown(scene: Scene, mistakes: list[Text]) -> tuple[Part | None, Storey | None]:
    """Return the zone and the floor to show: those said, else where the chosen place is."""
    search, storeys = scene.search, scene.storeys
    zone = next((one for one in scene.house.zones.values() if one.code == search.zone), None)
    if search.zone and zone is None:
        mistakes.append(text("There is no zone called %(code)s.", code=search.zone))
    if scene.is_answered and scene.seen is not None:
        zone = scene.house.zones.get(scene.seen.zone_id or 0) if zone else None
        return zone, next((one for one in storeys if one.id == scene.seen.floor_id), None)
    storey = next((one for one in storeys if one.code == search.floor), None)
    if search.floor and storey is None:
        mistakes.append(text("There is no floor called %(code)s.", code=search.floor))
    lots = [lot for lot in scene.house.lots if zone is not None and lot.zone_id == zone.id]
    lots += [scene.seen] if scene.seen else []
    lots += [*scene.order, *scene.house.lots]
    floor_id = next((lot.floor_id for lot in lots if lot.floor_id is not None), None)
    if zone is not None or storey is None:
        storey = next((one for one in storeys if one.id == floor_id), None)
    return zone, storey


def _shares(scene: Scene, sought: Sought) -> dict[date, float]:
    """Return which share of the kinds is taken on each day of the chips."""
    hours = sought.whole.periods
    days = {day: hours[day] for day in week_of(sought.whole, scene.slot.day) if day in hours}
    taken = queries.seconds_taken(days, kinds=scene.kinds)
    lots = [lot for lot in scene.house.lots if lot.id in scene.looks]
    simple = Counter(lot.kind for lot in lots if lot.parts == (lot.id,))
    combined = Counter(lot.kind for lot in lots for part in lot.parts if part != lot.id)
    shares = {}
    for day, seconds in taken.items():
        # The parts of combined rooms count as themselves; but for a day on which they are shut.
        whole = _seconds(sought, simple, day=day) or _seconds(sought, combined, day=day)
        shares[day] = min(seconds / whole, 1.0) if whole else 1.0
    return shares


def _seconds(sought: Sought, counts: Mapping[str, int], *, day: date) -> float:
    """Return how long so many spaces of each kind are open on a day, summed up."""
    opened = {kind: sought.calendars[kind].periods.get(day) for kind in sought.kinds}
    return sum(
        counts.get(kind, 0) * one.length.total_seconds() for kind, one in opened.items() if one
    )


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
