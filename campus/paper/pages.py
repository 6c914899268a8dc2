"""What a day sheet shows, as values: floor by floor, room by room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from campus import clock
from campus.clock import Period
from campus.errors import Spoken, Text
from campus.paper.queries import Place, Storey, Use
from campus.spaces.models import SpaceKind
from campus.spaces.policy import MANY
from campus.web import strips
from campus.web.strips import Cell

USUAL_DAY = (time(8), time(20))  # drawn where the campus is closed
ROOMS = (SpaceKind.MEETING_ROOM, SpaceKind.EVENT_SPACE)
STUDIOS = (SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT)


@dataclass(frozen=True, slots=True)
class Row:
    """A place and its day: who has it, one after the other; a room that is free has nobody."""

    place: Place
    uses: Sequence[Use]
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Group:
    """Places that stand together on a sheet.

    Attributes:
        zone: where they are; empty for those of one kind that lie in no zone.
        free: those that nobody has at any moment, by name; rooms have a row instead.
    """

    kind: Text
    zone: Spoken
    tone: str
    rows: Sequence[Row]
    free: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The day of a floor.

    Attributes:
        studios: who has one, as (studio, tenant).
        count: how many bookings are on it.
    """

    storey: Storey
    groups: Sequence[Group]
    studios: Sequence[tuple[str, str]]
    marks: Sequence[tuple[int, datetime]]
    count: int


def sheets(
    asked: Iterable[Storey],
    places: Sequence[Place],
    uses: Iterable[Use],
    *,
    hours: Period,
) -> list[Sheet]:
    """Return a sheet for every floor that is asked for."""
    by_space: dict[int, list[Use]] = {}
    for use in uses:
        by_space.setdefault(use.space_id, []).append(use)
    return [
        _sheet(
            storey,
            [one for one in places if one.floor_id == storey.id],
            by_space,
            hours=hours,
        )
        for storey in asked
    ]


def drawn_hours(opened: Iterable[Period], *, day: date) -> Period:
    """Return the hours that every strip of a sheet shows: all in which anything is open."""
    found = list(opened) or [Period(*(clock.wall(day, at) for at in USUAL_DAY))]
    return Period(min(one.starts_at for one in found), max(one.end for one in found))


def _sheet(
    storey: Storey, places: Sequence[Place], uses: Mapping[int, Sequence[Use]], *, hours: Period
) -> Sheet:
    groups = [_group(key, found, uses, hours=hours) for key, found in _grouped(places)]
    return Sheet(
        storey=storey,
        groups=[group for group in groups if group.rows or group.free],
        studios=[(one.name, one.tenant) for one in places if one.tenant and one.kind in STUDIOS],
        marks=list(strips.hour_marks(hours)),
        count=sum(
            use.reason is None for group in groups for row in group.rows for use in row.uses
        ),
    )


Key = tuple[SpaceKind, Spoken]
NOWHERE = Spoken("", "")


def _grouped(places: Sequence[Place]) -> list[tuple[Key, list[Place]]]:
    """Return places by what they are: rooms first, then booths, then desks zone by zone."""
    found: dict[Key, list[Place]] = {}
    for place in places:
        if place.kind in STUDIOS:
            continue
        kind = SpaceKind.MEETING_ROOM if place.kind in ROOMS else place.kind
        zone = place.zone if place.kind is SpaceKind.DESK else NOWHERE
        found.setdefault((kind, zone), []).append(place)
    order = [SpaceKind.MEETING_ROOM, SpaceKind.PHONE_BOOTH, SpaceKind.DESK, SpaceKind.PARKING]
    return sorted(found.items(), key=lambda pair: order.index(pair[0][0]))


def _group(
    key: Key, places: Sequence[Place], uses: Mapping[int, Sequence[Use]], *, hours: Period
) -> Group:
    kind, zone = key
    is_room = kind in ROOMS
    taken = [place for place in places if place.id in uses]
    shown = [place for place in places if place.id in uses or place.is_there]
    return Group(
        kind=MANY[kind],
        zone=zone,
        tone="wad" if kind in {*ROOMS, SpaceKind.PHONE_BOOTH} else "gras",
        rows=[
            _row(place, uses.get(place.id, ()), hours=hours)
            for place in (shown if is_room else taken)
        ],
        free=[] if is_room else [place.name for place in shown if place.id not in uses],
    )


def _row(place: Place, uses: Sequence[Use], *, hours: Period) -> Row:
    looks = [(use.period, "past" if use.reason is not None else "") for use in uses]
    return Row(place, uses, strips.cells(hours, looks))
