"""The list of what is free, and the dock in which the best of it lies."""

from __future__ import annotations

from campus.errors import Text, text_plural
from campus.finder import rules
from campus.finder.forms import Sort
from campus.finder.rules import Lot
from campus.finder.schemas import Listing, Mark, Row
from campus.finder.ways import Scene, marks_of, people
from campus.web.templating import in_words, translate

FEW = 8  # rows of the list that are shown at first


# --- the list ---------------------------------------------------------------------------------


def listing(scene: Scene) -> Listing:
    """Return the list: the best few, or all that can be had and the rest in words."""
    shown = _floor_first(scene)
    free = scene.free_in(scene.order)
    few = shown[:FEW]
    if scene.chosen is not None and scene.chosen not in few:
        few = [scene.chosen, *few[: FEW - 1]]
    can_be_had = [lot for lot in shown if scene.looks[lot.id].part is not None]
    rows = few
    if scene.search.is_all:
        rows = [*can_be_had, *(lot for lot in few if lot not in can_be_had)]
    taken = [lot for lot in shown if lot not in rows] if scene.search.is_all else []
    return Listing(
        heading=_heading(scene, free),
        rows=tuple(_row(scene, lot) for lot in rows),
        taken=tuple(f"{lot.name} ({translate(scene.looks[lot.id].words)})" for lot in taken),
        all_href=scene.address.to({"all": "1"}) if len(shown) > len(rows) else "",
        few_href=scene.address.to({"all": ""}) if scene.search.is_all else "",
        free=free,
        total=len(can_be_had),
    )


def _floor_first(scene: Scene) -> list[Lot]:
    """Return the order, with the floor that somebody chose in front."""
    ids = {storey.id for storey in scene.storeys if storey.code == scene.search.floor}
    if not ids:
        return list(scene.order)
    return sorted(scene.order, key=lambda lot: _rank(scene, lot, ids))


def _rank(scene: Scene, lot: Lot, floor_ids: set[int]) -> tuple[bool, bool]:
    return scene.looks[lot.id].part is None, lot.floor_id not in floor_ids


def _heading(scene: Scene, free: int) -> Text:
    is_wished = bool(scene.search.has or scene.search.people)
    one, many = HEADINGS[scene.sort][is_wished]
    return text_plural(one, many, num=free)


HEADINGS = {
    Sort.DESK: (
        ("%(num)s desk free", "%(num)s desks free"),
        ("%(num)s desk fits", "%(num)s desks fit"),
    ),
    Sort.ROOM: (
        ("%(num)s room free", "%(num)s rooms free"),
        ("%(num)s room fits", "%(num)s rooms fit"),
    ),
    Sort.BOOTH: (
        ("%(num)s call booth free", "%(num)s call booths free"),
        ("%(num)s call booth fits", "%(num)s call booths fit"),
    ),
}


def _row(scene: Scene, lot: Lot) -> Row:
    look = scene.looks[lot.id]
    is_desk = scene.sort is Sort.DESK
    is_chosen = scene.chosen is lot
    wanted = (scene.part if is_chosen else None) or look.part or scene.slot.wanted
    count = people(lot.capacity)
    place = str(in_words(lot.place))
    marks = marks_of(lot, scene.wishes)
    return Row(
        code=lot.code,
        number=lot.name if is_desk else str(lot.capacity or "") if scene.sort is Sort.ROOM else "",
        heard=translate(count) if count and scene.sort is Sort.ROOM else "",
        title=place if is_desk else lot.name,
        marks=marks if is_desk else (Mark("map-pin", place), *marks),
        words=look.words,
        state=look.state,
        href=scene.choose(lot),
        is_chosen=is_chosen,
        cells=tuple(
            rules.parcels(scene.slot, scene.claims.get(lot.id, ()), wanted=wanted, now=scene.now)
        ),
    )
