"""From what staff tick and type to what is to be closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

from werkzeug.datastructures import MultiDict

from campus import clock
from campus.closures import queries
from campus.closures.forms import ClosingForm, EndForm, own_choices, usual_choice
from campus.closures.verdict import Answer, Closing
from campus.errors import Spoken, Text
from campus.spaces import policy as words
from campus.spaces.models import Floor, Space, SpaceKind, Zone
from campus.web.forms import new_key

USUAL_END = time(18)
SAYABLE = {"space", "floor", "zone", "kind", "day", "from", "ends", "until", "to"}


# --- choosing ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Area:
    """The spaces of a zone, or those of a floor that are in none."""

    zone: Zone | None
    spaces: Sequence[Space]


@dataclass(frozen=True, slots=True)
class Level:
    """A floor, or what is on none, with its areas; open where something of it is ticked."""

    floor: Floor | None
    areas: Sequence[Area]
    count: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Chooser:
    """Every space that can be closed, floor by floor, and the kinds there are."""

    levels: Sequence[Level]
    kinds: Sequence[tuple[SpaceKind, Text]]


def chooser(form: ClosingForm) -> Chooser:
    """Return what there is to choose from."""
    every = sorted(queries.spaces_to_close(), key=_by_place)
    ticked = {code for field in (form.space, form.zone, form.floor) for code in field.data or ()}
    there = {space.kind for space in every}
    return Chooser(
        [
            _level(floor, list(on), ticked=ticked)
            for floor, on in groupby(every, key=lambda space: space.floor)
        ],
        [(kind, words.MANY[kind]) for kind in SpaceKind if kind in there],
    )


def _level(floor: Floor | None, on: Sequence[Space], *, ticked: set[str]) -> Level:
    codes = {space.code for space in on} | {space.zone.code for space in on if space.zone}
    codes |= {floor.code} if floor else set()
    areas = [Area(zone, list(area)) for zone, area in groupby(on, key=_zone)]
    return Level(floor, areas, len(on), is_open=not ticked.isdisjoint(codes))


def _zone(space: Space) -> Zone | None:
    return space.zone


def _by_place(space: Space) -> tuple[int, int, int, int, int, int, str]:
    floor, zone = space.floor, space.zone
    return (
        floor.building_id if floor else 0,
        floor.level if floor else -1000,
        floor.id if floor else 0,
        zone.position if zone else -1,
        zone.id if zone else 0,
        space.position,
        space.code_key,
    )


def first_said(said: MultiDict[str, str], *, now: datetime) -> MultiDict[str, str]:
    """Return what an address says of a closure; where it says no day, today from now on."""
    kept = [(name, value) for name, value in said.items(multi=True) if name in SAYABLE]
    if "ends" not in said:
        kept.append(("ends", "at"))
    if "day" in said:
        return MultiDict(kept)
    wall = clock.local(now)
    times = {
        "day": wall.date().isoformat(),
        "to": "18:00" if wall.time() < USUAL_END else "00:00",
    }
    return MultiDict([*kept, *((name, times[name]) for name in times if name not in said)])


# --- what was asked -----------------------------------------------------------------------------


def answer_in(form: ClosingForm, said: Mapping[str, str]) -> Answer:
    """Return what a form chose for the bookings; a button for all undoes single choices."""
    own = {} if said.get("set") else own_choices(said)
    return Answer(
        seen=said.get("seen", ""),
        idem=form.idem.data or "",
        usual=usual_choice(said),
        choices=own,
    )


def closing_in(form: ClosingForm) -> Closing:
    """Return what a valid form wants to close.

    Raises:
        RuleBroken: the clocks skip one of the times.
    """
    found = queries.space_ids(
        codes=form.space.data or [],
        floors=form.floor.data or [],
        zones=form.zone.data or [],
        kinds=form.kind.data or [],
    )
    return Closing(
        space_ids=found,
        period=form.period(),
        reason=Spoken(form.reason_nl.data or "", form.reason_en.data or ""),
        is_final=form.is_final,
        extends=form.extends.data or "",
    )


def longer_form(code: str, form: EndForm, *, starts_at: datetime) -> ClosingForm:
    """Return the form that closes the same spaces from the end of a closure on."""
    found = queries.closure_by_code(code)
    wall, ends = clock.local(starts_at), clock.local(form.ends_at())
    said: list[tuple[str, str]] = [
        *(("space", closure.space.code) for closure in found),
        ("day", wall.date().isoformat()),
        ("from", f"{wall:%H:%M}"),
        ("ends", "at"),
        ("until", ends.date().isoformat()),
        ("to", f"{ends:%H:%M}"),
        ("reason_nl", found[0].reason_nl),
        ("reason_en", found[0].reason_en),
        ("extends", code),
        ("idem", new_key()),
    ]
    return ClosingForm(MultiDict(said), meta={"csrf": False})
