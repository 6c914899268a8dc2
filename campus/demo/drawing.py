"""SVG fragments of a floor plan, in the classes of the stylesheet and nothing else.

Words that differ stand there in both languages with `lang`; the stylesheet hides the other one.
"""

from __future__ import annotations

from collections.abc import Iterable

from campus.demo.shapes import Rect, Words

CHAIR = 7  # radius
DOOR = 26  # width, and how far it swings


def outline(path: str) -> str:
    """Return the ground of a floor."""
    return f'<path class="floor" d="{path}"/>'


def rug(area: Rect) -> str:
    """Return a stretch of other ground."""
    return _rect("rug", area, round_by=3)


def thin(path: str) -> str:
    """Return inner walls."""
    return f'<path class="thin" d="{path}"/>'


def shell(path: str, windows: Iterable[str]) -> str:
    """Return the outer wall with its windows."""
    glass = "".join(f'<path class="win" d="{window}"/>' for window in windows)
    return f'<path class="wall" d="{path}"/>{glass}'


def faint(path: str) -> str:
    """Return hairlines: the boards of a deck, the folds of a wall."""
    return f'<path class="swing" d="{path}"/>'


def door(x: int, y: int, *, to: str) -> str:
    """Return a door in an inner wall; `x`, `y` is its western or northern end.

    Args:
        to: side it swings to; `n` and `s` for a wall that runs east, `e` and `w` for one north.
    """
    d = DOOR
    gap = f"M{x} {y}h{d}" if to in "ns" else f"M{x} {y}v{d}"
    leaf = {
        "s": f"M{x + d} {y}v{d}a{d} {d} 0 0 1-{d}-{d}",
        "n": f"M{x + d} {y}v-{d}a{d} {d} 0 0 0-{d} {d}",
        "e": f"M{x} {y + d}h{d}a{d} {d} 0 0 0-{d}-{d}",
        "w": f"M{x} {y + d}h-{d}a{d} {d} 0 0 1 {d}-{d}",
    }[to]
    return f'<path class="door" d="{gap}"/><path class="swing" d="{leaf}"/>'


def opening(path: str) -> str:
    """Return a gap in a wall without a leaf."""
    return f'<path class="door" d="{path}"/>'


def word(x: int, y: int, said: Words, *, css: str = "s") -> str:
    """Return a label; once when both languages say the same."""
    if said.nl == said.en:
        return f'<text class="{css}" x="{x}" y="{y}">{said.nl}</text>'
    return "".join(
        f'<text class="{css}" lang="{language}" x="{x}" y="{y}">{text}</text>'
        for language, text in (("nl", said.nl), ("en", said.en))
    )


def furniture(area: Rect, *, round_by: int = 3) -> str:
    """Return a piece of furniture seen from above."""
    return _rect("furn", area, round_by=round_by)


def chairs(points: Iterable[tuple[int, int]], *, radius: int = CHAIR) -> str:
    """Return chairs or stools."""
    return "".join(f'<circle class="furn" cx="{x}" cy="{y}" r="{radius}"/>' for x, y in points)


def table(top: Rect, *, sides: int, heads: bool = False) -> str:
    """Return a table with `sides` chairs on either long side, and one at each head if asked."""
    pitch = top.width / sides
    seats = [
        (round(top.x + pitch * (n + 0.5)), y)
        for n in range(sides)
        for y in (top.y - 10, top.bottom + 10)
    ]
    if heads:
        middle = top.middle[1]
        seats += [(top.x - 10, middle), (top.right + 10, middle)]
    return chairs(seats) + furniture(top, round_by=8)


def round_table(x: int, y: int, *, radius: int = 19, seats: int = 4) -> str:
    """Return a round table with two or four chairs."""
    away = radius + 9
    around = [(x - away, y), (x + away, y), (x, y - away), (x, y + away)]
    stools = chairs(around[:seats], radius=CHAIR if radius > 15 else 5)
    return f'{stools}<circle class="furn" cx="{x}" cy="{y}" r="{radius}"/>'


def plants(*points: tuple[int, int]) -> str:
    """Return pots with plants."""
    return "".join(
        f'<circle class="plant" cx="{x}" cy="{y}" r="9"/>'
        f'<circle class="plant" cx="{x + 5}" cy="{y - 6}" r="5"/>'
        for x, y in points
    )


def core() -> str:
    """Return stairs, lift and wc: at the same place on every floor."""
    treads = "".join(f"M550 {y}h78" for y in (70, 80, 90, 100, 110))
    return (
        _rect("core", Rect(538, 56, 102, 132), round_by=0)
        + thin(f"M538 122h102M589 122v66{treads}")
        + word(546, 150, Words("lift", "lift"))
        + word(598, 150, Words("wc", "wc"))
        + word(598, 166, Words("♿︎", "♿︎"))
    )


def layer(*parts: str) -> str:
    """Return a layer of a drawing that lets the pointer through and stays silent to readers."""
    return f'<g aria-hidden="true" pointer-events="none">{"".join(parts)}</g>'


def _rect(css: str, area: Rect, *, round_by: int) -> str:
    corner = f' rx="{round_by}"' if round_by else ""
    return (
        f'<rect class="{css}" x="{area.x}" y="{area.y}" '
        f'width="{area.width}" height="{area.height}"{corner}/>'
    )
