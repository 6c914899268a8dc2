"""What the pages of the building show: forms as they are filled, what is missing, the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext

from campus.errors import Text, text
from campus.premises import queries, schemas, verdict
from campus.premises.forms import (
    ALL,
    RETIRED,
    STATES,
    BuildingForm,
    FeatureForm,
    FloorForm,
    KeepForm,
    SpaceForm,
    ZoneForm,
)
from campus.premises.models import (
    BuildingFields,
    FeatureFields,
    Fields,
    FloorFields,
    SpaceFields,
    ZoneFields,
)
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import (
    Building,
    Feature,
    Floor,
    Space,
    SpaceKind,
    SpaceState,
    Zone,
)
from campus.web.forms import SelectChoice
from campus.web.templating import capital, said

Thing = Building | Floor | Zone | Feature
ONE_DAY = timedelta(days=1)
NONE = SelectChoice(0, "–")
ICONS = (
    "accessibility", "bell", "door-open", "image", "lamp-desk", "lightbulb", "message-circle",
    "monitor", "move-vertical", "phone", "plug", "presentation", "printer", "soup", "sun", "table",
    "thermometer", "truck", "users", "video", "volume-x", "wrench",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that a building is made of, as the doors handle it."""

    table: type[Building] | type[Floor] | type[Zone] | type[Feature]
    form: type[KeepForm]
    fields: type[Fields]
    added: Text


PARTS = {
    "buildings": Part(Building, BuildingForm, BuildingFields, text("Add a building")),
    "floors": Part(Floor, FloorForm, FloorFields, text("Add a floor")),
    "zones": Part(Zone, ZoneForm, ZoneFields, text("Add a zone")),
    "features": Part(Feature, FeatureForm, FeatureFields, text("Add a feature")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What has to be there before people can book, and the way to it."""

    is_done: bool
    title: Text
    about: Text
    href: str
    label: Text


# --- parts of the building --------------------------------------------------------------------


def form_of(part: Part, thing: Thing | None, *, as_it_is: bool = False) -> KeepForm:
    """Return the form of a thing: as it was sent, or `as_it_is`."""
    more: dict[str, Any] = {"formdata": None} if as_it_is else {}
    form = part.form(data=verdict.shown(thing, part.fields) if thing else _asked(part), **more)
    if isinstance(form, FloorForm):
        form.building_id.choices = [SelectChoice(one.id, one.name) for one in queries.buildings()]
    if isinstance(form, FeatureForm):
        form.icon.choices = [SelectChoice("", "–"), *(SelectChoice(icon) for icon in ICONS)]
    return form


def blank(part: Part) -> Thing:
    """Return a new row for a part of the building.

    Raises:
        NotFound: a zone is asked for on no floor.
    """
    if part.table is Zone:
        return Zone(floor_id=queries.by_code(Floor, request.args.get("floor", "")).id)
    return part.table()


def fields_in(form: KeepForm, part: Part, thing: Thing) -> Any:
    """Return what was filled in of a thing; a zone stays on its floor."""
    more = {"floor_id": thing.floor_id} if isinstance(thing, Zone) else {}
    return form.filled(part.fields, **more)


def name_of(thing: Thing) -> str:
    """Return what a thing is called."""
    return thing.name if isinstance(thing, (Building, Floor)) else said(thing, "name")


def versions(form: KeepForm, current: KeepForm) -> list[tuple[str, str, str]]:
    """Return where a form differs from how it is now: the field, now, what was filled in."""
    shown = []
    for names in (names for _legend, names in form.LAYOUT):
        for name in names:
            now, mine = _value(current[name]), _value(form[name])
            if now != mine:
                shown.append((str(form[name].label.text), now, mine))
    now, mine = schemas.in_words(current.rows), schemas.in_words(form.rows)
    return shown if now == mine else [*shown, (gettext("What it has"), now, mine)]


def _value(field: Any) -> str:
    """Return what a field says, in words."""
    if hasattr(field, "iter_choices"):
        return next((str(choice[1]) for choice in field.iter_choices() if choice[2]), "")
    return ("✓" if field.data else "–") if field.type == "BooleanField" else field._value()


def _asked(part: Part) -> dict[str, Any]:
    """Return what an address says of a thing that is about to be added."""
    if part.table is Floor and (code := request.args.get("building")):
        return {"building_id": queries.by_code(Building, code).id}
    return {}


# --- spaces -----------------------------------------------------------------------------------


def space_form(space: Space | None, *, as_it_is: bool = False) -> SpaceForm:
    """Return the form of a space: as it was sent, or `as_it_is`; a new one may be like another."""
    more: dict[str, Any] = {"formdata": None} if as_it_is else {}
    form = SpaceForm(data=_space_data(space) if space else _space_asked(), **more)
    has = {use.feature_id: use for use in space.features} if space else {}
    sent = request.form if request.method == "POST" and not as_it_is else None
    form.rows = schemas.feature_rows(queries.features(), has=has, sent=sent)
    known = queries.floors()
    if space is not None and space.state is SpaceState.RETIRED:
        is_closed = spaces.retired_by(space.id) is not None
        form.state.choices = [RETIRED] if is_closed else [STATES[0], RETIRED]
    form.kind.choices = [SelectChoice(kind, name) for kind, name in kind_choices()]
    form.floor_id.choices = [NONE, *(SelectChoice(one.id, one.label) for one in known)]
    form.zone_id.choices = [
        NONE,
        *(
            SelectChoice(zone.id, f"{one.label}: {said(zone, 'name')}")
            for one in known
            for zone in one.zones
        ),
    ]
    return form


def _space_data(space: Space) -> dict[str, Any]:
    gone = space.available_until_on
    data = verdict.shown(space, SpaceFields)
    return {**data, "last_on": gone and gone - ONE_DAY, "seen": str(space.revision)}


def _space_asked() -> dict[str, Any]:
    if code := request.args.get("like"):
        data = _space_data(queries.space_to_keep(code))
        return {**data, "code": "", "name": "", "seen": ""}
    code, known = request.args.get("floor", ""), queries.floors()
    floor = queries.by_code(Floor, code) if code else known[0] if len(known) == 1 else None
    return {"kind": SpaceKind.DESK, "floor_id": floor and floor.id, "zone_id": None}


def kind_choices() -> list[tuple[SpaceKind, str]]:
    """Return every kind with its name."""
    return [(kind, capital(words.KINDS[kind])) for kind in SpaceKind]


def taking_back(space: Space) -> str:
    """Return the address of the page where a retired space is taken back into use, if any."""
    closure = spaces.retired_by(space.id) if space.state is SpaceState.RETIRED else None
    return way_to("staff_closures.show", code=closure.code) if closure else ""


# --- the campus ----------------------------------------------------------


def steps(*, floors: Sequence[Floor], buildings: Sequence[Building]) -> list[Step]:
    """Return what has to be there before people can book, in the order of doing it."""
    counts, weeks = queries.counts(), queries.weeks()
    is_open = any(day and day.opens for days in weeks.values() for day in days)
    return [
        Step(
            bool(buildings),
            text("A building"),
            text("Its name and a short code."),
            url_for(".new", what="buildings"),
            text("Add a building"),
        ),
        Step(
            bool(floors),
            text("A floor"),
            text("Desks and rooms stand on a floor; a plan can come later."),
            url_for(".new", what="floors", building=buildings[0].code if buildings else None),
            text("Add a floor"),
        ),
        Step(
            is_open,
            text("Opening hours"),
            text("From when to when people can be here, day by day."),
            url_for("staff_hours.week", kind=ALL),
            text("Set opening hours"),
        ),
        Step(
            bool(counts.kinds),
            text("A first place"),
            text("A desk, a room or a booth: its name, its kind and its floor are enough."),
            url_for(".new_space", floor=floors[0].code if floors else None),
            text("Add a place"),
        ),
        *(
            Step(
                False,
                text("How %(kind)s are booked", kind=words.MANY[kind]),
                text("Nobody has set how long and how far ahead, so they cannot be booked."),
                url_for("staff_hours.rule", kind=kind),
                text("Set it"),
            )
            for kind in SpaceKind
            if kind in counts.kinds - spaces.booking_rules().keys()
        ),
    ]


def plans(floors: Sequence[Floor]) -> dict[int, str]:
    """Return the address of the page of each floor's plan, where there is one."""
    return {one.id: way_to("staff_floors.plan", code=one.code) for one in floors}


def way_to(endpoint: str, **values: Any) -> str:
    """Return the address of a page of another slice, or nothing where there is none."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def closing(space: Space) -> str:
    """Return the address of the form that takes a space out of use for good, or nothing."""
    return way_to("staff_closures.new", space=space.code, ends="final")


def list_of(thing: Thing) -> str:
    """Return the address of the page that lists a thing."""
    if isinstance(thing, Zone):
        return url_for(".edit", what="floors", code=thing.floor.code)
    return url_for(".features" if isinstance(thing, Feature) else ".buildings")


def after_adding(thing: Thing) -> str:
    """Return where to go on after a thing was added: to what is missing, else to its list."""
    if isinstance(thing, Building) and not queries.floors():
        return url_for(".new", what="floors", building=thing.code)
    if isinstance(thing, Floor) and not queries.counts().by_floor:
        return url_for(".campus")
    return list_of(thing)
