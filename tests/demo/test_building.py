"""The demo's building: how much stands where, and that it can stand there."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from campus.demo.building import building, buildings
from campus.demo.features import FEATURES
from campus.demo.shapes import DemoFloor, DemoSpace, Rect, Words
from campus.spaces.models import Side, SpaceKind
from campus.web import plans

CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
OUTLINES = {
    "maaiveld": (Rect(24, 40, 676, 536), Rect(640, 24, 336, 536)),
    "wierde": (Rect(24, 40, 676, 536), Rect(640, 24, 336, 536)),
    "dijk": (Rect(24, 40, 676, 536), Rect(640, 24, 184, 536), Rect(640, 24, 336, 372)),
}
CORE = Rect(538, 56, 102, 132)
BUILDING = building()
FLOORS = pytest.mark.parametrize("floor", BUILDING.floors, ids=lambda floor: floor.code)


def covered(space: DemoSpace) -> Rect:
    """Return all that a space needs on the plan: a desk has its chair beside it."""
    shape = space.shape
    assert shape is not None
    if space.chair is Side.NORTH:
        return Rect(shape.x, shape.y - 16, shape.width, shape.height + 16)
    if space.chair is Side.SOUTH:
        return Rect(shape.x, shape.y, shape.width, shape.height + 16)
    return shape


def drawn(floor: DemoFloor) -> list[DemoSpace]:
    """Return the spaces of a floor that have a shape."""
    return [space for space in floor.spaces if space.shape is not None]


def test_the_building_has_what_the_campus_says_it_has() -> None:
    kinds = Counter(space.kind for space in BUILDING.spaces)

    assert kinds[SpaceKind.DESK] == 142
    assert kinds[SpaceKind.MEETING_ROOM] + kinds[SpaceKind.EVENT_SPACE] == 12
    assert kinds[SpaceKind.PHONE_BOOTH] == 8
    assert kinds[SpaceKind.OFFICE_UNIT] + kinds[SpaceKind.INCUBATOR_SLOT] == 18


def test_the_zones_have_the_desks_that_the_section_shows() -> None:
    desks = Counter(space.zone for space in BUILDING.spaces if space.kind is SpaceKind.DESK)

    assert desks == {
        "entree": 18, "werkplaats": 16, "lunchtafel": 20,
        "stilte": 12, "veld-noord": 14, "veld-zuid": 14,
        "raam-noord": 20, "midden": 12, "raam-zuid": 16,
    }  # fmt: skip


@FLOORS
def test_no_two_spaces_stand_on_the_same_ground(floor: DemoFloor) -> None:
    clashes = [
        (one.code, other.code)
        for one, other in combinations(drawn(floor), 2)
        if covered(one).overlaps(covered(other))
    ]

    assert clashes == []


@FLOORS
def test_every_space_lies_inside_the_walls_of_its_floor(floor: DemoFloor) -> None:
    outside = [
        space.code
        for space in drawn(floor)
        if not any(part.contains(covered(space)) for part in OUTLINES[floor.code])
    ]

    assert outside == []
    assert {space.floor for space in floor.spaces} == {floor.code}


@FLOORS
def test_stairs_lift_and_wc_are_left_free(floor: DemoFloor) -> None:
    assert [space.code for space in drawn(floor) if covered(space).overlaps(CORE)] == []


@FLOORS
def test_every_desk_stands_in_its_zone_and_island(floor: DemoFloor) -> None:
    areas = {zone.code: zone.area for zone in floor.zones}
    islands = {(island.zone, island.name.nl) for island in floor.islands}
    desks = [space for space in floor.spaces if space.kind is SpaceKind.DESK]

    assert [
        desk.code for desk in desks if not areas[desk.zone or ""].contains(covered(desk))
    ] == []
    assert {(desk.zone, desk.island) for desk in desks} == islands
    assert len(islands) == len(floor.islands)


@FLOORS
def test_the_desks_of_a_floor_are_numbered_without_a_gap(floor: DemoFloor) -> None:
    codes = [space.code for space in floor.spaces if space.kind is SpaceKind.DESK]

    assert codes == [f"{floor.level}.{number:02d}" for number in range(1, len(codes) + 1)]


@FLOORS
def test_no_place_in_an_island_is_given_twice(floor: DemoFloor) -> None:
    desks = [space for space in floor.spaces if space.kind is SpaceKind.DESK]
    places = Counter((desk.zone, desk.island, desk.row, desk.column) for desk in desks)

    assert max(places.values()) == 1
    assert {desk.row for desk in desks} == {0, 1}
    assert max(desk.column or 0 for desk in desks) <= 3


def test_codes_are_fit_for_addresses_and_unique_without_regard_to_case() -> None:
    codes = [space.code for one in buildings(3) for space in one.spaces]

    assert all(CODE.fullmatch(code) for code in codes)
    assert len({code.lower() for code in codes}) == len(codes) == 3 * len(BUILDING.spaces)


def test_every_sentence_is_said_in_both_languages() -> None:
    said: list[Words] = []
    for space in BUILDING.spaces:
        said += [space.place, space.about, space.way, *(has.note for has in space.features)]
    for floor in BUILDING.floors:
        said += [zone.name for zone in floor.zones] + [zone.hint for zone in floor.zones]
        said += [island.name for island in floor.islands]

    assert all(words.nl and words.en for words in said)


@FLOORS
def test_the_way_begins_where_one_comes_onto_the_floor(floor: DemoFloor) -> None:
    nl, en = (
        (f"Lift naar {floor.level}, ", f"Lift to {floor.level}, ")
        if floor.level
        else ("Vanaf de ingang, ", "From the entrance, ")
    )

    assert all(space.way.nl.startswith(nl) for space in floor.spaces)
    assert all(space.way.en.startswith(en) for space in floor.spaces)


def test_whoever_steps_out_of_the_lift_turns_right_to_the_west() -> None:
    ways = {space.code: space.way for space in BUILDING.spaces}

    assert ways["hunze"].nl == "Lift naar 1, rechtsaf, laatste deur. 38 stappen, geen drempels."
    assert "turn left" in ways["schier"].en
    assert "turn left" in ways["M1"].en
    assert "turn right" in ways["fochtelo"].en


def test_spaces_have_only_features_of_the_list_and_each_once() -> None:
    known = {feature.code for feature in FEATURES}

    for space in BUILDING.spaces:
        codes = [has.feature for has in space.features]
        assert set(codes) <= known
        assert len(set(codes)) == len(codes), space.code


def test_the_icons_of_the_features_are_drawn_in_the_sprite() -> None:
    sprite = (root() / "static" / "icons.svg").read_text(encoding="utf-8")

    assert [one.code for one in FEATURES if f'id="i-{one.icon}"' not in sprite] == []


def test_a_combined_room_is_made_of_rooms_that_stand_beside_each_other() -> None:
    by_code = {space.code: space for space in BUILDING.spaces}
    [whole] = [space for space in BUILDING.spaces if space.parts]
    shapes = [by_code[code].shape for code in whole.parts]

    assert whole.kind is SpaceKind.EVENT_SPACE
    assert whole.shape is None
    assert len(shapes) == 2
    assert all(shape is not None and shape.y == 40 for shape in shapes)


@FLOORS
def test_drawings_pass_into_a_page_as_they_are(floor: DemoFloor) -> None:
    for fragment in (floor.drawing_below, floor.drawing_above):
        assert plans.DRAWING.fullmatch(fragment)
        assert fragment.count("<g ") == fragment.count("</g>") == 1


@FLOORS
def test_words_on_a_plan_stand_there_in_both_languages(floor: DemoFloor) -> None:
    dutch, english = (floor.drawing_above.count(f'lang="{code}"') for code in ("nl", "en"))

    assert dutch == english > 0


def root() -> Path:
    """Return the folder of the project."""
    return Path(__file__).resolve().parents[2]
