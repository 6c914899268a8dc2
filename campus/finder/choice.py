"""Which space is proposed: the one asked for, else the best that fits the wishes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from campus.errors import Text, text
from campus.finder.forms import Search
from campus.finder.queries import Wish
from campus.finder.rules import Claim, Habit, Look, Lot, State
from campus.finder.scene import Scene, by_code
from campus.members.models import Actor
from campus.spaces.models import Audience

RESERVED = {
    Audience.RESIDENTS: text("for residents"),
    Audience.STAFF: text("by the front desk"),
}


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
        near=near(found, lots=lots, organisation_id=organisation_id)
        if organisation_id is not None
        else {},
        window_ids=frozenset(id_ for wish in wishes if wish.code == "window" for id_ in wish.has),
        people=people or (last.capacity if last else None),
    )


def fits(lot: Lot, search: Search, wishes: Iterable[Wish]) -> bool:
    if search.people and (lot.capacity or 0) < search.people:
        return False
    return all(lot.id in wish.has for wish in wishes if wish.code in search.has)


def mine(scene: Scene, kinds: Collection[str]) -> tuple[Lot, Claim] | None:
    """Return the reader's own booking that meets the time, if that rules out another.

    It does of `kinds`, which are had one at a time, and of the space that is asked for itself.
    """
    asked = by_code(scene.house.lots, scene.search.space)
    for lot in scene.house.lots:
        claim = scene.owned.get(lot.id)
        is_asked = lot is asked and lot.id in scene.looks and scene.looks[lot.id].part is None
        if claim is not None and (is_asked or lot.kind in kinds):
            return lot, claim
    return None


def keep(scene: Scene) -> Scene:
    """Keep what an answer in the dock is about in view, as it stands; propose nothing else."""
    scene = replace(scene, is_answered=True)
    lot = by_code(scene.house.lots, scene.search.space)
    if scene.mine is not None or lot is None or lot.id not in scene.looks:
        return scene
    if scene.looks[lot.id].state is State.FREE:
        return replace(scene, chosen=lot, part=scene.looks[lot.id].part)
    return replace(scene, refused=lot)


def choose(
    scene: Scene, *, is_live: bool, was_just: Callable[[Lot], bool], mistakes: list[Text]
) -> tuple[Scene, Text | None]:
    """Put the space that was asked for into the dock, else the best one; and say why another.

    Args:
        is_live: a page left open asks; what it holds stays, but for something better.
        was_just: whether somebody took a space a moment ago.
    """
    best = next((lot for lot in scene.order if scene.looks[lot.id].part is not None), None)
    code = scene.search.space
    lot = by_code(scene.house.lots, code)
    note = None
    if code and lot is None:
        mistakes.append(text("There is no place called %(code)s.", code=code))
    elif lot is not None and lot.id in scene.looks:
        look = scene.looks[lot.id]
        if look.state is State.FREE:
            return replace(scene, chosen=lot, part=look.part), None
        is_better = best is not None and scene.looks[best.id].state is State.FREE
        if look.part is not None and not (is_live and is_better):
            note = text("%(space)s is free for a part of that time.", space=lot.name)
            return replace(scene, chosen=lot, part=look.part), note
        note = _gone(lot, look, was_just=is_live and was_just(lot))
    if scene.mine is not None:
        return scene, None  # nothing is proposed beside what one has already
    if best is None:
        return scene, note
    if scene.looks[best.id].state is State.PART and note is None:
        note = text("Nothing is free all that time; this comes closest.")
    return replace(scene, chosen=best, part=scene.looks[best.id].part), note


def _gone(lot: Lot, look: Look, *, was_just: bool) -> Text:
    if look.words in RESERVED.values():
        return text("%(space)s: %(words)s.", space=lot.name, words=look.words)
    if was_just:
        return text("%(space)s has just been taken.", space=lot.name)
    return text("%(space)s is taken at that time.", space=lot.name)


# --- order ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Liking:
    """What makes one free space better than another for somebody.

    Attributes:
        space_id, zone_id, floor_id: where they were last.
        near: how many claims their organisation has that day, by zone.
        window_ids: spaces at a window.
        people: how many want to sit there, or did last time.
    """

    space_id: int | None = None
    zone_id: int | None = None
    floor_id: int | None = None
    near: Mapping[int, int] = field(default_factory=dict)
    window_ids: frozenset[int] = frozenset()
    people: int | None = None


def best_first(lots: Iterable[Lot], looks: Mapping[int, Look], *, liking: Liking) -> list[Lot]:
    """Return spaces in the order they are offered: free, then free for a while, then taken."""
    return sorted(lots, key=_order(looks, liking))


def _order(looks: Mapping[int, Look], liking: Liking) -> Callable[[Lot], tuple[object, ...]]:
    def order(lot: Lot) -> tuple[object, ...]:
        look = looks[lot.id]
        if look.state is State.FREE:
            return (0, *_liked(lot, liking), lot.position, lot.code)
        if look.part is not None:
            return (1, -look.part.length, *_liked(lot, liking), lot.position, lot.code)
        return (2, lot.position, lot.code)

    return order


def _liked(lot: Lot, liking: Liking) -> tuple[object, ...]:
    zone_id = lot.zone_id
    return (
        lot.id != liking.space_id,
        zone_id is None or zone_id != liking.zone_id,
        0 if zone_id is None else -liking.near.get(zone_id, 0),
        lot.id not in liking.window_ids,
        abs((lot.capacity or 0) - liking.people) if liking.people else 0,
        zone_id is None and lot.floor_id != liking.floor_id,
    )


def near(claims: Iterable[Claim], *, lots: Iterable[Lot], organisation_id: int) -> dict[int, int]:
    """Return how many claims an organisation has in each zone."""
    zones = {lot.id: lot.zone_id for lot in lots}
    found: dict[int, int] = {}
    for claim in claims:
        zone_id = zones.get(claim.space_id)
        if zone_id is not None and claim.organisation_id == organisation_id:
            found[zone_id] = found.get(zone_id, 0) + 1
    return found
