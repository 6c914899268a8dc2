"""Which shapes of a draft are spaces of the campus, and what that says and changes; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from campus.errors import RuleBroken, Text, text, text_plural
from campus.floorplan import rules
from campus.floorplan.models import Change, Known, Live, Proposal
from campus.floorplan.rules import Asked, Draft, Mark
from campus.spaces.models import SpaceKind, is_code
from campus.web import sheets


def proposal_of(
    draft: Draft, known: Sequence[Known], *, asked: Asked, floor: str, replaces: bool
) -> Proposal:
    """Return what a draft would do to a floor.

    Raises:
        RuleBroken: nothing in it is a space, and what could be done about that.
    """
    hanging = _Hanging(draft, known, asked)
    for mark in draft.marks:
        hanging.look_at(mark)
    if not hanging.live:
        raise RuleBroken(_why_nothing(hanging, known, floor=floor))
    below, above = sheets.layers(draft.sheet, hanging.strokes)
    codes = {one.code.lower() for one in hanging.live}
    here = [one for one in known if one.is_here and one.code.lower() not in codes]
    return Proposal(
        width=draft.sheet.width,
        height=draft.sheet.height,
        below=below,
        above=above,
        live=tuple(hanging.live),
        lost=tuple(one for one in here if one.box is not None),
        shapeless=tuple(one for one in here if not one.is_whole and not one.is_retired),
        unknown=tuple(hanging.unknown),
        refused=tuple(hanging.refused),
        left_out=draft.left_out,
        replaces=replaces,
    )


class _Hanging:
    """Looks at the marks of a draft one after the other, the outer before the inner."""

    def __init__(self, draft: Draft, known: Sequence[Known], asked: Asked) -> None:
        self.draft = draft
        self.spaces = {one.code.lower(): one for one in known}
        self.kind = SpaceKind(asked.kind) if asked.kind else None
        self.live: list[Live] = []
        self.strokes: set[int] = set()
        self.codes: set[str] = set()
        self.unknown: list[str] = []
        self.refused: list[tuple[str, Text]] = []

    def look_at(self, mark: Mark) -> None:
        """Find out whether a mark is a space."""
        if mark.stroke in self.strokes:
            return  # the group around it is one, with this outline
        space = self.spaces.get(mark.code.lower())
        if space is None and not mark.is_room:
            return
        if space is None and self.kind is None:
            self.unknown.append(mark.key)
            return
        reason = self.why_not(mark, space)
        if reason is not None:
            self.refused.append((mark.key, reason))
            return
        self.codes.add(mark.code.lower())
        self.strokes.add(mark.stroke)
        self.live.append(self.hung(mark, space))

    def why_not(self, mark: Mark, space: Known | None) -> Text | None:
        """Return why a mark cannot be this space, or a new one."""
        if mark.code.lower() in self.codes:
            return text("is drawn more than once; the first shape counts")
        if space is not None:
            return _why_not_here(space)
        if is_code(mark.code):
            return None
        return text(
            "“%(code)s” cannot be a code: letters without accents, digits, dots, dashes"
            " and underscores, 40 at most, and not “.”, “..”, “new” or “import”",
            code=mark.code[:60],
        )

    def hung(self, mark: Mark, space: Known | None) -> Live:
        """Return a mark as the space that it is."""
        stroke = self.draft.sheet.strokes[mark.stroke]
        path = "" if stroke.is_rectangle else stroke.path
        if space is None:
            change = Change.CREATED
        elif space.box is None:
            change = Change.DRAWN
        else:
            is_same = (space.box, space.path) == (stroke.box, path)
            change = Change.SAME if is_same else Change.MOVED
        return Live(
            code=space.code if space else mark.code,
            name=space.name if space else mark.title or mark.key,
            space_id=space.id if space else None,
            kind=space.kind if space else self.kind,
            box=stroke.box,
            path=path,
            change=change,
            comes=space is not None and not space.is_here,
        )


def _why_not_here(space: Known) -> Text | None:
    if space.is_retired:
        return text("%(code)s is no longer in use", code=space.code)
    if space.is_whole:
        return text("%(code)s is made of other spaces; they have the shapes", code=space.code)
    if not space.is_here and space.floor:
        return text("%(code)s is on floor %(floor)s", code=space.code, floor=space.floor)
    return None


def _why_nothing(hanging: _Hanging, known: Iterable[Known], *, floor: str) -> Text:
    if hanging.refused:
        key, reason = hanging.refused[0]
        return text(
            "No shape of the drawing can be a space of floor %(floor)s. The first one, %(key)s:"
            " %(reason)s.",
            floor=floor,
            key=key,
            reason=reason,
        )
    if not hanging.unknown:
        return text(
            "Nothing in the drawing is a space: no closed shape in it has a name of its own."
            " Give the shape of each room the code of its space as id or data-space."
        )
    codes = [one.code for one in known if one.is_here and not one.is_retired]
    if not codes:
        return text(
            "Floor %(floor)s has no spaces yet, and the drawing has %(shapes)s."
            " Say which kind of space they are, and they are made.",
            floor=floor,
            shapes=rules.some(hanging.unknown),
        )
    return text(
        "No shape of the drawing is a space of floor %(floor)s. Its shapes are called"
        " %(shapes)s; the spaces have the codes %(codes)s. Say how a code is made of a name,"
        " such as 1.{id}.",
        floor=floor,
        shapes=rules.some(hanging.unknown),
        codes=rules.some(codes),
    )


# --- in words ---------------------------------------------------------------------------------


def left_out_in_words(proposal: Proposal) -> list[Text]:
    """Return a sentence for each sort of thing that was not taken out of the file."""
    found = proposal.left_out
    said = [
        replace(sentence, values={"num": found[sort]})
        for sort, sentence in LEFT_OUT.items()
        if found.get(sort)
    ]
    if found.get("doctype"):
        said.append(text("The file names a document type (DOCTYPE); nothing was fetched for it."))
    return said


LEFT_OUT: dict[str, Text] = {
    "script": text_plural(
        "%(num)s script was removed.",
        "%(num)s scripts were removed.",
        num=0,
    ),
    "foreign": text_plural(
        "%(num)s piece of a web page (foreignObject) was removed.",
        "%(num)s pieces of web pages (foreignObject) were removed.",
        num=0,
    ),
    "reference": text_plural(
        "%(num)s reference to something outside the drawing was removed.",
        "%(num)s references to something outside the drawing were removed.",
        num=0,
    ),
    "image": text_plural(
        "%(num)s picture was left out.",
        "%(num)s pictures were left out.",
        num=0,
    ),
    "style": text_plural(
        "%(num)s style sheet was left out; plans have the colours of the campus.",
        "%(num)s style sheets were left out; plans have the colours of the campus.",
        num=0,
    ),
    "words": text_plural(
        "%(num)s text was left out; spaces say their own names.",
        "%(num)s texts were left out; spaces say their own names.",
        num=0,
    ),
    "copy": text_plural(
        "%(num)s copy (use) was left out; make it a shape of its own if it is needed.",
        "%(num)s copies (use) were left out; make them shapes of their own if they are needed.",
        num=0,
    ),
    "motion": text_plural(
        "%(num)s animation was left out.",
        "%(num)s animations were left out.",
        num=0,
    ),
    "hidden": text_plural(
        "%(num)s hidden element was left out.",
        "%(num)s hidden elements were left out.",
        num=0,
    ),
    "outside": text_plural(
        "%(num)s shape lies outside the drawing and was left out.",
        "%(num)s shapes lie outside the drawing and were left out.",
        num=0,
    ),
    "unreadable": text_plural(
        "%(num)s shape has figures that cannot be read and was left out.",
        "%(num)s shapes have figures that cannot be read and were left out.",
        num=0,
    ),
    "other": text_plural(
        "%(num)s element that draws no shape was left out.",
        "%(num)s elements that draw no shape were left out.",
        num=0,
    ),
}
