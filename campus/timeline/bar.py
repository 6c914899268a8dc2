"""The bar above the day: which rooms, how large, with what, and how long they are free now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from campus.errors import Text, text
from campus.spaces.models import SpaceKind
from campus.spaces.policy import MANY
from campus.timeline.forms import EVERYTHING, KINDS, Search
from campus.timeline.queries import Wish
from campus.timeline.rules import Room
from campus.timeline.scene import Address
from campus.timeline.schemas import Choice

A_FEW = 4  # people of the one press for a room that is no booth
NAMES: dict[str, Text] = {
    "": text("All rooms"),
    SpaceKind.MEETING_ROOM: MANY[SpaceKind.MEETING_ROOM],
    SpaceKind.PHONE_BOOTH: MANY[SpaceKind.PHONE_BOOTH],
    SpaceKind.DESK: MANY[SpaceKind.DESK],
    EVERYTHING: text("Everything"),
}
LENGTHS: dict[str, Text] = {
    "30": text("30 minutes"),
    "60": text("60 minutes"),
    "next": text("until the next"),
}


def kinds(address: Address, search: Search) -> list[Choice]:
    """Return the kinds of room to look at."""
    chosen = SpaceKind.MEETING_ROOM if search.kind == SpaceKind.EVENT_SPACE else search.kind
    return [
        Choice(name, kind == chosen, address.to({"kind": kind, "floor": "", "has": ""}))
        for kind, name in NAMES.items()
    ]


def floors(address: Address, search: Search, rooms: Iterable[Room]) -> list[Choice]:
    """Return the floors on which there are any; none to choose from where there is but one."""
    known = {room.floor_code: room.floor for room in rooms if room.floor_code}
    if len(known) < 2:
        return []
    every = Choice(text("All floors"), not search.floor, address.to({"floor": ""}))
    return [
        every,
        *(
            Choice(Text("%(name)s", {"name": name}), code == search.floor,
                   address.to({"floor": code}))
            for code, name in known.items()
        ),
    ]  # fmt: skip


def wishes(
    address: Address, search: Search, found: Sequence[Wish], *, rooms: Sequence[Room]
) -> list[Choice]:
    """Return what can be wished for: a size and what some of the rooms have; each on or off."""
    ids = {room.id for room in rooms}
    people = search.people or A_FEW
    sized = any((room.capacity or 0) >= people for room in rooms)
    choices = [
        Choice(
            wish.name,
            wish.code in search.has,
            address.to({"has": _toggled(search.has, wish.code)}),
            icon=wish.icon,
        )
        for wish in found
        if wish.code in search.has or 0 < len(ids & wish.ids) < len(ids)
    ]
    size = Choice(
        text("%(num)s+ people", num=people),
        search.people is not None,
        address.to({"people": "" if search.people else str(people)}),
    )
    return [size, *choices] if sized or search.people else choices


def lengths(address: Address, search: Search) -> list[Choice]:
    """Return for how long a room should be free from now on."""
    return [
        Choice(
            name,
            key == search.free,
            address.to({"free": "" if key == search.free else key, "day": ""}),
        )
        for key, name in LENGTHS.items()
    ]


def fitting(rooms: Iterable[Room], search: Search, found: Iterable[Wish]) -> list[Room]:
    """Return the rooms on the floor asked for, that are large enough and have what is wished."""
    wanted = [wish.ids for wish in found if wish.code in search.has]
    return [
        room
        for room in rooms
        if (not search.floor or room.floor_code == search.floor)
        and (not search.people or (room.capacity or 0) >= search.people)
        and all(room.id in ids for ids in wanted)
    ]


def kinds_of(search: Search) -> tuple[SpaceKind, ...]:
    """Return the kinds of space that are looked at."""
    return KINDS[search.kind]


def _toggled(has: Sequence[str], code: str) -> list[str]:
    return [one for one in has if one != code] if code in has else [*has, code]
