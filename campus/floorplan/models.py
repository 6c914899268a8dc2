"""A space as a drawing sees it, and what a drawing would do to a floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from campus.errors import Text
from campus.spaces.models import SpaceKind
from campus.web.plans import Box


@dataclass(frozen=True, slots=True)
class Known:
    """A space there is.

    Attributes:
        floor: code of the other floor that it is on; empty for this one, and for none.
        is_here: it is on the floor of the drawing.
        is_whole: it is made of others, which have the shapes.
        box: where it is on the plan now; None for nowhere.
    """

    id: int
    code: str
    name: str
    kind: SpaceKind
    floor: str
    is_here: bool
    is_retired: bool
    is_whole: bool
    box: Box | None
    path: str


class Change(StrEnum):
    """What becomes of a space's shape."""

    CREATED = "created"  # the space is new as well
    DRAWN = "drawn"
    MOVED = "moved"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Live:
    """A shape that is a space.

    Attributes:
        space_id: None for one that is made.
        kind: what it is, or will be.
        path: empty for a rectangle.
        comes: whether the space had no floor and comes to this one.
    """

    code: str
    name: str
    space_id: int | None
    kind: SpaceKind | None
    box: Box
    path: str
    change: Change
    comes: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a drawing would do to a floor; nothing is done yet.

    Attributes:
        lost: spaces that have a shape and would have none.
        shapeless: all spaces of the floor that would have none, those among them.
        unknown: names of shapes that are no space.
        refused: names of shapes that could be none, each with the reason.
        replaces: whether the floor has a plan now.
    """

    width: int
    height: int
    below: str
    above: str
    live: tuple[Live, ...]
    lost: tuple[Known, ...]
    shapeless: tuple[Known, ...]
    unknown: tuple[str, ...]
    refused: tuple[tuple[str, Text], ...]
    left_out: Mapping[str, int]
    replaces: bool

    def count(self, change: Change) -> int:
        """Return how many shapes of a kind there are."""
        return sum(one.change is change for one in self.live)
