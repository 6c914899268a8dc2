"""Which shapes of a drawing are spaces, what is left of it, and what that changes; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from campus.errors import RuleBroken, text
from campus.web import characters, plans, sheets
from campus.web.plans import Box
from campus.web.sheets import Sheet, Stroke
from campus.web.svg import Drawing, Node

LEAST = 4  # plan units: what is smaller is no space
HALF = 0.5  # of what a group draws: a room is at least that much of it
LONGEST_TITLE = 80
PLACE = re.compile(r"\{([^{}]*)\}")
MADE_UP = re.compile(
    r"(?:path|rect|g|polygon|polyline|line|circle|ellipse|svg|layer|group|shape|use|text|tspan)"
    r"[-_ ]?\d*(?:[-_]\d+)*_?|(?:XMLID|SVGID)_.*|_x[0-9A-F]{4}_.*",
    re.IGNORECASE,
)
SOME = 6  # names said in a sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """How a drawing is to be read.

    Attributes:
        template: what makes a code of the id of a shape: `{id}`, `{floor}` and `{level}` in it.
        group: id or layer name of the group whose shapes are looked at; empty for all.
        without: groups that are left out of the plan.
        kind: what shapes that are no space yet become; None where they stay none.
    """

    template: str = "{id}"
    group: str = ""
    without: tuple[str, ...] = ()
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that could be a space.

    Attributes:
        key: its id, or the code it names.
        code: the code of the space it would be.
        stroke: which of the plan's strokes is its outline.
        is_named: whether somebody named it; a drawing program names what nobody did.
        holds: whether others that could be one are in it.
        fills: whether its outline is the greater part of what it draws.
    """

    key: str
    code: str
    title: str
    stroke: int
    is_named: bool
    holds: bool
    fills: bool

    @property
    def is_room(self) -> bool:
        """Whether somebody drew it as one thing and gave it a name."""
        return self.is_named and self.fills and not self.holds


@dataclass(frozen=True, slots=True)
class Draft:
    """A drawing in plan units, before it is known which of its shapes are spaces."""

    sheet: Sheet
    marks: tuple[Mark, ...]
    left_out: Mapping[str, int]


def draft_of(drawing: Drawing, *, asked: Asked, floor: str, level: int) -> Draft:
    """Return a drawing as a plan.

    Raises:
        RuleBroken: it draws nothing, or it has no group of a name that was asked for.
    """
    check_template(asked.template)
    _check_groups(drawing.root, {asked.group, *asked.without} - {""})
    root = _without(drawing.root, asked.without)
    pieces = [node.piece for node in _all(root) if node.piece is not None]
    seen = sheets.seen(pieces, drawing.frame)
    if not seen:
        raise RuleBroken(text("The drawing is empty: it has no shape that can be seen."))
    sheet = sheets.laid_out(seen, drawing.frame)
    numbers = {id(piece): number for number, piece in enumerate(seen)}
    place = {"floor": floor, "level": str(level)}
    marks = []
    for top in _named(root, asked.group) if asked.group else [root]:
        marks += list(_marks(top, numbers, sheet.strokes, asked.template, place))
    outside = len(pieces) - len(seen)
    left_out = {**drawing.left_out, **({"outside": outside} if outside else {})}
    return Draft(sheet, tuple(marks), left_out)


def check_template(template: str) -> None:
    """Refuse a template that cannot make codes.

    Raises:
        RuleBroken: it says what is wrong.
    """
    unknown = [one for one in PLACE.findall(template) if one not in {"id", "floor", "level"}]
    if "{id}" not in template or unknown or "{" in PLACE.sub("", template):
        raise RuleBroken(
            text(
                "“%(template)s” makes no codes. It has {id} in it, such as 1.{id};"
                " {floor} and {level} are known too.",
                template=template[:60],
            )
        )


# --- the tree of a drawing --------------------------------------------------------------------


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all(child)


def _named(root: Node, name: str) -> list[Node]:
    return [node for node in _all(root) if name in {node.id, node.label}]


def _check_groups(root: Node, names: Iterable[str]) -> None:
    for name in names:
        if not _named(root, name):
            groups = [node.label or node.id for node in _all(root) if node.children and node.id]
            raise RuleBroken(
                text(
                    "The drawing has no group called “%(name)s”. It has: %(groups)s.",
                    name=name[:60],
                    groups=some(dict.fromkeys(groups)) or "–",
                )
            )


def _without(node: Node, names: Sequence[str]) -> Node:
    kept = [child for child in node.children if not {child.id, child.label} & set(names)]
    return Node(
        id=node.id, label=node.label, space=node.space, title=node.title, piece=node.piece,
        children=[_without(child, names) for child in kept],
    )  # fmt: skip


def some(names: Iterable[str]) -> str:
    """Return the first few names, and how many more there are."""
    every = list(names)
    more = f" + {len(every) - SOME}" if len(every) > SOME else ""
    return ", ".join(every[:SOME]) + more


def _marks(
    node: Node,
    numbers: Mapping[int, int],
    strokes: Sequence[Stroke],
    template: str,
    place: Mapping[str, str],
) -> Iterator[Mark]:
    """Yield what could be a space, a group before what is in it."""
    inner = [
        mark
        for child in node.children
        for mark in _marks(child, numbers, strokes, template, place)
    ]
    key = node.space or node.id
    drawn = [
        numbers[id(one.piece)]
        for one in _all(node)
        if one.piece is not None and id(one.piece) in numbers
    ]
    closed = [
        number
        for number in drawn
        if strokes[number].is_closed and min(_size(strokes[number])) >= LEAST
    ]
    if key and closed:
        words = {**place, "id": node.id}
        chosen = max(closed, key=lambda number: strokes[number].area)
        whole = plans.union([strokes[number].box for number in drawn])
        yield Mark(
            key=key,
            code=node.space or PLACE.sub(lambda found: words[found[1]], template),
            title=characters.one_line(node.title).strip()[:LONGEST_TITLE],
            stroke=chosen,
            is_named=bool(node.space) or not MADE_UP.fullmatch(node.id),
            holds=any(mark.is_named for mark in inner),
            fills=_covered(strokes[chosen].box) >= HALF * _covered(whole),
        )
    yield from inner


def _size(stroke: Stroke) -> tuple[int, int]:
    return stroke.box.width, stroke.box.height


def _covered(box: Box) -> int:
    return box.width * box.height
