"""Path data of SVG, movements, and where words find room in an outline."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.web import outlines, svg_path, svg_shapes, walls
from campus.web.svg_path import UnreadableError

COORDINATES = st.integers(-1000, 1000)
POINTS = st.tuples(COORDINATES, COORDINATES)


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ("M10,20 30 40", "M10 20L30 40"),
        ("m10 20 5 5 5-5z", "M10 20L15 25L20 20Z"),
        ("M0 0H10V10h-10z", "M0 0L10 0L10 10L0 10Z"),
        ("M0 0l.5.5 9.5 9.5", "M0 0L10 10"),
        ("M0 0zl5 5", "M0 0ZM0 0L5 5"),
        ("M0 0C1 2 3 4 5 6s3 4 5 6", "M0 0C1 2 3 4 5 6C7 8 8 10 10 12"),
        ("M0 0Q15 30 30 0", "M0 0C10 20 20 20 30 0"),
        ("M0 0Q15 30 30 0T60 0", "M0 0C10 20 20 20 30 0C40 -20 50 -20 60 0"),
        ("M0 0A10 10 0 0110 10", "M0 0C6 0 10 4 10 10"),
        ("M0 0a0 5 0 0 1 10 10", "M0 0L10 10"),
        ("M1e1 0L2E1 -0", "M10 0L20 0"),
        ("", ""),
    ],
)
def test_every_command_of_path_data_is_understood(data: str, written: str) -> None:
    assert outlines.written(svg_path.read(data)) == written


@pytest.mark.parametrize(
    "data",
    ["10 10", "L10 10", "M10", "M0 0L10", "M0 0X5", "M0 0A5 5 0 2 0 9 9", "M0 0Z5 5", "M1e99 0",
     "M0 0L1e999 0", "M9e6 0l9e6 0", "Mnan 0", "M0 0;L5 5", "M٣ 0"],
)  # fmt: skip
def test_what_is_no_path_data_is_refused(data: str) -> None:
    with pytest.raises(UnreadableError):
        svg_path.read(data)


@given(st.text(alphabet="MmLlHhVvCcSsQqTtAaZz0123456789.,- eE+\n", max_size=80))
def test_any_text_is_read_or_refused(data: str) -> None:
    try:
        steps = svg_path.read(data)
    except UnreadableError:
        return
    again = outlines.written(steps)
    assert outlines.written(svg_path.read(again)) == again


@given(start=POINTS, end=POINTS, turn=st.integers(-400, 400), sides=st.integers(0, 3))
def test_an_arc_ends_where_it_should_and_stays_on_its_circle(
    start: tuple[int, int], end: tuple[int, int], turn: int, sides: int
) -> None:
    far = math.dist(start, end)
    radius = far / 2 + 5
    flags = f"{sides // 2} {sides % 2}"
    data = f"M{start[0]} {start[1]}A{radius} {radius} {turn} {flags} {end[0]} {end[1]}"

    [ring] = outlines.rings(svg_path.read(data))

    assert ring[-1] == pytest.approx(end)
    box = outlines.bounds([ring])
    assert box is not None
    assert max(box[2] - box[0], box[3] - box[1]) <= 2 * radius + 0.5


@pytest.mark.parametrize(
    ("transform", "point"),
    [
        ("translate(5)", (6, 2)),
        ("translate(5,7) scale(2)", (7, 11)),
        ("scale(2) translate(5,7)", (12, 18)),
        ("rotate(90)", (-2, 1)),
        ("rotate(180, 1, 1)", (1, 0)),
        ("matrix(1 0 0 -1 0 10)", (1, 8)),
        ("skewX(45)", (3, 2)),
        ("skewY(45)", (1, 3)),
        ("translate(5px, 0px) rotate(90deg)", (3, 1)),
        ("", (1, 2)),
        ("none", (1, 2)),
    ],
)
def test_movements_are_done_from_the_right(transform: str, point: tuple[int, int]) -> None:
    moved = outlines.moved([("M", (1.0, 2.0))], svg_shapes.movement(transform))

    assert moved[0][1] == pytest.approx(point)


@pytest.mark.parametrize("transform", ["spin(3)", "scale()", "matrix(1 2 3)", "rotate(1) x", "("])
def test_a_movement_that_is_none_is_refused(transform: str) -> None:
    with pytest.raises(UnreadableError):
        svg_shapes.movement(transform)


def test_words_stand_in_the_arm_of_a_room_where_they_fit() -> None:
    corner = "M0 0L100 0L100 20L20 20L20 100L0 100Z"

    assert outlines.room_for(corner, 60, 13) == (50, 6)
    assert outlines.room_for(corner, 15, 13) == (10, 50)
    assert outlines.room_for(corner, 60, 30) is None


def test_words_do_not_stand_in_a_hole() -> None:
    ring = "M0 0L100 0L100 100L0 100ZM10 10L90 10L90 90L10 90Z"

    assert outlines.room_for(ring, 20, 13) is None


@given(st.lists(POINTS, min_size=3, max_size=8), st.integers(1, 80), st.integers(1, 40))
def test_room_for_words_is_inside_the_bounds(
    corners: list[tuple[int, int]], width: int, height: int
) -> None:
    path = "M" + "L".join(f"{x} {y}" for x, y in corners) + "Z"
    at = outlines.room_for(path, width, height)

    if at is not None:
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        assert min(xs) - 1 <= at[0] - width / 2 <= at[0] + width / 2 <= max(xs) + 1
        assert min(ys) - 1 <= at[1] - height / 2 <= at[1] + height / 2 <= max(ys) + 1


@pytest.mark.parametrize(
    ("data", "is_rectangle"),
    [
        ("M0 0L10 0L10 5L0 5Z", True),
        ("M0 0L0 5L10 5L10 0L0 0Z", True),
        ("M0 0L10 0L10 5Z", False),
        ("M0 0L10 1L10 5L0 5Z", False),
        ("M0 0L10 5L10 0L0 5Z", False),
        ("M0 0L5 0L10 0L10 5L0 5Z", False),
        ("M0 0C1 0 9 0 10 0L10 5L0 5Z", False),
    ],
)
def test_a_rectangle_is_known(data: str, is_rectangle: bool) -> None:
    assert outlines.is_rectangle(svg_path.read(data)) is is_rectangle


def test_a_wall_that_two_rooms_share_is_inside_and_drawn_once() -> None:
    found = walls.walls_of(["M0 0L100 0L100 80L0 80Z", "M100 0L200 0L200 80L100 80Z"])

    assert found.inner == "M100 0L100 80"
    assert found.outer == "M0 0L100 0L200 0L200 80L100 80L0 80Z"


def test_a_corner_that_stands_in_a_longer_wall_parts_it() -> None:
    long = "M0 0L200 0L200 60L0 60Z"
    found = walls.walls_of([long, "M0 60L100 60L100 99L0 99Z", "M100 60L200 61L200 99L100 99Z"])

    assert outlines.bounds(outlines.rings(svg_path.read(found.inner))) == (0, 60, 200, 99)
    assert "M0 60L200 60" not in found.outer


def test_rooms_drawn_with_gaps_have_inner_walls_only() -> None:
    found = walls.walls_of(["M0 0L10 0L10 8L0 8Z", "M12 0L22 0L22 8L12 8Z"])

    assert (found.outer, found.inner.count("M")) == ("", 2)
