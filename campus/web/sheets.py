"""A drawing laid out in plan units: its strokes, and what is drawn around its spaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campus.web import outlines, walls
from campus.web.outlines import Matrix
from campus.web.plans import Box
from campus.web.svg import Piece

Frame = tuple[float, float, float, float]

WIDTH, DENSE_WIDTH, HEIGHT = 1000, 1200, 2000  # plan units of a floor; the first it reaches
MANY = 60  # closed shapes that need the greater width, for their names to find room
MARGIN = 24  # plan units around a drawing
FILLS = 0.5  # of the frame of a file: a drawing that takes less of it is shown without
SOLID = 0.15  # of its box: a filled outline that covers less is a wall, not a room


@dataclass(frozen=True, slots=True)
class Stroke:
    """An outline in plan units."""

    path: str
    box: Box
    area: float
    is_closed: bool
    is_filled: bool
    is_rectangle: bool

    @property
    def is_ground(self) -> bool:
        """Whether it covers what it goes around."""
        return (
            self.is_closed
            and self.is_filled
            and self.area >= SOLID * self.box.width * self.box.height
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """Strokes, and the size of the plan they are on."""

    width: int
    height: int
    strokes: tuple[Stroke, ...]


def seen(pieces: Sequence[Piece], frame: Frame | None) -> list[Piece]:
    """Return what lies at least partly in the frame of its file."""
    if frame is None:
        return list(pieces)
    found = []
    for piece in pieces:
        box = outlines.bounds(outlines.rings(piece.steps))
        if box and (
            box[0] <= frame[2] and box[2] >= frame[0] and box[1] <= frame[3] and box[3] >= frame[1]
        ):
            found.append(piece)
    return found


def laid_out(pieces: Sequence[Piece], frame: Frame | None) -> Sheet:
    """Return a drawing in plan units.

    The frame of the file is kept, so that floors drawn in the same one lie on each other, unless
    the drawing fills only a corner of it.
    """
    box = outlines.bounds([ring for piece in pieces for ring in outlines.rings(piece.steps)])
    left, top, right, bottom = box or (0.0, 0.0, 1.0, 1.0)
    if frame is not None:
        fills = (right - left) / (frame[2] - frame[0]), (bottom - top) / (frame[3] - frame[1])
        if min(fills) >= FILLS:
            left, top = min(left, frame[0]), min(top, frame[1])
            right, bottom = max(right, frame[2]), max(bottom, frame[3])
    wide, high = max(right - left, 1e-6), max(bottom - top, 1e-6)
    is_dense = sum(piece.is_closed for piece in pieces) > MANY
    width = DENSE_WIDTH if is_dense else WIDTH
    scale = min((width - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    matrix: Matrix = (scale, 0, 0, scale, MARGIN - left * scale, MARGIN - top * scale)
    return Sheet(
        width=round(wide * scale) + 2 * MARGIN,
        height=round(high * scale) + 2 * MARGIN,
        strokes=tuple(_stroke(piece, matrix) for piece in pieces),
    )


def _stroke(piece: Piece, matrix: Matrix) -> Stroke:
    steps = outlines.moved(piece.steps, matrix)
    if piece.is_closed and steps[-1][0] != "Z":
        steps.append(("Z", ()))
    parts = outlines.rings(steps)
    left, top, right, bottom = outlines.bounds(parts) or (0.0, 0.0, 0.0, 0.0)
    x, y = round(left), round(top)
    return Stroke(
        path=outlines.written(steps),
        box=Box(x, y, round(right) - x, round(bottom) - y),
        area=outlines.area(parts),
        is_closed=piece.is_closed,
        is_filled=piece.is_filled,
        is_rectangle=outlines.is_rectangle(steps),
    )


# --- what is drawn below and above the spaces -------------------------------------------------


def layers(sheet: Sheet, live: Iterable[int]) -> tuple[str, str]:
    """Return the drawing below and above the spaces, made of path data and known classes only.

    Args:
        live: which strokes are outlines of spaces.
    """
    own = set(live)
    rest = [stroke for number, stroke in enumerate(sheet.strokes) if number not in own]
    ground = [stroke for stroke in rest if stroke.is_ground]
    rooms = [sheet.strokes[number].path for number in sorted(own)]
    found = walls.walls_of([*rooms, *(stroke.path for stroke in ground)])
    lines = "".join(stroke.path for stroke in rest if not stroke.is_ground)
    below = _layer("".join(_path("floor", stroke.path) for stroke in ground))
    above = _layer(_path("thin", found.inner + lines) + _path("wall", found.outer))
    return below, above


def _layer(inside: str) -> str:
    return f'<g aria-hidden="true" pointer-events="none">{inside}</g>' if inside else ""


def _path(name: str, data: str) -> str:
    return f'<path class="{name}" d="{data}"/>' if data else ""
