"""A list beside the campus: what is added, what changes, what stays, what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

from campus.clock import Period
from campus.errors import Text, text
from campus.roomlist.models import (
    Addition,
    Asked,
    Change,
    Difference,
    Field,
    Plan,
    Wanted,
)
from campus.roomlist.queries import Campus, Known
from campus.roomlist.terms import FIELDS
from campus.roomlist.verdict import (
    NameFloor,
    Place,
    PlaceError,
    Places,
    Storey,
    why_not_with_bookings,
)
from campus.spaces.models import SpaceKind, SpaceState
from campus.spaces.policy import KINDS
from campus.web.remarks import Remark

COLUMNS = {
    Field.NAME: "name",
    Field.KIND: "kind",
    Field.CAPACITY: "capacity",
    Field.AREA: "area_dm2",
    Field.AVAILABLE_FROM: "available_from_on",
    Field.AVAILABLE_UNTIL: "available_until_on",
}
OFF_THE_PLAN: Mapping[str, object] = {
    "island_id": None, "island_row": None, "island_column": None, "chair": None, "plan_x": None,
    "plan_y": None, "plan_width": None, "plan_height": None, "plan_path": "",
}  # fmt: skip
TOLD = {"name", "kind", "floor_id", "zone_id", "place_nl"}  # what texts of bookings say

Booked = Callable[[Collection[int]], Mapping[int, Sequence[Period]]]


def plan_of(
    asked: Asked, *, campus: Campus, booked: Booked, campus_name: str, name_floor: NameFloor
) -> Plan:
    """Return what a list would do to the campus as it is now; nothing is written.

    Args:
        booked: tells when spaces are booked from now on, by their ids.
        campus_name: what a building is called that a list leaves unsaid.
        name_floor: what a floor that comes along is called, by its level.
    """
    places = Places(campus, given=asked.map, campus_name=campus_name, name_floor=name_floor)
    return _Comparing(campus, places, asked).plan(booked)


class _Comparing:
    def __init__(self, campus: Campus, places: Places, asked: Asked) -> None:
        self.campus, self.places, self.asked = campus, places, asked
        self.columns = {what: asked.map.column_of(what) for what in Field}
        self.mistakes = list(asked.mistakes)
        self.warnings = list(asked.warnings)
        self.wrong = {one.spot for one in asked.mistakes}
        self.last = max((one.position for one in campus.spaces.values()), default=0)

    def plan(self, booked: Booked) -> Plan:
        """Compare space after space."""
        added: list[Addition] = []
        changed: list[Change] = []
        unchanged = 0
        for wanted in self.asked.wanted:
            known = self.campus.spaces.get(wanted.key)
            try:
                if known is None:
                    added.append(self._addition(wanted))
                elif change := self._change(wanted, known):
                    changed.append(change)
                else:
                    unchanged += 1
            except PlaceError as wrong:
                self._remark(self.mistakes, wanted, wrong.what, wrong.message)
        self._refuse_booked(changed, booked)
        mentioned = {wanted.key for wanted in self.asked.wanted}
        return Plan(
            added=added,
            changed=changed,
            unchanged=unchanged,
            buildings=self.places.buildings,
            floors=sorted(self.places.floors, key=lambda one: (one.building, one.level)),
            absent=[one.code for key, one in self.campus.spaces.items() if key not in mentioned],
            kinds=frozenset(self._kinds()),
            mistakes=sorted(self.mistakes, key=_by_line),
            warnings=sorted(self.warnings, key=_by_line),
        )

    def _refuse_booked(self, changed: Sequence[Change], booked: Booked) -> None:
        """Refuse what coming bookings do not allow: they were made for the place as it is."""
        periods = booked([one.id for one in changed if one.touches_bookings])
        rows = {wanted.key: wanted for wanted in self.asked.wanted}
        for change in changed:
            why_not = why_not_with_bookings(change.values, periods.get(change.id, ()))
            if why_not is not None:
                self._remark(self.mistakes, rows[change.code.lower()], *why_not)

    def _kinds(self) -> Iterator[SpaceKind]:
        for wanted in self.asked.wanted:
            known = self.campus.spaces.get(wanted.key)
            kind = wanted.said.get(Field.KIND) or (known.kind if known else None)
            if isinstance(kind, SpaceKind):
                yield kind

    def _remark(self, into: list[Remark], wanted: Wanted, what: Field, words: Text) -> None:
        spot = wanted.row.spot(self.columns[what])
        if spot not in self.wrong:  # what is wrong with a cell itself says enough
            into.append(Remark(spot, words))

    def _place(self, wanted: Wanted) -> Place:
        place = self.places.place_of(wanted)
        if place.odd is not None:
            self._remark(self.warnings, wanted, Field.FLOOR, place.odd)
        return place

    # --- a space that the campus does not have ------------------------------------------------

    def _addition(self, wanted: Wanted) -> Addition:
        kind, place = wanted.said.get(Field.KIND), self._place(wanted)
        if not isinstance(kind, SpaceKind):
            raise PlaceError(
                Field.KIND,
                text(
                    "The campus has no space %(code)s yet, so the list has to say its kind.",
                    code=wanted.code,
                ),
            )
        name = str(wanted.said.get(Field.NAME, wanted.code))
        values: dict[str, object] = {
            column: wanted.said.get(what) for what, column in COLUMNS.items()
        }
        values |= {"name": name, "position": self.last, **self._stands(wanted, place, None)}
        _check_days(values)
        shown = place.storey or place.house
        return Addition(wanted.code, name, kind, shown.name if shown else "", values)

    def _stands(self, wanted: Wanted, place: Place, known: Known | None) -> dict[str, object]:
        """Return the columns that say where a space is, as far as the list says it.

        A space hangs on a building by its floor; where no floor is known, the building's name is
        its place in words.
        """
        found: dict[str, object] = {}
        storey = place.storey or self.places.storey_of(known.floor_id if known else None)
        if place.storey is not None:
            found["floor_id"] = place.storey.ref
            if known is not None and known.floor_id != place.storey.ref:
                found |= {"zone_id": None, **OFF_THE_PLAN}
        elif place.house is not None and storey is None:
            names = {"", *(house.name for house in self.places.by_code.values())}
            if known is None or known.place_nl in names:
                found |= {"place_nl": place.house.name, "place_en": place.house.name}
        if words := wanted.said.get(Field.ZONE):
            found["zone_id"] = self.places.zone_id(str(words), storey=storey)
            if known is not None and known.zone_id != found["zone_id"]:
                found |= OFF_THE_PLAN if "island_id" in found else {"island_id": None}
        return found

    # --- a space that is there ----------------------------------------------------------------

    def _change(self, wanted: Wanted, known: Known) -> Change | None:
        place = self._place(wanted)
        self._warn(wanted, known, place)
        said = {
            column: wanted.said[what] for what, column in COLUMNS.items() if what in wanted.said
        }
        found: dict[str, object] = {**said, **self._stands(wanted, place, known)}
        _check_days(found, known)
        values = {
            column: value
            for column, value in found.items()
            if column in OFF_THE_PLAN or getattr(known, column) != value
        }
        differences = [*self._differences(values, known)]
        if not differences:
            return None
        if "floor_id" in values and known.floor_id is not None:
            words = text(
                "%(code)s goes to another floor, so it loses its zone and its shape on the plan.",
                code=known.code,
            )
            self._remark(self.warnings, wanted, Field.FLOOR, words)
        retells = bool(TOLD & set(values))
        return Change(known.id, known.code, known.revision, values, differences, retells)

    def _warn(self, wanted: Wanted, known: Known, place: Place) -> None:
        """Tell what a list cannot change."""
        if known.state is SpaceState.RETIRED:
            words = text("%(code)s is out of use for good, and stays so.", code=known.code)
            self._remark(self.warnings, wanted, Field.CODE, words)
        storey = self.places.storey_of(known.floor_id)
        if place.storey is None and place.house and storey and storey.house != place.house:
            words = text(
                "%(code)s is on a floor of %(building)s and stays there, for the list says no"
                " floor.",
                code=known.code,
                building=storey.house.name,
            )
            self._remark(self.warnings, wanted, Field.BUILDING, words)

    def _differences(self, values: Mapping[str, object], known: Known) -> Iterator[Difference]:
        labels = {column: FIELDS[what] for what, column in COLUMNS.items()}
        labels |= {
            "floor_id": FIELDS[Field.FLOOR],
            "zone_id": FIELDS[Field.ZONE],
            "place_nl": FIELDS[Field.BUILDING],
        }
        for column, label in labels.items():
            if column in values:
                old, new = getattr(known, column), values[column]
                yield Difference(label, self._shown(column, old), self._shown(column, new))

    def _shown(self, column: str, value: object) -> Text | str:
        if value is None or value == "":
            return text("unknown")
        if column == "floor_id":
            storey = next((one for one in self.places.storeys if one.ref == value), None)
            return _floor_words(storey)
        if column == "zone_id" and isinstance(value, int):
            return self.places.zone_names[value]
        if column == "area_dm2" and isinstance(value, int):
            return f"{value / 100:g} m²"
        if isinstance(value, SpaceKind):
            return KINDS[value]
        return Text("%(value)s", {"value": value})  # a day is written as its reader does


def _floor_words(storey: Storey | None) -> Text | str:
    return f"{storey.house.name}, {storey.name}" if storey else text("unknown")


def _check_days(values: Mapping[str, object], known: Known | None = None) -> None:
    """Refuse a space that is gone before it is there.

    Raises:
        PlaceError: the first day is not before the last.
    """
    first, last = (
        values.get(column) or getattr(known, column, None)
        for column in ("available_from_on", "available_until_on")
    )
    if isinstance(first, date) and isinstance(last, date) and first >= last:
        raise PlaceError(
            Field.AVAILABLE_UNTIL,
            text(
                "This space would be gone on %(last)s, before it is there on %(first)s.",
                last=last,
                first=first,
            ),
        )


def _by_line(remark: Remark) -> int:
    return remark.spot.line
