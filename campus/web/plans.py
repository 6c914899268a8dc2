"""Floor plans: which drawings may pass unescaped, what a cut-out shows, how a shape is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from markupsafe import Markup  # noqa: TID251 - see `drawing`, the only use

from campus.web import outlines

TAGS = "g|path|rect|circle|ellipse|line|polyline|polygon|text"
ATTRIBUTES = (
    "class|lang|d|x|y|x1|y1|x2|y2|cx|cy|r|rx|ry|width|height|points|transform|pointer-events"
    "|aria-hidden"
)
DRAWING = re.compile(
    rf'(?:<(?:{TAGS})(?: (?:{ATTRIBUTES})="[^"<>&]*")*+/?>|</(?:{TAGS})>|[^<>&]++)*+'
)

AROUND_DESK = (420, 190)
AROUND_ROOM = (500, 250)
CARD = (330, 260)
DESK = 60  # what is lower than this is cut out as a desk
BROAD = 60  # plan units
MARGIN = 45  # plan units kept free on every side of what is marked
LANDSCAPE = 4 / 3  # least width of a picture, to its height
CHAIR = 8  # radius
PIN_AWAY = 19  # plan units from the middle of a chair to the tag that points at it
PIN = (90, 112)  # room that it needs in an outline, so that it stands below the words there
PIN_FOOT = 36  # and from the foot of a room
TAG_BELOW = "h31l7-8 7 8h31a5 5 0 0 1 5 5v19a5 5 0 0 1-5 5h-76a5 5 0 0 1-5-5v-19a5 5 0 0 1 5-5z"
TAG_ABOVE = "h31l7 8 7-8h31a5 5 0 0 0 5-5v-19a5 5 0 0 0-5-5h-76a5 5 0 0 0-5 5v19a5 5 0 0 0 5 5z"
SLIM, BROAD_LETTER, LETTER = 3.6, 8.0, 6.3  # plan units of letters in what stands small
LARGER = 1.18  # a name, to what stands small
SPARE = 2  # plan units between words and walls
ONE_LINE, TWO_LINES = 13, 32  # height of words in an outline
ROUND_THE_DESK = 2  # how far the hit area of a desk reaches past its top, beside its chair


class Placed(Protocol):
    """Something with a shape on a plan, such as a space; a combined room has parts instead."""

    @property
    def id(self) -> int: ...
    @property
    def plan_x(self) -> int | None: ...
    @property
    def plan_y(self) -> int | None: ...
    @property
    def plan_width(self) -> int | None: ...
    @property
    def plan_height(self) -> int | None: ...
    @property
    def plan_path(self) -> str: ...


class Whole(Placed, Protocol):
    """Something that may consist of parts, each with a shape of its own."""

    @property
    def parts(self) -> Sequence[Placed]: ...


class Sized(Protocol):
    """Something with the size of a plan, such as a floor."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in plan units."""

    x: int
    y: int
    width: int
    height: int

    @property
    def view_box(self) -> str:
        """The value of a `viewBox`."""
        return f"{self.x} {self.y} {self.width} {self.height}"

    @property
    def is_broad(self) -> bool:
        """Whether a space of this size has room for a second line of words."""
        return self.width >= BROAD

    def meets(self, other: Box) -> bool:
        """Say whether the two share more than an edge."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


Shape = TypeVar("Shape", bound=Placed)


@lru_cache(maxsize=64)
def drawing(fragment: str) -> str:
    """Return the SVG fragment of a floor's plan for a page, unescaped.

    The only text that passes a template unescaped. It comes from the campus's own data, and even
    so it may hold nothing but shapes and words of a closed list: no script, style, link, image,
    event or entity can be written in it. What holds anything else stays a text, and is escaped.
    """
    return Markup(fragment) if DRAWING.fullmatch(fragment) else fragment  # noqa: S704 - checked


def box_of(shape: Placed) -> Box | None:
    """Return where a space lies on its plan; None for one that is not drawn."""
    sides = (shape.plan_x, shape.plan_y, shape.plan_width, shape.plan_height)
    return Box(*(side for side in sides if side is not None)) if None not in sides else None


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a plan: what part of it shows, and which spaces are marked in it."""

    box: Box
    marked_ids: frozenset[int]

    def drawn(self, shapes: Iterable[Shape]) -> list[tuple[Shape, Box]]:
        """Return those of `shapes` that show in it, each with where it lies."""
        found = ((shape, box_of(shape)) for shape in shapes)
        return [(shape, at) for shape, at in found if at is not None and at.meets(self.box)]


def cut_around(marked: Whole, *, floor: Sized, kind: str = "") -> Cut:
    """Return the part of a floor that shows a space and its neighbours; all of it for no shape.

    Args:
        kind: "card" for a cut-out beside a heading, higher than the one on a space's own page.
    """
    shapes: Sequence[Placed] = [marked] if box_of(marked) else marked.parts
    boxes = [box for box in map(box_of, shapes) if box is not None]
    ids = frozenset(shape.id for shape in shapes)
    if not boxes:
        return Cut(Box(0, 0, floor.width, floor.height), ids)
    box = union(boxes)
    wide, high = CARD if kind == "card" else AROUND_ROOM if box.height > DESK else AROUND_DESK
    grow = max((box.width + 2 * MARGIN) / wide, (box.height + 2 * MARGIN) / high, 1)
    width, height = min(round(wide * grow), floor.width), min(round(high * grow), floor.height)
    x = box.x + box.width // 2 - width // 2
    y = box.y + box.height // 2 - height // 2
    x, y = _within(x, floor.width - width), _within(y, floor.height - height)
    return Cut(Box(x, y, width, height), ids)


def union(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of `boxes`."""
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right = max(box.x + box.width for box in boxes)
    bottom = max(box.y + box.height for box in boxes)
    return Box(x, y, right - x, bottom - y)


def chair_of(desk: Box, side: str | None) -> tuple[int, int]:
    """Return the middle of the chair that stands on a side of a desk."""
    middle_x, middle_y = desk.x + desk.width // 2, desk.y + desk.height // 2
    if side == "n":
        return middle_x, desk.y - CHAIR
    if side == "e":
        return desk.x + desk.width + CHAIR, middle_y
    if side == "w":
        return desk.x - CHAIR, middle_y
    return middle_x, desk.y + desk.height + CHAIR


def hit_of(desk: Box, side: str | None) -> Box:
    """Return the area that can be pointed at: the desk with its chair."""
    edge, reach = ROUND_THE_DESK, 2 * CHAIR + 3
    left = reach if side == "w" else edge
    top = reach if side == "n" else edge
    right = reach if side == "e" else edge
    bottom = edge if side in {"n", "e", "w"} else reach
    return Box(desk.x - left, desk.y - top, desk.width + left + right, desk.height + top + bottom)


def pin_at(box: Box, side: str | None) -> tuple[str, int, int]:
    """Return the outline of the tag at a place, pointing at it, and where its words stand.

    Below the chair of a desk, above one that stands in the north; at the foot of a room.
    """
    x, points_up = box.x + box.width // 2, side != "n"
    if side is None:
        y = box.y + box.height - PIN_FOOT
    else:
        y = chair_of(box, side)[1] + (PIN_AWAY if points_up else -PIN_AWAY)
    if points_up:
        return f"M{x - 38} {y}{TAG_BELOW}", x, y + 19
    return f"M{x - 38} {y}{TAG_ABOVE}", x, y - 10


def lines_on(name: str, below: str, code: str, box: Box, outline: str) -> tuple[str, ...]:
    """Return what is written on a room: its name and a line below it, as far as there is room.

    In a room too small for its name the code stands; where even that does not fit, nothing.
    """
    if not outline and box.is_broad and _wide(name) * LARGER <= box.width:
        return name, below
    every = ((name, below), (name,), (code,)) if below and outline else ((name,), (code,))
    if outline:
        return next((lines for lines in every if words_at(outline, lines)), ())
    return next((one for one in every if _wide(one[0]) <= box.width), ())


def words_at(outline: str, lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the middle of the first line of words in an outline; None where they do not fit.

    One line stands small; of two the first is larger and the second below it.
    """
    if not any(lines):
        return None
    if len(lines) == 1:
        at = outlines.room_for(outline, round(_wide(lines[0])) + SPARE, ONE_LINE)
        return (at[0], at[1] + 4) if at else None
    wide = max(_wide(lines[0]) * LARGER, _wide(lines[1]))
    at = outlines.room_for(outline, round(wide) + 4 * SPARE, TWO_LINES)
    return (at[0], at[1] - 3) if at else None


def _wide(words: str) -> float:
    """Return about how wide words are that stand small."""
    return sum(
        SLIM if char in "ijlrtfI.,:;'’ -" else BROAD_LETTER if char in "mwMW" or char.isupper()
        else LETTER
        for char in words
    )  # fmt: skip


def pin_for(outline: str) -> tuple[str, int, int] | None:
    """Return the tag inside an outline as `pin_at` does; None where it would hide it."""
    at = outlines.room_for(outline, *PIN)
    return pin_at(Box(at[0], at[1] + PIN_FOOT + 18, 0, 0), None) if at else None


def grown(box: Box, *, by: int, within: Box | None = None) -> Box:
    """Return a box with so much added on every side, as far as `within` reaches."""
    x, y = box.x - by, box.y - by
    right, bottom = box.x + box.width + by, box.y + box.height + by
    if within is not None:
        x, y = max(x, within.x), max(y, within.y)
        right = min(right, within.x + within.width)
        bottom = min(bottom, within.y + within.height)
    return Box(x, y, right - x, bottom - y)


def broadened(box: Box, *, within: Box) -> Box:
    """Return a box that is not higher than a landscape picture, wider where it has to be."""
    width = min(max(box.width, round(box.height * LANDSCAPE)), within.width)
    x = _within(box.x + box.width // 2 - width // 2, within.width - width)
    return Box(x, box.y, width, box.height)


def short_number(code: str) -> str:
    """Return what stands on a desk of the plan: "32" of "1.32"."""
    return code.rpartition(".")[2]


def _within(at: int, last: int) -> int:
    return min(max(at, 0), last)
