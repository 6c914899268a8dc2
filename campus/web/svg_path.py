"""Path data of SVG, read into lines and curves with absolute coordinates; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence

Step = tuple[str, tuple[float, ...]]
"""("M" or "L", (x, y)), ("C", (x1, y1, x2, y2, x, y)) or ("Z", ())."""
Point = tuple[float, float]

FARTHEST = 1e7  # no drawing of a floor has coordinates beyond
MOST_STEPS = 40_000  # of a drawing
LONGEST = 60  # characters of a number
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
SPACES = re.compile(r"[\s,]*")
LETTER = re.compile(r"[MmLlHhVvCcSsQqTtAaZz]")
TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
FLAGS = {3, 4}  # of the seven values of an arc; they need no space after them
CIRCLE = 0.5522847498307936  # of the radius: the handles of a quarter of a circle as a curve
MIDDLE = 1e-9


class UnreadableError(ValueError):
    """Something of a drawing that is not what SVG says it should be."""


class TooManyError(UnreadableError):
    """More steps than a drawing may have."""


def number(text: str) -> float:
    """Return a plain number.

    Raises:
        UnreadableError: it is none, or larger than any drawing.
    """
    if len(text) > LONGEST or not NUMBER.fullmatch(text.strip()):
        raise UnreadableError(text)
    value = float(text)
    if not abs(value) <= FARTHEST:
        raise UnreadableError(text)
    return value


def numbers(text: str) -> list[float]:
    """Return numbers with spaces or commas between them."""
    found = NUMBER.findall(text)
    if len(found) > 2 * MOST_STEPS:
        raise TooManyError(text[:20])
    if SPACES.sub("", NUMBER.sub("", text)):
        raise UnreadableError(text)
    return [number(one) for one in found]


def read(data: str) -> list[Step]:
    """Return the steps of path data; arcs and quadratic curves become cubic ones.

    Raises:
        UnreadableError: it is no path data.
    """
    pen = _Pen()
    for letter, values in _commands(data):
        pen.follow(letter, values)
    return pen.steps


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with as many values as it takes; repeated ones one by one."""
    at, letter, is_first = _skip(data, 0), "", True
    while at < len(data):
        if LETTER.match(data, at):
            letter, at, is_first = data[at], at + 1, True
        elif not letter or letter in "Zz":
            raise UnreadableError(data[at : at + 20])
        elif letter in "Mm" and not is_first:
            letter = "L" if letter == "M" else "l"  # what follows a move are lines
        values, at = _values(data, at, TAKES[letter.upper()], is_arc=letter in "Aa")
        yield letter, values
        is_first, at = False, _skip(data, at)


def _values(data: str, at: int, count: int, *, is_arc: bool) -> tuple[list[float], int]:
    values = []
    for n in range(count):
        at = _skip(data, at)
        if is_arc and n in FLAGS:
            if data[at : at + 1] not in {"0", "1"}:
                raise UnreadableError(data[at : at + 20])
            values.append(float(data[at]))
            at += 1
            continue
        found = NUMBER.match(data, at)
        if found is None:
            raise UnreadableError(data[at : at + 20])
        values.append(number(found[0]))
        at = found.end()
    return values, at


def _skip(data: str, at: int) -> int:
    found = SPACES.match(data, at)
    return found.end() if found else at


class _Pen:
    """Follows commands, and knows where it is."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.at: Point = (0.0, 0.0)
        self.began: Point = (0.0, 0.0)
        self.handle: Point | None = None  # of the curve before, for the smooth ones
        self.before = ""

    def follow(self, letter: str, values: Sequence[float]) -> None:
        """Do one command."""
        upper = letter.upper()
        if not self.steps and upper != "M":
            raise UnreadableError(letter)
        if self.before == "Z" and upper not in "MZ":
            self._step("M", *self.began)
        x, y = (0.0, 0.0) if letter.isupper() else self.at
        verbs: dict[str, Callable[[Sequence[float], float, float], None]] = {
            "M": self._move, "L": self._line, "H": self._level, "V": self._plumb,
            "C": self._cubic, "S": self._smooth, "Q": self._quadratic, "T": self._gliding,
            "A": self._arc, "Z": self._close,
        }  # fmt: skip
        verbs[upper](values, x, y)
        if upper not in "CSQT":
            self.handle = None
        self.before = upper

    def _step(self, letter: str, *values: float) -> None:
        if not all(abs(value) <= FARTHEST for value in values):
            raise UnreadableError(letter)
        if len(self.steps) == MOST_STEPS:
            raise TooManyError(letter)
        self.steps.append((letter, values))
        if values:
            self.at = values[-2], values[-1]

    def _move(self, values: Sequence[float], x: float, y: float) -> None:
        self._step("M", x + values[0], y + values[1])
        self.began = self.at

    def _line(self, values: Sequence[float], x: float, y: float) -> None:
        self._step("L", x + values[0], y + values[1])

    def _level(self, values: Sequence[float], x: float, y: float) -> None:
        self._step("L", x + values[0], self.at[1])

    def _plumb(self, values: Sequence[float], x: float, y: float) -> None:
        self._step("L", self.at[0], y + values[0])

    def _cubic(self, values: Sequence[float], x: float, y: float) -> None:
        x1, y1, x2, y2, x3, y3 = values
        self.handle = (x + x2, y + y2)
        self._step("C", x + x1, y + y1, x + x2, y + y2, x + x3, y + y3)

    def _smooth(self, values: Sequence[float], x: float, y: float) -> None:
        x1, y1 = self._mirrored("CS")
        x2, y2, x3, y3 = values
        self.handle = (x + x2, y + y2)
        self._step("C", x1, y1, x + x2, y + y2, x + x3, y + y3)

    def _quadratic(self, values: Sequence[float], x: float, y: float) -> None:
        self._bend((x + values[0], y + values[1]), (x + values[2], y + values[3]))

    def _gliding(self, values: Sequence[float], x: float, y: float) -> None:
        self._bend(self._mirrored("QT"), (x + values[0], y + values[1]))

    def _bend(self, handle: Point, end: Point) -> None:
        (x0, y0), (x1, y1), (x2, y2) = self.at, handle, end
        self._step(
            "C", x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3,
            x2 + (x1 - x2) * 2 / 3, y2 + (y1 - y2) * 2 / 3, x2, y2,
        )  # fmt: skip
        self.handle = handle

    def _mirrored(self, kinds: str) -> Point:
        if self.handle is None or self.before not in kinds:
            return self.at
        return 2 * self.at[0] - self.handle[0], 2 * self.at[1] - self.handle[1]

    def _arc(self, values: Sequence[float], x: float, y: float) -> None:
        rx, ry, turn, is_large, is_clockwise, x2, y2 = values
        end = (x + x2, y + y2)
        if end == self.at:
            return
        if abs(rx) < MIDDLE or abs(ry) < MIDDLE:
            self._step("L", *end)
            return
        sides = (bool(is_large), bool(is_clockwise))
        for curve in _arc_as_curves(self.at, end, (abs(rx), abs(ry)), math.radians(turn), sides):
            self._step("C", *curve)
        self.at = end

    def _close(self, _values: Sequence[float], _x: float, _y: float) -> None:
        self._step("Z")
        self.at = self.began


def _arc_as_curves(
    start: Point, end: Point, radii: Point, turn: float, sides: tuple[bool, bool]
) -> Iterator[tuple[float, ...]]:
    """Yield an arc as curves of a quarter turn at most (SVG 2, appendix B.2)."""
    cos, sin = math.cos(turn), math.sin(turn)
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * half_x + sin * half_y, cos * half_y - sin * half_x
    grow = max(1.0, math.hypot(x / radii[0], y / radii[1]))
    rx, ry = radii[0] * grow, radii[1] * grow
    ux, uy = x / rx, y / ry
    length = ux * ux + uy * uy
    reach = math.sqrt(max(0.0, 1 / length - 1)) if length else 0.0
    reach = -reach if sides[0] == sides[1] else reach
    cx, cy = reach * uy, -reach * ux  # of the circle of radius one
    first = math.atan2(uy - cy, ux - cx)
    sweep = math.atan2(-uy - cy, -ux - cx) - first
    if sides[1] and sweep < 0:
        sweep += 2 * math.pi
    elif not sides[1] and sweep > 0:
        sweep -= 2 * math.pi
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)

    def placed(px: float, py: float) -> Point:
        px, py = (px + cx) * rx, (py + cy) * ry
        return cos * px - sin * py + middle[0], sin * px + cos * py + middle[1]

    pieces = max(1, math.ceil(abs(sweep) / (math.pi / 2) - MIDDLE))
    part = sweep / pieces
    handle = 4 / 3 * math.tan(part / 4)
    for n in range(pieces):
        a, b = first + n * part, first + (n + 1) * part
        c1 = placed(math.cos(a) - handle * math.sin(a), math.sin(a) + handle * math.cos(a))
        c2 = placed(math.cos(b) + handle * math.sin(b), math.sin(b) - handle * math.cos(b))
        yield (*c1, *c2, *(end if n == pieces - 1 else placed(math.cos(b), math.sin(b))))
