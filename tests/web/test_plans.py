"""Floor plans: what may pass unescaped, and which part of a floor is cut out."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from markupsafe import Markup, escape

from campus.demo import plans as drawings
from campus.web import plans
from campus.web.plans import Box


@dataclass
class Floor:
    width: int = 1000
    height: int = 600


@dataclass
class Space:
    id: int = 1
    plan_x: int | None = None
    plan_y: int | None = None
    plan_width: int | None = None
    plan_height: int | None = None
    plan_path: str = ""
    parts: list[Space] = field(default_factory=list)


def placed(number: int, x: int, y: int, width: int, height: int) -> Space:
    return Space(number, x, y, width, height)


@pytest.mark.parametrize(
    "fragment",
    [
        drawings.maaiveld_below(),
        drawings.maaiveld_above(),
        drawings.wierde_above(),
        drawings.dijk_above(),
        '<path class="wall" d="M0 0h10v10z"/><text class="s" lang="nl" x="1" y="2">Café</text>',
        "",
    ],
)
def test_shapes_and_words_pass_as_they_are(fragment: str) -> None:
    drawn = plans.drawing(fragment)

    assert isinstance(drawn, Markup)
    assert drawn == fragment


@pytest.mark.parametrize(
    "fragment",
    [
        "<script>alert(1)</script>",
        '<path d="M0 0" onload="alert(1)"/>',
        '<path d="M0 0" style="fill:red"/>',
        '<a href="javascript:alert(1)"><rect x="0"/></a>',
        '<image href="https://elsewhere.example/x.png"/>',
        '<use href="#x"/>',
        "<foreignObject><p>hi</p></foreignObject>",
        "<style>*{fill:red}</style>",
        "<path d='M0 0'/>",
        '<path d="M0 0"',
        '<path class="a" class="b"onclick="x"/>',
        "&lt;script&gt;",
        "a" * 50_000 + "&",
        "<!-- -->",
        '<animate attributeName="x"/>',
        '<set attributeName="onmouseover"/>',
        '<rect x="1" xlink:href="x"/>',
    ],
)
def test_anything_else_is_shown_as_text(fragment: str) -> None:
    drawn = plans.drawing(fragment)

    assert not isinstance(drawn, Markup)
    assert "<" not in escape(drawn)


def test_a_desk_is_cut_out_in_the_middle_of_its_neighbours() -> None:
    desk, near, far = (
        placed(1, 500, 300, 46, 25),
        placed(2, 550, 300, 46, 25),
        placed(3, 0, 0, 9, 9),
    )

    cut = plans.cut_around(desk, floor=Floor())

    assert cut.box == Box(313, 217, 420, 190)
    assert cut.marked_ids == {1}
    assert [shape.id for shape, _box in cut.drawn([desk, near, far, Space(4)])] == [1, 2]


def test_a_cut_out_stays_on_the_floor_and_shows_all_of_a_large_room() -> None:
    corner, hall = placed(1, 0, 0, 46, 25), placed(2, 600, 100, 400, 500)

    assert plans.cut_around(corner, floor=Floor()).box == Box(0, 0, 420, 190)
    assert plans.cut_around(hall, floor=Floor(), kind="card").box == Box(251, 10, 749, 590)


def test_a_combined_room_is_cut_out_around_its_parts() -> None:
    whole = Space(1, parts=[placed(2, 100, 100, 150, 150), placed(3, 250, 100, 150, 150)])

    cut = plans.cut_around(whole, floor=Floor())

    assert cut.marked_ids == {2, 3}
    assert cut.box.meets(Box(100, 100, 1, 1))
    assert cut.box.meets(Box(399, 249, 1, 1))


def test_what_is_drawn_nowhere_shows_the_whole_floor() -> None:
    assert plans.cut_around(Space(), floor=Floor()).box == Box(0, 0, 1000, 600)


@pytest.mark.parametrize(
    ("side", "chair", "hit"),
    [
        ("n", (123, 192), Box(98, 181, 50, 46)),
        ("s", (123, 233), Box(98, 198, 50, 46)),
        ("e", (154, 212), Box(98, 198, 67, 29)),
        ("w", (92, 212), Box(81, 198, 67, 29)),
        (None, (123, 233), Box(98, 198, 50, 46)),
    ],
)
def test_a_chair_stands_on_its_side_and_belongs_to_what_can_be_hit(
    side: str | None, chair: tuple[int, int], hit: Box
) -> None:
    desk = Box(100, 200, 46, 25)

    assert plans.chair_of(desk, side) == chair
    assert plans.hit_of(desk, side) == hit


def test_the_tag_points_at_the_chair_from_the_side_it_stands_on() -> None:
    desk = Box(100, 200, 46, 25)

    south, north = plans.pin_at(desk, "s"), plans.pin_at(desk, "n")

    assert (south[1:], north[1:]) == ((123, 271), (123, 163))
    assert plans.TAG_BELOW in south[0]
    assert plans.TAG_ABOVE in north[0]


def test_a_high_zone_is_shown_in_a_landscape() -> None:
    floor = Box(0, 0, 1000, 600)

    assert plans.broadened(Box(10, 100, 150, 300), within=floor) == Box(0, 100, 400, 300)
    assert plans.broadened(Box(10, 100, 500, 300), within=floor) == Box(10, 100, 500, 300)


def test_a_desk_shows_the_last_part_of_its_number() -> None:
    assert [plans.short_number(code) for code in ("1.32", "B2-1.07", "Flex")] == [
        "32",
        "07",
        "Flex",
    ]
