"""The walls of a floor, found between its rooms: what two share is inside, the rest outside."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from campus.web import outlines, svg_path
from campus.web.svg_path import Step

Corner = tuple[int, int]
Edge = tuple[Corner, Corner, tuple[int, ...]]
"""From, to, and the handles of a curve."""

NEAR = 1.5  # plan units: a corner that near to a wall stands in it
CELL = 32  # plan units of the grid in which corners are looked up
SHARED = 0.1  # of the length of walls; where less is shared, rooms were drawn with gaps


@dataclass(frozen=True, slots=True)
class Walls:
    """Path data of walls; `outer` is empty where rooms were drawn with gaps between them."""

    inner: str
    outer: str


def walls_of(paths: Iterable[str]) -> Walls:
    """Return the walls of rooms by their outlines, in whole plan units."""
    edges = _met([edge for path in paths for edge in _edges(svg_path.read(path))])
    corners = _grid(edges)
    parts = [part for edge in edges for part in _parted(edge, corners)]
    counts = Counter(_either_way(part) for part in parts)
    alone = [part for part in counts if counts[part] == 1]
    shared = [part for part in counts if counts[part] > 1]
    if sum(map(_length, shared)) < SHARED * sum(map(_length, counts)):
        return Walls(_joined([*counts]), "")
    return Walls(_joined(shared), _joined(alone))


def _edges(steps: Iterable[Step]) -> Iterator[Edge]:
    began = at = (0, 0)
    for letter, values in steps:
        to = (round(values[-2]), round(values[-1])) if values else began
        if letter == "M":
            began = to
        elif to != at or letter == "C":
            handles = tuple(round(value) for value in values[:-2]) if letter == "C" else ()
            yield at, to, handles
        at = to


def _met(edges: Iterable[Edge]) -> list[Edge]:
    """Return walls of which corners that lie beside each other are the same corner."""
    known: dict[Corner, Corner] = {}
    for corner in (corner for edge in edges for corner in edge[:2]):
        around = ((corner[0] + x, corner[1] + y) for x in (0, -1, 1) for y in (0, -1, 1))
        near = next((known[one] for one in around if known.get(one) == one), corner)
        known.setdefault(corner, near)
    met = [(known[start], known[end], handles) for start, end, handles in edges]
    return [edge for edge in met if edge[0] != edge[1] or edge[2]]


def _either_way(edge: Edge) -> Edge:
    """Return the same wall whichever way it was drawn."""
    start, end, handles = edge
    return edge if start <= end else (end, start, handles[2:] + handles[:2])


def _grid(edges: Sequence[Edge]) -> dict[Corner, set[Corner]]:
    found: dict[Corner, set[Corner]] = defaultdict(set)
    for start, _, _ in edges:
        found[start[0] // CELL, start[1] // CELL].add(start)
    return found


def _parted(edge: Edge, corners: dict[Corner, set[Corner]]) -> list[Edge]:
    """Return a straight wall cut at the corners of other rooms that stand in it."""
    start, end, handles = edge
    if handles:
        return [edge]
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1)
    inside = []
    for x, y in _beside(start, end, corners):
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length
        aside = abs((x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)) / length
        if aside <= NEAR < along < length - NEAR:
            inside.append((along, (x, y)))
    stops = [start, *(corner for _, corner in sorted(inside)), end]
    return [(a, b, ()) for a, b in itertools.pairwise(stops) if a != b]


def _beside(start: Corner, end: Corner, corners: dict[Corner, set[Corner]]) -> Iterator[Corner]:
    (x1, y1), (x2, y2) = start, end
    for column in range((min(x1, x2) - 2) // CELL, (max(x1, x2) + 2) // CELL + 1):
        for row in range((min(y1, y2) - 2) // CELL, (max(y1, y2) + 2) // CELL + 1):
            yield from corners.get((column, row), ())


def _length(edge: Edge) -> float:
    return math.dist(edge[0], edge[1])


def _joined(edges: Sequence[Edge]) -> str:
    """Return path data in as few strokes as there have to be."""
    ends: dict[Corner, list[int]] = defaultdict(list)
    for number, (start, end, _) in enumerate(edges):
        ends[start].append(number)
        ends[end].append(number)
    left = set(range(len(edges)))
    # Strokes begin where walls end or meet; what is then left are rings.
    firsts = [corner for corner in ends if len(ends[corner]) != 2]
    strokes: list[Step] = []
    for corner in [*firsts, *ends]:
        while (stroke := _stroke(corner, edges, ends, left)) is not None:
            strokes += stroke
    return outlines.written(strokes)


def _stroke(
    corner: Corner, edges: Sequence[Edge], ends: dict[Corner, list[int]], left: set[int]
) -> list[Step] | None:
    first, at, steps = corner, corner, [("M", (float(corner[0]), float(corner[1])))]
    found: list[Step] = list(steps)
    while number := next((one + 1 for one in ends[at] if one in left), 0):
        left.discard(number - 1)
        start, end, handles = edges[number - 1]
        if start != at:
            start, end, handles = end, start, handles[2:] + handles[:2]
        if end == first and at != first and not handles:
            return [*found, ("Z", ())]
        found.append(("C" if handles else "L", tuple(map(float, (*handles, *end)))))
        at = end
    return found if len(found) > 1 else None
