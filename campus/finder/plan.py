"""The plan of a floor, the building in section and a zone: what the list says, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flask import url_for

from campus.clock import Period
from campus.errors import Spoken, Text, text
from campus.finder import rules
from campus.finder.forms import Sort
from campus.finder.queries import Part, Storey
from campus.finder.rules import Lot, State
from campus.finder.scene import SCREENS, YOURS, Address, Scene, named, screens, tag_of
from campus.finder.schemas import (
    Choice,
    Desk,
    Isle,
    Level,
    Parcel,
    Pin,
    Plan,
    Shape,
    ZoneView,
)
from campus.occupancy.rules import gaps
from campus.spaces.models import Side, SpaceKind
from campus.web import plans
from campus.web.plans import Box

CELLS = 48
AROUND_ZONE = 64  # plan units drawn around a zone
WIDE = 90  # plan units in which the tag finds room
MOMENT = timedelta(minutes=15)  # at which spaces of other kinds are looked at
UNFIT = text("does not fit what you wish")
STUDIOS = {SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT}
WIDTHS = {1: 12, 2: 6, 4: 6}  # columns of twelve, by the number of parcels; else three a row

# --- floors, and one of them drawn ------------------------------------------------------------


def floors(scene: Scene, *, shown: Storey | None) -> tuple[Choice, ...]:
    """Return the floors with what is free on each, ground floor first."""
    return tuple(
        Choice(
            label=storey.label,
            is_chosen=storey is shown,
            href=scene.address.to({"floor": storey.code, "zone": ""}),
            count=scene.free_in(lot for lot in scene.order if lot.floor_id == storey.id),
        )
        for storey in scene.storeys
    )


def floor_plan(scene: Scene, storey: Storey, *, zone: Part | None = None) -> Plan:
    """Return a floor with its spaces as they stand; only what is around `zone`, if given."""
    fitting = {lot.id for lot in scene.order}
    lots = [lot for lot in scene.house.lots if lot.floor_id == storey.id and lot.box]
    whole = Box(0, 0, storey.width, storey.height)
    boxes = [lot.box for lot in lots if zone and lot.zone_id == zone.id and lot.box]
    view = whole
    if boxes:
        around = plans.grown(plans.union(boxes), by=AROUND_ZONE, within=whole)
        view = plans.broadened(around, within=whole)
    shapes = [_shape(scene, lot, fits=lot.id in fitting) for lot in lots]
    return Plan(
        name=storey.label,
        level=storey.level,
        below=storey.drawing_below,
        above=storey.drawing_above,
        view=view,
        shapes=tuple(shape for shape in shapes if shape is not None and view.meets(shape.box)),
        pin=_pin(scene, storey),
    )


def _shape(scene: Scene, lot: Lot, *, fits: bool) -> Shape | None:
    if lot.box is None:
        return None
    look, href, words = _standing(scene, lot, fits=fits)
    is_desk = lot.kind == SpaceKind.DESK
    short = plans.short_number(lot.code)
    name, place = scene.say(named(lot)), scene.say(lot.place)
    below = lot.tenant or scene.say(_told(lot, look, words))
    standing = scene.say(words)
    # A name begins with what stands in the shape (WCAG 2.5.3).
    lines: tuple[str, ...] = (short,)
    if not is_desk:
        lines = plans.lines_on(lot.name, below, short, lot.box, lot.outline)
    said = " ".join(lines)
    rest = (one for one in (name, place, standing) if one not in {said, *lines})
    label = ", ".join(one for one in (said, *rest) if one)
    return Shape(
        code=lot.code,
        kind="desk" if is_desk else "studio" if lot.kind in STUDIOS else "room",
        look=look,
        href=href,
        label=label,
        lines=lines,
        box=lot.box,
        hit=plans.hit_of(lot.box, lot.chair) if is_desk else plans.grown(lot.box, by=-2),
        chair=plans.chair_of(lot.box, lot.chair) if is_desk else None,
        outline=lot.outline,
        chooses=lot.id in scene.looks and look != "mine",
    )


def _told(lot: Lot, look: str, words: Text) -> Text:
    """Return what stands below the name of a room or a studio."""
    if lot.kind in STUDIOS:
        return text("by application")
    if look == "busy" or (look == "off" and words != UNFIT) or not lot.capacity:
        return words
    return text("%(count)s pers.", count=lot.capacity)


def _standing(scene: Scene, lot: Lot, *, fits: bool) -> tuple[str, str, Text]:
    """Return the look of a space on the plan, where it leads, and how it stands in words."""
    if lot.kind in STUDIOS:
        return _studio(lot)
    look = scene.looks.get(lot.id)
    if look is None:
        return _other_kind(scene, lot)
    if scene.chosen is lot:
        return "sel", scene.choose(lot), text("chosen")
    mine = scene.owned.get(lot.id)
    if mine is not None:
        return "mine", url_for("bookings.show", code=mine.code), YOURS
    if not fits:
        return "off", "", UNFIT
    return look.state, scene.choose(lot), look.words


def _studio(lot: Lot) -> tuple[str, str, Text]:
    if lot.tenant:
        return "busy", "", Text("%(name)s", {"name": lot.tenant})
    return "free", url_for("spaces.show", code=lot.code), text("free, by application")


def _other_kind(scene: Scene, lot: Lot) -> tuple[str, str, Text]:
    """Return how a space of another kind stands at the start of the time asked for."""
    starts = scene.slot.wanted.starts_at
    moment = Period(starts, min(starts + MOMENT, scene.slot.hours.end))
    own = scene.slots.get(lot.kind)
    if own is None or not lot.is_there_on(scene.slot.day):
        return "off", "", scene.closed.get(lot.kind, rules.NOT_BOOKED)
    at = replace(own, wanted=moment, grid=scene.slot.grid, shortest=rules.NOTHING, longest=None)
    look = rules.look_of(at, scene.claims.get(lot.id, ()), lot=lot)
    if look.state is not State.FREE:
        return State.OFF if look.state is State.OFF else State.BUSY, "", look.words
    said = {"day": scene.slot.day.isoformat(), "kind": lot.kind, "space": lot.code}
    return "free", Address(path=scene.address.path).to(said), look.words


def _pin(scene: Scene, storey: Storey) -> Pin | None:
    lot, words = scene.seen, tag_of(scene)
    if lot is None or words is None or lot.floor_id != storey.id or lot.box is None:
        return None
    is_desk = lot.kind == SpaceKind.DESK
    if lot.outline:
        at = plans.pin_for(lot.outline)
    elif not is_desk and lot.box.width < WIDE:
        at = None  # the tag would hide it
    else:
        at = plans.pin_at(lot.box, lot.chair if is_desk else None)
    return Pin(*at, words) if at else None


# --- the building in section, and a zone ------------------------------------------------------


def levels(scene: Scene) -> tuple[Level, ...]:
    """Return the floors as they lie on one another, each with its zones as parcels."""
    return tuple(
        level for storey in reversed(scene.storeys) if (level := _level(scene, storey)).parcels
    )


def _level(scene: Scene, storey: Storey) -> Level:
    lots = [lot for lot in scene.order if lot.floor_id == storey.id]
    zones = sorted(
        {lot.zone_id for lot in lots if lot.zone_id is not None},
        key=lambda zone_id: scene.house.zones[zone_id].position,
    )
    parcels = [_zone_parcel(scene, zone_id, lots) for zone_id in zones]
    alone = sorted((lot for lot in lots if lot.zone_id is None), key=lambda lot: lot.position)
    parcels += [_space_parcel(scene, lot) for lot in alone]
    return Level(
        name=storey.label,
        level=storey.level,
        note=storey.note,
        free=scene.free_in(lots),
        parcels=tuple(parcels),
        width=WIDTHS.get(len(parcels), 4),
    )


def _zone_parcel(scene: Scene, zone_id: int, lots: Sequence[Lot]) -> Parcel:
    zone = scene.house.zones[zone_id]
    inside = [lot for lot in lots if lot.zone_id == zone_id]
    free = scene.free_in(inside)
    return Parcel(
        name=zone.name,
        hint=zone.hint,
        href=scene.address.to({"view": "plan", "zone": zone.code, "floor": ""}) if free else "",
        taken=round((len(inside) - free) * CELLS / len(inside)),
        is_best=scene.here is not None and scene.here.zone_id == zone_id,
        is_open=scene.search.zone == zone.code,
        free=free,
        total=len(inside),
    )


def _space_parcel(scene: Scene, lot: Lot) -> Parcel:
    taken = [claim.period for claim in scene.claims.get(lot.id, ())]
    opened = scene.opened(lot)
    left = sum((gap.length for gap in gaps(opened, taken)), timedelta()) if opened else timedelta()
    return Parcel(
        name=lot.name,
        hint=scene.words(lot),
        href=scene.choose(lot),
        taken=CELLS - round(left * CELLS / scene.slot.hours.length),
        is_best=scene.here is lot,
        mark=str(lot.capacity or "") if scene.sort is Sort.ROOM else "",
    )


def zone_view(scene: Scene, zone: Part, storey: Storey) -> ZoneView:
    """Return a zone: its islands as they stand, and the zones before and after it."""
    lots = [lot for lot in scene.order if lot.zone_id == zone.id]
    around = [one for level in levels(scene) for one in level.parcels if one.href and one.free]
    return ZoneView(
        name=zone.name,
        floor=storey.label,
        level=storey.level,
        free=scene.free_in(lots),
        total=len(lots),
        isles=_isles(scene, lots),
        before=_beside(around, zone, step=-1),
        after=_beside(around, zone, step=1),
        cut=floor_plan(scene, storey, zone=zone),
    )


def _beside(parcels: Sequence[Parcel], zone: Part, *, step: int) -> Choice | None:
    """Return the next zone with a free place, in the order of the section, if there is one."""
    at = next((n for n, one in enumerate(parcels) if one.name == zone.name), None)
    if at is None or not 0 <= at + step < len(parcels):
        return None
    found = parcels[at + step]
    return Choice(found.name, is_chosen=False, href=found.href, count=found.free or 0)


def _isles(scene: Scene, lots: Sequence[Lot]) -> tuple[Isle, ...]:
    """Return the islands of a zone; desks that stand on none make one without a name."""
    groups: dict[int | None, list[Lot]] = {}
    for lot in lots:
        groups.setdefault(lot.island_id, []).append(lot)
    islands = scene.house.islands
    order = sorted(groups, key=lambda one: islands[one].position if one else -1)
    return tuple(_isle(scene, one, groups[one]) for one in order)


def _isle(scene: Scene, island_id: int | None, lots: Sequence[Lot]) -> Isle:
    group = scene.house.islands.get(island_id or 0)
    columns = max((lot.column or 0 for lot in lots), default=0) + 1
    desks: dict[tuple[int, int], Desk] = {
        (lot.row or 0, lot.column or 0): _desk(scene, lot) for lot in lots
    }
    is_drawn = len(desks) == len(lots)  # every desk has a place of its own
    rows = max((row for row, _ in desks), default=0) + 1
    places = [desks.get((row, column)) for row in range(rows) for column in range(columns)]
    return Isle(
        name=group.name if group else Spoken("", ""),
        beside=group.beside if group else Spoken("", ""),
        window=group.window if group else Spoken("", ""),
        columns=columns if is_drawn else 4,
        desks=tuple(places if is_drawn else [_desk(scene, lot) for lot in lots]),
    )


def _desk(scene: Scene, lot: Lot) -> Desk:
    look = scene.looks[lot.id]
    count = next((wish.has.get(lot.id, 0) for wish in scene.wishes if wish.code == SCREENS), 0)
    said = [scene.say(screens(count))] if count else []
    said += [scene.say(lot.place), scene.say(scene.words(lot))]
    return Desk(
        code=lot.code,
        number=plans.short_number(lot.code),
        state=look.state,
        href=scene.choose(lot),
        is_chosen=scene.here is lot,
        faces_south=lot.chair == Side.SOUTH,
        words=scene.words(lot),
        screens=count,
        heard=", ".join(said),
    )
