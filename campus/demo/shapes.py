"""What the demo is made of: words in two languages, rectangles on a plan, spaces, floors."""

from __future__ import annotations

from dataclasses import dataclass

from campus.spaces.models import Audience, Side, SpaceKind


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in Dutch and in English."""

    nl: str = ""
    en: str = ""

    def __add__(self, other: Words) -> Words:
        return Words(self.nl + other.nl, self.en + other.en)


NONE = Words()


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in plan units; y grows to the south."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2

    def overlaps(self, other: Rect) -> bool:
        """Say whether the two share more than an edge."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def contains(self, other: Rect) -> bool:
        """Say whether `other` lies wholly inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Has:
    """A feature that a space has, by its code, and what there is to say about it."""

    feature: str
    note: Words = NONE
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class DemoSpace:
    """One space of the demo.

    Attributes:
        shape: the table top of a desk, the floor of a room; None for a whole made of `parts`.
        chair: where the chair of a desk stands.
        island: name of the island of a desk within its zone, in Dutch.
        row, column: place in the island, from the north-west, from 0.
        parts: codes of the rooms that this one is made of.
    """

    code: str
    name: str
    kind: SpaceKind
    floor: str
    shape: Rect | None
    zone: str | None = None
    capacity: int | None = 1
    place: Words = NONE
    about: Words = NONE
    way: Words = NONE
    features: tuple[Has, ...] = ()
    audience: Audience = Audience.MEMBERS
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    tenant: str = ""
    area_dm2: int | None = None
    chair: Side | None = None
    island: str | None = None
    row: int | None = None
    column: int | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoZone:
    """A named part of a floor; `area` is what it covers on the plan."""

    code: str
    name: Words
    hint: Words
    area: Rect


@dataclass(frozen=True, slots=True)
class DemoIsland:
    """Desks that stand together, and what one sees around them."""

    zone: str
    name: Words
    beside: Words
    window: Words


@dataclass(frozen=True, slots=True)
class DemoFloor:
    """A floor with everything on it."""

    code: str
    name: str
    level: int
    note: Words
    drawing_below: str
    drawing_above: str
    zones: tuple[DemoZone, ...]
    islands: tuple[DemoIsland, ...]
    spaces: tuple[DemoSpace, ...]


@dataclass(frozen=True, slots=True)
class DemoBuilding:
    """A building: its floors from the ground up."""

    code: str
    name: str
    floors: tuple[DemoFloor, ...]

    @property
    def spaces(self) -> list[DemoSpace]:
        """Every space of the building, floor by floor."""
        return [space for floor in self.floors for space in floor.spaces]
