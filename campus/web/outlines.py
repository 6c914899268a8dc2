"""Outlines of spaces: moved, measured, written in plan units, and where words find room in one."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from campus.web import svg_path
from campus.web.svg_path import Point, Step

Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f of SVG: x' = a·x + c·y + e, y' = b·x + d·y + f."""
Ring = list[Point]

AS_IT_IS: Matrix = (1, 0, 0, 1, 0, 0)
FINE = 8  # straight pieces for a curve, when it is measured
ROWS = 13  # heights at which room for words is looked for


def combined(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the movement that does `inner` first and then `outer`."""
    a, b, c, d, e, f = outer
    a2, b2, c2, d2, e2, f2 = inner
    return (
        a * a2 + c * b2, b * a2 + d * b2, a * c2 + c * d2, b * c2 + d * d2,
        a * e2 + c * f2 + e, b * e2 + d * f2 + f,
    )  # fmt: skip


def moved(steps: Iterable[Step], by: Matrix) -> list[Step]:
    """Return steps moved; curves stay curves."""
    a, b, c, d, e, f = by
    return [
        (
            letter,
            tuple(
                moved
                for x, y in zip(values[::2], values[1::2], strict=True)
                for moved in (a * x + c * y + e, b * x + d * y + f)
            ),
        )
        for letter, values in steps
    ]


def written(steps: Iterable[Step]) -> str:
    """Return path data in whole plan units; a line to where the pen already is falls away."""
    parts: list[str] = []
    at: tuple[int, ...] = ()
    for letter, values in steps:
        whole = tuple(round(value) for value in values)
        if letter == "L" and whole == at:
            continue
        parts.append(letter + " ".join(map(str, whole)))
        at = whole[-2:] if whole else ()
    return "".join(parts)


def rings(steps: Iterable[Step]) -> list[Ring]:
    """Return the corners of each part, curves in short straight pieces."""
    found: list[Ring] = []
    for letter, values in steps:
        if letter == "M":
            found.append([(values[0], values[1])])
        elif letter == "L":
            found[-1].append((values[0], values[1]))
        elif letter == "C":
            found[-1].extend(_curve(found[-1][-1], values))
    return found


def _curve(start: Point, values: Sequence[float]) -> Iterator[Point]:
    (x0, y0), (x1, y1, x2, y2, x3, y3) = start, values
    for n in range(1, FINE + 1):
        t = n / FINE
        u = 1 - t
        p, q, r, s = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        yield p * x0 + q * x1 + r * x2 + s * x3, p * y0 + q * y1 + r * y2 + s * y3


def area(parts: Sequence[Ring]) -> float:
    """Return the area inside; a part that runs the other way round is a hole."""
    return abs(sum(_signed(ring) for ring in parts))


def _signed(ring: Ring) -> float:
    return sum(
        x1 * y2 - x2 * y1
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
    ) / 2  # fmt: skip


def bounds(parts: Iterable[Ring]) -> tuple[float, float, float, float] | None:
    """Return left, top, right and bottom; None for nothing."""
    points = [point for ring in parts for point in ring]
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def is_rectangle(steps: Sequence[Step]) -> bool:
    """Whether the outline, in whole plan units, is its own bounding box."""
    if any(letter == "C" for letter, _ in steps):
        return False
    corners = [
        (round(values[0]), round(values[1])) for letter, values in steps if letter in {"M", "L"}
    ]
    if len([letter for letter, _ in steps if letter == "M"]) != 1:
        return False
    around = [point for n, point in enumerate(corners) if point != corners[n - 1]]
    box = bounds([[(float(x), float(y)) for x, y in around]])
    if box is None or len(around) != len(set(around)) or len(around) != 4:
        return False
    left, top, right, bottom = box
    steps_level = all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(around))
    return steps_level and set(around) == {
        (left, top), (right, top), (right, bottom), (left, bottom),
    }  # fmt: skip


@lru_cache(maxsize=8192)
def room_for(path: str, width: int, height: int) -> tuple[int, int] | None:
    """Return where the middle of words of this size finds room in an outline, in plan units.

    As near to half its height as there is room, and there in the middle of the widest stretch.
    None where they fit nowhere, and for what is no path.
    """
    try:
        parts = rings(svg_path.read(path))
    except svg_path.UnreadableError:
        return None
    box = bounds(parts)
    if box is None or box[3] - box[1] < height or box[2] - box[0] < width:
        return None
    top, bottom = box[1], box[3]
    rows = (top + height / 2 + (bottom - top - height) * n / (ROWS - 1) for n in range(ROWS))
    for y in sorted(rows, key=lambda row: abs(row - (top + bottom) / 2)):
        inside = _inside(parts, y - height / 2, y + height / 2)
        left, right = max(inside, key=lambda one: one[1] - one[0], default=(0.0, 0.0))
        if right - left >= width:
            return round((left + right) / 2), round(y)
    return None


def _inside(parts: Sequence[Ring], top: float, bottom: float) -> list[tuple[float, float]]:
    """Return the stretches from left to right that are inside on the whole height of a band."""
    inner = [*_stretches(parts, (top + bottom) / 2)]
    for left, right in list(_edges(parts, top, bottom)):
        inner = [
            rest
            for start, end in inner
            for rest in ((start, min(end, left)), (max(start, right), end))
            if rest[1] - rest[0] > 1
        ]
    return inner


def _stretches(parts: Sequence[Ring], y: float) -> Iterator[tuple[float, float]]:
    """Yield what is inside along a level line, by the rule of even and odd."""
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for ring in parts
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y1 > y) != (y2 > y)
    )
    yield from zip(crossings[::2], crossings[1::2], strict=False)


def _edges(parts: Sequence[Ring], top: float, bottom: float) -> Iterator[tuple[float, float]]:
    """Yield from where to where each edge reaches in a band."""
    for ring in parts:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if max(y1, y2) <= top or min(y1, y2) >= bottom:
                continue
            if y1 == y2:
                yield min(x1, x2), max(x1, x2)
                continue
            ends = [
                x1 + (min(max(y, min(y1, y2)), max(y1, y2)) - y1) * (x2 - x1) / (y2 - y1)
                for y in (top, bottom)
            ]
            yield min(ends), max(ends)
