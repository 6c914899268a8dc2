"""A drawing (SVG) as figures: which elements draw which outlines, and nothing else of the file.

Expat of the standard library reads it, with handlers that refuse what could reach out of the
file or grow in it: a dependency would bring the same parser with the same three handlers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from campus.errors import RuleBroken, Text, text
from campus.web import outlines, svg_path, svg_shapes
from campus.web.outlines import Matrix
from campus.web.svg_path import Step, TooManyError, UnreadableError

LARGEST = 5 * 1024 * 1024  # bytes
MOST_ELEMENTS = 20_000
DEEPEST = 60
LONGEST_NAME = 200  # of an id or a title
CHUNK = 65_536

SVG = "http://www.w3.org/2000/svg"
INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"
XLINK = "http://www.w3.org/1999/xlink"
HOLDERS = {"svg", "g", "a", "switch"}
UNSEEN = {
    "defs", "symbol", "clipPath", "mask", "marker", "pattern", "linearGradient", "metadata",
    "radialGradient", "desc", "filter", "view", "title", "cursor", "namedview",
}  # fmt: skip
LEFT_OUT = {
    "script": "script", "handler": "script", "foreignObject": "foreign", "image": "image",
    "video": "image", "audio": "image", "iframe": "image", "style": "style", "text": "words",
    "use": "copy", "animate": "motion", "animateMotion": "motion", "animateTransform": "motion",
    "set": "motion",
}  # fmt: skip
OUTSIDE = re.compile(r"(?i)url\((?!\s*['\"]?\s*#)|\b(?:data|javascript|https?|file|ftp):")
HIDDEN = {("display", "none"), ("visibility", "hidden"), ("visibility", "collapse")}


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """An outline as it is drawn, in pixels of the drawing."""

    steps: tuple[Step, ...]
    is_closed: bool
    is_filled: bool


@dataclass(slots=True, eq=False)
class Node:
    """An element that draws something or holds what does.

    Attributes:
        label: what Inkscape calls a layer.
        space: its `data-space`, the code of a space.
        piece: what it draws itself.
    """

    id: str = ""
    label: str = ""
    space: str = ""
    title: str = ""
    piece: Piece | None = None
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a file draws.

    Attributes:
        frame: left, top, right and bottom of what a program shows of it; None where it says none.
        left_out: how many of what was not taken, by the names in LEFT_OUT and a few more.
    """

    root: Node
    frame: tuple[float, float, float, float] | None
    left_out: Mapping[str, int]


def read(data: bytes) -> Drawing:
    """Read a drawing.

    Raises:
        RuleBroken: it is none, or more than a floor can be.
    """
    if len(data) > LARGEST:
        raise RuleBroken(
            text("The drawing is larger than %(num)s MB. Simplify it first.", num=LARGEST >> 20)
        )
    if not data.strip():
        raise RuleBroken(text("The file is empty."))
    if data[:2] == b"\x1f\x8b":
        raise RuleBroken(text("The drawing is compressed. Save it as plain SVG."))
    reader = _Reader()
    try:
        for start in range(0, len(data), CHUNK):
            reader.parser.Parse(data[start : start + CHUNK], False)
        reader.parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise RuleBroken(
            text(
                "Line %(line)s, column %(column)s: from here on this is no SVG drawing. Save it as"
                " plain SVG, in Inkscape for instance, and try again.",
                line=reader.parser.CurrentLineNumber,
                column=reader.parser.CurrentColumnNumber + 1,
            )
        ) from error
    if not reader.has_root:
        raise RuleBroken(text("This is no SVG drawing. Save it as plain SVG."))
    return Drawing(reader.top, reader.frame, reader.left_out)


@dataclass(frozen=True, slots=True)
class _Open:
    """An element whose end has not come yet; a `node` of None is not taken, nor what is in it."""

    node: Node | None
    matrix: Matrix
    is_filled: bool


class _Reader:
    """Hears the elements of a file one after the other."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.words
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.EntityDeclHandler = self.entity
        self.top = Node()
        self.open: list[_Open] = [_Open(self.top, outlines.AS_IT_IS, is_filled=True)]
        self.left_out: Counter[str] = Counter()
        self.frame: tuple[float, float, float, float] | None = None
        self.title: Node | None = None  # whose title is being read
        self.elements = self.points = 0
        self.has_root = False

    # --- what a file may not do

    def doctype(self, *_declared: object) -> None:
        """Note that it names rules of its own; nobody fetches them."""
        self.left_out["doctype"] += 1

    def entity(self, *_declared: object) -> None:
        """Refuse words that a file makes up: they can grow without end or name other files."""
        self.refuse(
            text(
                "Line %(line)s: the drawing makes up words of its own (ENTITY)."
                " Save it as plain SVG, in Inkscape for instance, and try again.",
                line=self.parser.CurrentLineNumber,
            )
        )

    def refuse(self, message: Text) -> NoReturn:
        """Stop reading."""
        raise RuleBroken(message)

    # --- elements

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element in, or leave it out with all that is in it."""
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            self.refuse(
                text(
                    "The drawing has more than %(num)s elements; a floor is drawn with fewer."
                    " Leave out furniture, hatching and dimensions.",
                    num=MOST_ELEMENTS,
                )
            )
        if len(self.open) > DEEPEST:
            self.refuse(
                text("The drawing has more than %(num)s groups in one another.", num=DEEPEST)
            )
        space, _, tag = name.rpartition(" ")
        if not self.has_root:
            self.has_root = True
            if tag != "svg":
                self.refuse(text("This is no SVG drawing. Save it as plain SVG."))
        self.note_risks(attributes)
        around = self.open[-1]
        if around.node is not None and tag == "title" and space in {SVG, ""}:
            self.title = around.node
        self.open.append(self.taken(tag if space in {SVG, ""} else "", attributes, around))

    def taken(self, tag: str, attributes: Mapping[str, str], around: _Open) -> _Open:
        """Return an element as it is open now."""
        nothing = _Open(None, around.matrix, around.is_filled)
        if around.node is None or not tag or tag in UNSEEN:
            if tag in LEFT_OUT:
                self.left_out[LEFT_OUT[tag]] += 1
            return nothing
        if tag not in HOLDERS | svg_shapes.SHAPES:
            self.left_out[LEFT_OUT.get(tag, "other")] += 1
            return nothing
        style = {name: value.strip() for name, value in self.styles(attributes)}
        if HIDDEN & style.items():
            self.left_out["hidden"] += 1
            return nothing
        matrix = self.placed(tag, attributes, style, around.matrix)
        node = Node(
            id=attributes.get("id", "")[:LONGEST_NAME],
            label=attributes.get(f"{INKSCAPE} label", "")[:LONGEST_NAME],
            space=attributes.get("data-space", "")[:LONGEST_NAME].strip(),
        )
        is_filled = style["fill"] != "none" if "fill" in style else around.is_filled
        if tag in svg_shapes.SHAPES:
            node.piece = self.drawn(tag, attributes, matrix, is_filled=is_filled)
        around.node.children.append(node)
        return _Open(node, matrix, is_filled)

    def end(self, name: str) -> None:
        """Close an element."""
        self.open.pop()
        self.title = None

    def words(self, data: str) -> None:
        """Keep what a title says."""
        if self.title is not None and len(self.title.title) < LONGEST_NAME:
            self.title.title += data[:LONGEST_NAME]

    # --- attributes

    def note_risks(self, attributes: Mapping[str, str]) -> None:
        """Count scripts and references that attributes hold; no attribute is ever kept."""
        for name, value in attributes.items():
            local = name.rpartition(" ")[2]
            is_reference = local in {"href", "src"} and not value.strip().startswith("#")
            if local.lower().startswith("on"):
                self.left_out["script"] += 1
            elif is_reference or (local != "d" and OUTSIDE.search(value)):
                self.left_out["reference"] += 1

    def styles(self, attributes: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return how an element says it is drawn: by attributes, then by its style."""
        own = [(name, attributes[name]) for name in ("fill", "display", "visibility")
               if name in attributes]  # fmt: skip
        said = (one.partition(":") for one in attributes.get("style", "").split(";"))
        return own + [(name.strip(), value) for name, _, value in said if value]

    def placed(
        self, tag: str, attributes: Mapping[str, str], style: Mapping[str, str], around: Matrix
    ) -> Matrix:
        """Return how an element's own coordinates become those of the drawing."""
        try:
            moves = [attributes.get("transform", ""), style.get("transform", "")]
            for move in moves:
                around = outlines.combined(around, svg_shapes.movement(move))
            if tag == "svg":
                is_root = len(self.open) == 1
                around = outlines.combined(
                    around, svg_shapes.viewport(attributes, is_root=is_root)
                )
                if is_root:
                    self.frame = svg_shapes.frame(attributes)
        except UnreadableError as error:
            self.refuse(
                text(
                    "Line %(line)s: how the element is moved or scaled cannot be read: %(part)s",
                    line=self.parser.CurrentLineNumber,
                    part=str(error)[:60],
                )
            )
        return around

    def drawn(
        self, tag: str, attributes: Mapping[str, str], matrix: Matrix, *, is_filled: bool
    ) -> Piece | None:
        """Return what an element draws; None for nothing, which is told where it is a mistake."""
        try:
            steps = outlines.moved(svg_shapes.steps_of(tag, attributes), matrix)
            if any(abs(value) > svg_path.FARTHEST for _, values in steps for value in values):
                raise UnreadableError(tag)
            self.points += len(steps)
        except TooManyError:
            self.points = svg_path.MOST_STEPS + 1
        except UnreadableError:
            self.left_out["unreadable"] += 1
            return None
        if self.points > svg_path.MOST_STEPS:
            self.refuse(
                text(
                    "The drawing has more than %(num)s points; a floor is drawn with fewer."
                    " Simplify its paths.",
                    num=svg_path.MOST_STEPS,
                )
            )
        if len(steps) < 2:
            return None
        return Piece(tuple(steps), svg_shapes.is_closed(steps), is_filled)
