"""Where a space stands: which building, floor and zone of the campus, or one that comes along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campus.bookings.policy import is_beyond, why_not_another_kind
from campus.clock import Period
from campus.errors import Text, text, text_plural
from campus.roomlist import rules
from campus.roomlist.models import Field, Map, NewBuilding, NewFloor, Wanted
from campus.roomlist.queries import Campus
from campus.spaces.models import MOST_CODE, is_code
from campus.web.remarks import shortened
from campus.web.sources import safe

MOST_NAMED = 12  # of what there is, in a sentence
NameFloor = Callable[[int], str]


class PlaceError(ValueError):
    """A place that the campus does not have; the sentence says what it has."""

    def __init__(self, what: Field, message: Text) -> None:
        self.what, self.message = what, message
        super().__init__(str(message))


@dataclass(frozen=True, slots=True)
class House:
    """A building that is there, or comes along."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor that is there, by its id, or comes along, by its code."""

    ref: int | str
    code: str
    name: str
    level: int
    house: House


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row says that a space is.

    Attributes:
        odd: what is strange about the floor it names, so that the space goes without one.
    """

    house: House | None = None
    storey: Storey | None = None
    odd: Text | None = None


def why_not_with_bookings(
    values: Mapping[str, object], booked: Sequence[Period]
) -> tuple[Field, Text] | None:
    """Say which of a space's new values its coming bookings do not allow.

    Args:
        values: columns of the space and what they become, as in `Change`.
    """
    if "kind" in values and (reason := why_not_another_kind(len(booked))):
        return Field.KIND, reason
    for what, days in (
        (Field.AVAILABLE_FROM, {"first": _day(values, "available_from_on"), "gone": None}),
        (Field.AVAILABLE_UNTIL, {"first": None, "gone": _day(values, "available_until_on")}),
    ):
        if outside := sum(is_beyond(one, **days) for one in booked):
            return what, text_plural(
                "%(num)s booking here is on a day on which this place would not be there. Move it"
                " first.",
                "%(num)s bookings here are on days on which this place would not be there. Move"
                " them first.",
                num=outside,
            )
    return None


def _day(values: Mapping[str, object], column: str) -> date | None:
    found = values.get(column)
    return found if isinstance(found, date) else None


class Places:
    """The buildings, floors and zones of the campus, and those that a list brings along."""

    def __init__(
        self, campus: Campus, *, given: Map, campus_name: str, name_floor: NameFloor
    ) -> None:
        self.map, self.campus_name, self.name_floor = given, campus_name, name_floor
        self.buildings: list[NewBuilding] = []
        self.floors: list[NewFloor] = []
        self.houses = {one.id: House(one.code, one.name) for one in campus.buildings}
        self.by_code = {one.code.casefold(): one for one in self.houses.values()}
        self.storeys = [
            Storey(one.id, one.code, one.name, one.level, self.houses[one.building_id])
            for one in campus.floors
        ]
        self.zones: dict[tuple[int | str, str], int] = {
            (zone.floor_id, word.casefold()): zone.id
            for zone in reversed(campus.zones)
            for word in (zone.name_en, zone.name_nl, zone.code)
            if word
        }
        self.zone_names = {zone.id: zone.name_nl or zone.code for zone in campus.zones}
        self._seen: dict[tuple[object, ...], Place] = {}

    def place_of(self, wanted: Wanted) -> Place:
        """Return where a row says that a space is.

        Raises:
            PlaceError: there is no such building or floor, and none may be made.
        """
        said = wanted.said
        key = (
            said.get(Field.BUILDING), said.get(Field.BUILDING_NAME), said.get(Field.FLOOR)
        )  # fmt: skip
        if key not in self._seen:
            house = self._house(*(str(word) if word else "" for word in key))
            self._seen[key] = self._on_floor(house, str(key[2])) if key[2] else Place(house)
        return self._seen[key]

    def zone_id(self, words: str, *, storey: Storey | None) -> int:
        """Return the zone that is called so on a floor.

        Raises:
            PlaceError: the floor is not known, or has no such zone.
        """
        if storey is None:
            raise PlaceError(
                Field.ZONE, text("A zone is a part of a floor; say which floor this is on.")
            )
        found = self.zones.get((storey.ref, words.casefold()))
        if found is None:
            mine = [
                self.zone_names[zone]
                for (floor, _), zone in self.zones.items()
                if floor == storey.ref
            ]
            raise PlaceError(
                Field.ZONE,
                text(
                    "%(floor)s has no zone “%(words)s”. It has: %(known)s.",
                    floor=storey.name,
                    words=shortened(words),
                    known=_listed(dict.fromkeys(reversed(mine))),
                ),
            )
        return found

    def storey_of(self, floor_id: int | None) -> Storey | None:
        """Return the floor with this id."""
        return next((one for one in self.storeys if one.ref == floor_id), None)

    # --- buildings ----------------------------------------------------------------------------

    def _house(self, word: str, name: str, floor: str) -> House | None:
        called = word or name
        if not called:
            return self._only_house() if floor else None
        found = self.by_code.get(called.casefold()) or next(
            (one for one in self.by_code.values() if one.name.casefold() == called.casefold()),
            None,
        )
        if found is not None:
            return found
        if not self.map.makes_buildings:
            raise PlaceError(
                Field.BUILDING if word else Field.BUILDING_NAME,
                text(
                    "There is no building “%(words)s”. There are: %(known)s. A map with"
                    ' create = ["buildings"] makes those that are missing.',
                    words=shortened(called),
                    known=_listed(one.code for one in self.by_code.values()),
                ),
            )
        return self._new_house(called, name or called)

    def _only_house(self) -> House | None:
        """Return the building of a list that names none: the only one there is."""
        if len(self.by_code) == 1:
            return next(iter(self.by_code.values()))
        if not self.by_code and self.map.makes_buildings:
            return self._new_house(self.campus_name, self.campus_name)
        return None

    def _new_house(self, word: str, name: str) -> House:
        wished = (word, safe(word).lower()[:MOST_CODE], "building")
        code = _free(next(one for one in wished if is_code(one)), taken=self.by_code)
        house = House(code, name)
        self.by_code[code.casefold()] = house
        self.buildings.append(NewBuilding(code, name))
        return house

    # --- floors -------------------------------------------------------------------------------

    def _on_floor(self, house: House | None, word: str) -> Place:
        inside = [one for one in self.storeys if house is None or one.house == house]
        named = [
            one for one in inside if word.casefold() in {one.code.casefold(), one.name.casefold()}
        ]
        level = self.map.floors.get(word, rules.level(word))
        found = named or [one for one in inside if one.level == level and house is not None]
        if len(found) == 1:
            return Place(found[0].house, found[0])
        if len(found) > 1:
            raise PlaceError(
                Field.FLOOR,
                text(
                    "More than one floor is “%(words)s”: %(known)s. Write the code of the one"
                    " meant.",
                    words=shortened(word),
                    known=_listed(one.code for one in found),
                ),
            )
        if level is None:
            return Place(
                house,
                odd=text(
                    "“%(words)s” is no floor known here, so it does not count.",
                    words=shortened(word),
                ),
            )
        return self._new_floor(house, word, level)

    def _new_floor(self, house: House | None, word: str, level: int) -> Place:
        if house is None:
            raise PlaceError(
                Field.BUILDING,
                text(
                    "The list says the floor and not the building, and there is more than one:"
                    " %(known)s.",
                    known=_listed(one.code for one in self.by_code.values()),
                )
                if self.by_code
                else text(
                    'The campus has no building yet. A map with create = ["buildings",'
                    ' "floors"] makes what is missing.'
                ),
            )
        if not self.map.makes_floors:
            raise PlaceError(
                Field.FLOOR,
                text(
                    "%(building)s has no floor %(level)s. It has: %(known)s. A map with"
                    ' create = ["floors"] makes those that are missing.',
                    building=house.name,
                    level=level,
                    known=_listed(one.code for one in self.storeys if one.house == house),
                ),
            )
        taken = {one.code.casefold() for one in self.storeys}
        code = _free(f"{house.code[: MOST_CODE - 4]}-{level}", taken=taken)
        name = word if word in self.map.floors else self.name_floor(level)
        storey = Storey(code, code, name, level, house)
        self.storeys.append(storey)
        self.floors.append(NewFloor(house.code, code, name, level))
        self._seen.clear()  # what was looked for before may be this floor
        return Place(house, storey)


def _free(wished: str, *, taken: Iterable[str]) -> str:
    """Return a code that nothing has yet: as wished, or with a number behind it."""
    known, code, number = set(taken), wished, 2
    while code.casefold() in known:
        end = f"-{number}"
        code, number = wished[: MOST_CODE - len(end)] + end, number + 1
    return code


def _listed(names: Iterable[str]) -> Text | str:
    found: Sequence[str] = list(names)
    if not found:
        return text("none")
    return ", ".join(found[:MOST_NAMED]) + (", …" if len(found) > MOST_NAMED else "")
