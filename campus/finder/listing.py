"""The list of what is free, and the dock in which the best of it lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import url_for

from campus.errors import Text, text, text_plural
from campus.finder import rules
from campus.finder.forms import Sort
from campus.finder.rules import Claim, Lot
from campus.finder.scene import SCREENS, Scene, marks_of, named, people, screens, time_of
from campus.finder.schemas import Choice, Dock, Listing, Mark, Row
from campus.members.models import Actor

ONE_DAY = timedelta(days=1)
FEW = 8  # rows of the list that are shown at first
MANY = 60  # and at most; what is more is a link each
ICONS = {Sort.BOOTH: "phone", Sort.PARKING: "square-parking"}  # before what has no number
MOST_MARKS = 3  # features of a room in the list, beside where it is


# --- the list ---------------------------------------------------------------------------------


def listing(scene: Scene) -> Listing:
    """Return the list: the best few, or all that can be had and the rest in words."""
    shown = _floor_first(scene)
    few = shown[:FEW]
    if scene.seen in shown and scene.seen not in few:
        few = [scene.seen, *few[: FEW - 1]]
    had = [lot for lot in shown if scene.looks[lot.id].part is not None]
    rest = [lot for lot in had if lot not in few] if scene.search.is_all else []
    rows = [*few, *rest[: MANY - FEW]]
    taken = [lot for lot in shown if lot not in had and lot not in rows]
    free = scene.free_in(scene.order)
    return Listing(
        heading=_heading(scene, free),
        rows=tuple(_row(scene, lot, is_short=lot not in few) for lot in rows),
        more=tuple(Choice(lot.name, False, scene.choose(lot)) for lot in rest[MANY - FEW :]),
        taken=tuple(f"{lot.name} ({scene.say(scene.words(lot))})" for lot in taken)
        if scene.search.is_all
        else (),
        all_href=""
        if scene.search.is_all or len(shown) <= len(rows)
        else scene.address.to({"all": "1"}),
        few_href=scene.address.to({"all": ""}) if scene.search.is_all else "",
        all_words=_all_words(had=len(had), free=free, shown=len(rows)),
    )


def _all_words(*, had: int, free: int, shown: int) -> Text:
    if had <= shown:
        return text("Show the taken ones too")
    if had > free:
        return text("Show all %(num)s, partly free ones too", num=had)
    return text("Show all %(num)s", num=had)


def _floor_first(scene: Scene) -> list[Lot]:
    """Return the order, with the floor that somebody chose in front."""
    ids = {storey.id for storey in scene.storeys if storey.code == scene.search.floor}
    if not ids:
        return list(scene.order)
    return sorted(scene.order, key=lambda lot: _rank(scene, lot, ids))


def _rank(scene: Scene, lot: Lot, floor_ids: set[int]) -> tuple[bool, bool]:
    return scene.looks[lot.id].part is None, lot.floor_id not in floor_ids


def _heading(scene: Scene, free: int) -> Text:
    if scene.search.has or scene.search.people:
        return FITTING[scene.sort](free)
    return FREE[scene.sort](free)


FREE: dict[Sort, Callable[[int], Text]] = {
    Sort.DESK: lambda num: text_plural("%(num)s desk free", "%(num)s desks free", num=num),
    Sort.ROOM: lambda num: text_plural("%(num)s room free", "%(num)s rooms free", num=num),
    Sort.BOOTH: lambda num: text_plural(
        "%(num)s call booth free", "%(num)s call booths free", num=num
    ),
    Sort.PARKING: lambda num: text_plural(
        "%(num)s parking place free", "%(num)s parking places free", num=num
    ),
}
FITTING: dict[Sort, Callable[[int], Text]] = {
    Sort.DESK: lambda num: text_plural("%(num)s desk fits", "%(num)s desks fit", num=num),
    Sort.ROOM: lambda num: text_plural("%(num)s room fits", "%(num)s rooms fit", num=num),
    Sort.BOOTH: lambda num: text_plural(
        "%(num)s call booth fits", "%(num)s call booths fit", num=num
    ),
    Sort.PARKING: lambda num: text_plural(
        "%(num)s parking place fits", "%(num)s parking places fit", num=num
    ),
}


def _row(scene: Scene, lot: Lot, *, is_short: bool) -> Row:
    look = scene.looks[lot.id]
    is_desk = scene.sort is Sort.DESK
    is_chosen = scene.here is lot
    wanted = (scene.part if is_chosen else None) or look.part or scene.slot.wanted
    count = people(lot.capacity)
    place = scene.where(lot)
    marks = marks_of(scene, lot)
    return Row(
        code=lot.code,
        number=lot.name if is_desk else str(lot.capacity or "") if scene.sort is Sort.ROOM else "",
        icon=ICONS.get(scene.sort, ""),
        heard=scene.say(count) if count and scene.sort is Sort.ROOM else "",
        title=place if is_desk else lot.name,
        is_short=is_short,
        marks=marks if is_desk or not place else (Mark("map-pin", place), *marks[:MOST_MARKS]),
        words=scene.words(lot),
        state=look.state,
        href=scene.choose(lot),
        is_chosen=is_chosen,
        cells=tuple(
            rules.parcels(
                scene.slot.hours,
                scene.claims.get(lot.id, ()),
                opened=scene.opened(lot),
                wanted=wanted,
                now=scene.now,
            )
        ),
    )


# --- the dock ---------------------------------------------------------------------------------


def dock(
    scene: Scene,
    *,
    actor: Actor | None,
    note: Text | None,
    why_not: Text | None,
) -> Dock:
    """Return what is about to be booked; or one's own booking, or that nothing is free."""
    if scene.mine is not None:
        return _own(scene, *scene.mine)
    lot, part = scene.chosen, scene.part
    if lot is None or part is None:
        return _full(scene, note=note)
    times = time_of(part, day=scene.slot.day)
    return Dock(
        state="choice",
        number=lot.name,
        title=scene.where(lot),
        about_href=url_for("spaces.show", code=lot.code),
        note=note,
        part=part,
        extra=_extra(scene, lot),
        label=text("Book %(name)s", name=lot.name),
        fields={"space": lot.code, **times, **_guest(scene)},
        any_label=ANY[scene.sort],
        any_fields=_any_fields(scene),
        asks_title=scene.sort is Sort.ROOM,
        barred=why_not,
    )


ANY = {
    Sort.DESK: text("Any free desk"),
    Sort.ROOM: text("Any free room"),
    Sort.BOOTH: text("Any free booth"),
    Sort.PARKING: text("Any free parking place"),
}


def _extra(scene: Scene, lot: Lot) -> str:
    """Return what the dock says of a space after its time."""
    if scene.sort is Sort.ROOM:
        count = people(lot.capacity)
        return scene.say(count) if count else ""
    found = (wish.has.get(lot.id) for wish in scene.wishes if wish.code == SCREENS)
    count_of = next(found, None)
    return scene.say(screens(count_of)) if count_of else ""


def _guest(scene: Scene) -> dict[str, str]:
    """Return what a form says of whom it is for; nothing of one's own booking."""
    return {"for": scene.search.guest} if scene.search.guest else {}


def _any_fields(scene: Scene) -> tuple[tuple[str, str], ...]:
    """Return the fields that ask for any one of the plainest kind; none of a single one."""
    search, kind = scene.search, scene.kinds[0]
    if scene.free_in(lot for lot in scene.order if lot.kind == kind) <= 1:
        return ()
    said = {
        "any": kind.value,
        **time_of(scene.slot.wanted, day=scene.slot.day),
        "zone": search.zone,
        "people": str(search.people or ""),
        **_guest(scene),
    }
    fields = [(name, value) for name, value in said.items() if value]
    return (*fields, *(("has", code) for code in search.has))


def _own(scene: Scene, lot: Lot, claim: Claim) -> Dock:
    other = scene.chosen
    return Dock(
        state="own",
        number=lot.name,
        title=text("You have %(place)s already", place=named(lot)),
        part=claim.period,
        own=url_for("bookings.show", code=claim.code),
        way_label=text("Move to %(name)s", name=other.name) if other else None,
        way_href=url_for("bookings.change", code=claim.code, space=other.code) if other else "",
    )


def _full(scene: Scene, *, note: Text | None) -> Dock:
    is_wished = bool(scene.search.has or scene.search.people)
    if is_wished and not scene.order:
        return Dock(
            state="none",
            title=text("There is none that has all of this. Leave out a wish."),
            note=note,
            way_label=text("Without wishes"),
            way_href=scene.address.to({"has": "", "people": ""}),
        )
    return Dock(
        state="none",
        title=text("Nothing is free at that time."),
        note=note,
        part=scene.slot.wanted,
        way_label=text("The day after"),
        way_href=scene.address.to({"day": (scene.slot.day + ONE_DAY).isoformat(), "space": ""}),
    )
