"""The land as it is drawn: outlines in perspective, times on the road, names at the front edge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from campus.landscape import rules
from campus.landscape.rules import Road, Tone
from campus.landscape.scene import Strip
from campus.landscape.schemas import Label, Land, Mark

LEFT, RIGHT = -1, 1
MARGIN = 60  # the middle of a label stands at least so far inside the drawing
NARROW = (rules.strip_span(1, side=LEFT)[0], rules.strip_span(0, side=RIGHT)[1])
Placed = tuple[tuple[float, float], Strip]


def land(road: Road, *, left: Sequence[Strip], right: Sequence[Strip]) -> Land:
    """Return the drawing of the strips on both sides of the road."""
    placed = [*_placed(left, LEFT), *_placed(right, RIGHT)]
    bank = road.near(road.open_part.starts_at)
    closed = "" if road.is_open else "".join(
        rules.outline(span, first=1, last=bank) for span, _ in placed
    )  # fmt: skip
    return Land(
        parcels=_parcels(placed, road),
        rest=closed,
        meadow=_meadow(len(left), LEFT) + _meadow(len(right), RIGHT),
        bank=round(rules.height(bank), 1),
        marks=[_mark(road, at) for at in rules.marks(road)],
        labels=[label for span, strip in placed if (label := _label(span, strip))],
        posts=_posts(placed),
    )


def _meadow(strips: int, side: int) -> str:
    """Return the outline of the land beyond the last strip of a side."""
    start, end = rules.strip_span(strips, side=side)
    edge = round(rules.across(end if side < 0 else start))
    border = min(edge, 0) if side < 0 else max(edge, rules.WIDTH)
    return f"M{rules.CENTRE} {rules.HORIZON}L{edge} {rules.EDGE}H{border}V{rules.HORIZON}z"


def _placed(strips: Sequence[Strip], side: int) -> list[Placed]:
    return [(rules.strip_span(number, side=side), strip) for number, strip in enumerate(strips)]


def _parcels(placed: Sequence[Placed], road: Road) -> dict[Tone, str]:
    """Return one outline for all parcels of a tone."""
    found: dict[Tone, list[str]] = {tone: [] for tone in Tone}
    for span, strip in placed:
        for parcel in strip.parcels:
            path = rules.parcel_outline(span, road=road, period=parcel.period)
            found[parcel.tone].append(path)
    return {tone: "".join(paths) for tone, paths in found.items() if any(paths)}


def _label(span: tuple[float, float], strip: Strip) -> Label | None:
    """Return what stands before a strip that reaches the front edge, or nothing."""
    x = round(rules.across(sum(span) / 2))
    if not MARGIN <= x <= rules.WIDTH - MARGIN:
        return None
    is_near = NARROW[0] <= span[0] and span[1] <= NARROW[1]
    return Label(x, strip.name, strip.state, is_near)


def _posts(placed: Sequence[Placed]) -> list[int]:
    """Return where the ditches beyond strips meet the front edge."""
    half = rules.DITCH / 2
    ends = (start - half if start < 0 else end + half for (start, end), _ in placed)
    return [x for x in (round(rules.across(end)) for end in ends) if 0 < x < rules.WIDTH]


def _mark(road: Road, at: datetime) -> Mark:
    near = road.near(at)
    return Mark(at, round(rules.height(near), 1), round(near, 3))


BARE = Land({}, "", _meadow(0, LEFT) + _meadow(0, RIGHT), rules.HORIZON, (), (), ())
