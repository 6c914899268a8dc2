"""What SVG's own shapes and movements mean, as steps of a path and as a matrix; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from campus.web import outlines, svg_path
from campus.web.outlines import Matrix
from campus.web.svg_path import CIRCLE, Step, UnreadableError

SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
PIXELS = {
    "": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0,
    "q": 96 / 101.6,
}  # fmt: skip
LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\w*)", re.ASCII)
MOVE = re.compile(r"[\s,]*([A-Za-z]+)\s*\(([^()]*)\)\s*")
TOUCH = 0.01  # of a shape's size: ends that are nearer than this meet


def steps_of(tag: str, attributes: Mapping[str, str]) -> list[Step]:
    """Return what a shape draws; nothing for one without a size.

    Raises:
        UnreadableError: a number of it is none.
    """
    if tag == "path":
        return svg_path.read(attributes.get("d", ""))
    if tag in {"polyline", "polygon"}:
        return _corners(attributes.get("points", ""), is_closed=tag == "polygon")
    if tag == "line":
        x1, y1, x2, y2 = (length(attributes.get(name, "0")) for name in ("x1", "y1", "x2", "y2"))
        return [("M", (x1, y1)), ("L", (x2, y2))]
    if tag == "rect":
        return _rectangle(attributes)
    cx, cy = length(attributes.get("cx", "0")), length(attributes.get("cy", "0"))
    names = ("r", "r") if tag == "circle" else ("rx", "ry")
    rx, ry = (length(attributes.get(name, "0")) for name in names)
    return _round(cx - rx, cy - ry, (2 * rx, 2 * ry), (rx, ry)) if rx > 0 < ry else []


def length(value: str) -> float:
    """Return a length in pixels.

    Raises:
        UnreadableError: it is none, or a share of something.
    """
    value = value.strip()
    found = LENGTH.fullmatch(value) if len(value) <= svg_path.LONGEST else None
    if found is None or found[2].lower() not in PIXELS:
        raise UnreadableError(value[:40])
    return svg_path.number(found[1]) * PIXELS[found[2].lower()]


def _corners(points: str, *, is_closed: bool) -> list[Step]:
    values = svg_path.numbers(points)
    if len(values) % 2:
        raise UnreadableError(points[:40])
    pairs = list(zip(values[::2], values[1::2], strict=True))
    steps: list[Step] = [("L" if n else "M", pair) for n, pair in enumerate(pairs)]
    return [*steps, ("Z", ())] if is_closed and steps else steps


def _rectangle(attributes: Mapping[str, str]) -> list[Step]:
    x, y, width, height = (
        length(attributes.get(name, "0")) for name in ("x", "y", "width", "height")
    )
    if width <= 0 or height <= 0:
        return []
    given = [attributes.get(name, "auto") for name in ("rx", "ry")]
    radii = [None if one == "auto" else max(0.0, length(one)) for one in given]
    rx = next((one for one in radii if one is not None), 0.0)
    ry = next((one for one in reversed(radii) if one is not None), 0.0)
    return _round(x, y, (width, height), (min(rx, width / 2), min(ry, height / 2)))


def _round(
    x: float, y: float, size: tuple[float, float], radii: tuple[float, float]
) -> list[Step]:
    """Return a rectangle with round corners; a circle is one that has nothing else."""
    (width, height), (rx, ry) = size, radii
    right, bottom = x + width, y + height
    if not rx or not ry:
        corners = [(x, y), (right, y), (right, bottom), (x, bottom)]
        return [*(("L" if n else "M", one) for n, one in enumerate(corners)), ("Z", ())]
    hx, hy = rx * (1 - CIRCLE), ry * (1 - CIRCLE)
    return [
        ("M", (x + rx, y)),
        ("L", (right - rx, y)),
        ("C", (right - hx, y, right, y + hy, right, y + ry)),
        ("L", (right, bottom - ry)),
        ("C", (right, bottom - hy, right - hx, bottom, right - rx, bottom)),
        ("L", (x + rx, bottom)),
        ("C", (x + hx, bottom, x, bottom - hy, x, bottom - ry)),
        ("L", (x, y + ry)),
        ("C", (x, y + hy, x + hx, y, x + rx, y)),
        ("Z", ()),
    ]


def is_closed(steps: Sequence[Step]) -> bool:
    """Whether every part of a shape ends where it began, and there is something inside."""
    parts: list[list[Step]] = []
    for step in steps:
        if step[0] == "M":
            parts.append([])
        parts[-1].append(step)
    real = [part for part in parts if len(part) > 1]
    return bool(real) and all(_meets(part) for part in real) and outlines.area(
        outlines.rings(steps)
    ) > 0  # fmt: skip


def _meets(part: Sequence[Step]) -> bool:
    if part[-1][0] == "Z":
        return True
    box = outlines.bounds(outlines.rings(part))
    (x1, y1), (x2, y2) = part[0][1][-2:], part[-1][1][-2:]
    size = max(box[2] - box[0], box[3] - box[1]) if box else 0.0
    return math.hypot(x1 - x2, y1 - y2) <= size * TOUCH and len(part) > 3


def movement(value: str) -> Matrix:
    """Return a `transform` as one matrix.

    Raises:
        UnreadableError: it is none.
    """
    matrix, at = outlines.AS_IT_IS, 0
    value = value.strip()
    if value == "none":
        return matrix
    while at < len(value):
        found = MOVE.match(value, at)
        verb = VERBS.get(found[1]) if found else None
        if found is None or verb is None:
            raise UnreadableError(value[at : at + 40])
        given = re.sub(r"(?<=[\d.])(?:px|deg)\b", "", found[2])
        values = svg_path.numbers(given)
        if len(values) not in verb[0]:
            raise UnreadableError(found[0])
        matrix = outlines.combined(matrix, verb[1](*values))
        at = found.end()
    return matrix


def _shift(x: float, y: float = 0.0) -> Matrix:
    return 1, 0, 0, 1, x, y


def _scale(x: float, y: float | None = None) -> Matrix:
    return x, 0, 0, x if y is None else y, 0, 0


def _turn(angle: float, x: float = 0.0, y: float = 0.0) -> Matrix:
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    turned: Matrix = (cos, sin, -sin, cos, 0, 0)
    return outlines.combined(_shift(x, y), outlines.combined(turned, _shift(-x, -y)))


VERBS: dict[str, tuple[set[int], Callable[..., Matrix]]] = {
    "matrix": ({6}, lambda *values: values),
    "translate": ({1, 2}, _shift),
    "scale": ({1, 2}, _scale),
    "rotate": ({1, 3}, _turn),
    "skewX": ({1}, lambda angle: (1, 0, math.tan(math.radians(angle)), 1, 0, 0)),
    "skewY": ({1}, lambda angle: (1, math.tan(math.radians(angle)), 0, 1, 0, 0)),
}


def frame(attributes: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    """Return what a program shows of a whole drawing, in its pixels; None where it says none."""
    box = _view_box(attributes)
    width, height = _size(attributes)
    if box is not None:
        (a, _, _, d, e, f) = viewport(attributes, is_root=True)
        left, top = a * box[0] + e, d * box[1] + f
        return left, top, left + a * box[2], top + d * box[3]
    return (0.0, 0.0, width, height) if width and height else None


def viewport(attributes: Mapping[str, str], *, is_root: bool) -> Matrix:
    """Return what `viewBox`, size and place of an `svg` element do to what is in it."""
    box = _view_box(attributes)
    width, height = _size(attributes)
    place = AS_PLACED if is_root else _shift(*(_soft(attributes.get(one)) for one in ("x", "y")))
    if box is None:
        return place
    width = width or (height * box[2] / box[3] if height else box[2])
    height = height or width * box[3] / box[2]
    x, y = width / box[2], height / box[3]
    keeps = not attributes.get("preserveAspectRatio", "").strip().startswith("none")
    if keeps:
        x = y = min(x, y)
    aside = (width - x * box[2]) / 2, (height - y * box[3]) / 2
    return outlines.combined(place, (x, 0, 0, y, aside[0] - x * box[0], aside[1] - y * box[1]))


AS_PLACED = outlines.AS_IT_IS


def _view_box(attributes: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    given = attributes.get("viewBox")
    if given is None:
        return None
    values = svg_path.numbers(given)
    if len(values) != 4 or values[2] <= 0 or values[3] <= 0:
        raise UnreadableError(f"viewBox {given}")
    return values[0], values[1], values[2], values[3]


def _size(attributes: Mapping[str, str]) -> tuple[float, float]:
    """Return width and height in pixels; 0 for one that is not said, or as a share."""
    return _soft(attributes.get("width")), _soft(attributes.get("height"))


def _soft(value: str | None) -> float:
    if value is None or value.strip().endswith("%") or value.strip() == "auto":
        return 0.0
    return length(value)
