"""What a list of spaces is made of, from the file to what it would change. No table of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from campus.errors import Text
from campus.spaces.models import SpaceKind
from campus.web import sources
from campus.web.delimited import Row
from campus.web.remarks import Remark

Value = str | int | date | None


class Field(StrEnum):
    """What a list can say of a space; the words of a map."""

    CODE = "code"
    NAME = "name"
    KIND = "kind"
    BUILDING = "building"
    BUILDING_NAME = "building_name"
    FLOOR = "floor"
    ZONE = "zone"
    CAPACITY = "capacity"
    AREA = "area"
    AVAILABLE_FROM = "available_from"
    AVAILABLE_UNTIL = "available_until"


# --- the file ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody handed it over, and the map to it, if there is one."""

    name: str
    raw: bytes
    map: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that could be read.

    Attributes:
        read_as: how it was read, for whoever wonders about odd signs.
        mistakes: rows that do not fit the first line; they are not among the rows.
    """

    columns: tuple[str, ...]
    rows: Sequence[Row]
    read_as: Text
    mistakes: Sequence[Remark] = ()


# --- the map ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Map(sources.Map):
    """How a source says what campus knows of spaces.

    Attributes:
        rows: where in JSON the spaces are; empty for the file itself.
        kinds, floors: the source's word for a kind, a level.
        makes_buildings, makes_floors: whether those that are missing are made.
    """

    rows: str = ""
    kinds: Mapping[str, SpaceKind] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)
    makes_buildings: bool = False
    makes_floors: bool = False


# --- what is asked ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """A space as the file describes it; what it does not say is not in `said`."""

    row: Row
    code: str
    said: Mapping[Field, Value]

    @property
    def key(self) -> str:
        """The code as codes are compared."""
        return self.code.lower()


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a file asks, with what is wrong and what is odd about it so far.

    Attributes:
        left_out: how many rows the map leaves out, by its word for why ("only kind").
        unread: columns of the file that nothing is taken from.
    """

    wanted: Sequence[Wanted]
    map: Map
    read_as: Text
    mistakes: Sequence[Remark] = ()
    warnings: Sequence[Remark] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    unread: Sequence[str] = ()


# --- what it comes to -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewBuilding:
    """A building that the list brings along."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NewFloor:
    """A floor that the list brings along, by the code of its building."""

    building: str
    code: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the list has otherwise than the campus, in words for people."""

    field: Text
    old: Text | str
    new: Text | str


TOUCH_BOOKINGS = {"kind", "available_from_on", "available_until_on"}


@dataclass(frozen=True, slots=True)
class Change:
    """A space of the campus that becomes otherwise.

    Attributes:
        values: columns of its row and what they become; a floor that comes along by its code.
        retells: whether the texts of its bookings say something else now.
    """

    id: int
    code: str
    revision: int
    values: Mapping[str, object]
    differences: Sequence[Difference]
    retells: bool

    @property
    def touches_bookings(self) -> bool:
        """Whether bookings to come may not fit what the space becomes."""
        return bool(TOUCH_BOOKINGS & set(self.values))


@dataclass(frozen=True, slots=True)
class Addition:
    """A space that the campus does not have yet."""

    code: str
    name: str
    kind: SpaceKind
    place: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do, and everything worth knowing before it does."""

    added: Sequence[Addition] = ()
    changed: Sequence[Change] = ()
    unchanged: int = 0
    buildings: Sequence[NewBuilding] = ()
    floors: Sequence[NewFloor] = ()
    absent: Sequence[str] = ()
    kinds: frozenset[SpaceKind] = frozenset()
    mistakes: Sequence[Remark] = ()
    warnings: Sequence[Remark] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether the campus is already as the list says."""
        return not (self.added or self.changed or self.buildings or self.floors)
