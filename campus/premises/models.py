"""What staff say of buildings, floors, zones, spaces and hours; values, no tables of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from campus.clock import Period
from campus.errors import Conflict, text_plural
from campus.spaces.models import Audience, FeatureGroup, SpaceKind, SpaceState

Week = Sequence[tuple[time | None, time | None]]  # seven days from Monday; closed without times


@dataclass(frozen=True, slots=True)
class BuildingFields:
    """What there is to say of a building."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FloorFields:
    """What there is to say of a floor; its plan is drawn elsewhere."""

    building_id: int
    code: str
    name: str
    level: int
    note_nl: str
    note_en: str


@dataclass(frozen=True, slots=True)
class ZoneFields:
    """What there is to say of a zone."""

    floor_id: int
    code: str
    name_nl: str
    name_en: str
    hint_nl: str
    hint_en: str
    position: int


@dataclass(frozen=True, slots=True)
class FeatureFields:
    """What there is to say of a feature on the list."""

    code: str
    group: FeatureGroup
    name_nl: str
    name_en: str
    icon: str
    is_filter: bool
    position: int


@dataclass(frozen=True, slots=True)
class SpaceFields:
    """What there is to say of a space, but for its shape on a plan."""

    code: str
    name: str
    kind: SpaceKind
    state: SpaceState
    audience: Audience
    floor_id: int | None
    zone_id: int | None
    capacity: int | None
    area_dm2: int | None
    buffer_before_minutes: int
    buffer_after_minutes: int
    available_from_on: date | None
    available_until_on: date | None  # first day on which it is gone
    place_nl: str
    place_en: str
    about_nl: str
    about_en: str
    way_nl: str
    way_en: str
    tenant: str
    position: int


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """A feature that a space is said to have."""

    feature_id: int
    quantity: int
    note_nl: str
    note_en: str


@dataclass(frozen=True, slots=True)
class RuleFields:
    """What a kind may be booked for; by what it is booked belongs to the kind."""

    grid_minutes: int
    shortest_minutes: int
    longest_minutes: int | None
    longest_days: int
    notice_minutes: int
    horizon_days: int
    one_per_person: bool
    morning_starts: time
    morning_ends: time
    afternoon_starts: time
    afternoon_ends: time


@dataclass(frozen=True, slots=True)
class ExceptionFields:
    """Days on which other hours hold for a kind, or for all; without times, closed.

    Attributes:
        last: the last of the days, `first` itself for one.
    """

    kind: SpaceKind | None
    first: date
    last: date
    opens: time | None
    closes: time | None
    reason_nl: str
    reason_en: str


Fields = BuildingFields | FloorFields | ZoneFields | FeatureFields | SpaceFields | RuleFields


@dataclass(frozen=True, slots=True)
class Coming:
    """As much of a booking that is not over as hours are held against."""

    id: int
    code: str
    kind: SpaceKind
    period: Period


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody had before them when they decided.

    Attributes:
        version: of the thing that they change, as the page they send had it.
        kept: of the bookings that fall outside, where they were shown and may stand.
        now: when they decide.
    """

    now: datetime
    version: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Campus:
    """What the campus is called, for its ground where nobody made that yet."""

    name: str
    address: str


class FallOutside(Conflict):
    """Coming bookings would fall outside, and nobody has said yet that they may stand.

    Attributes:
        ids: of all of them, earliest first.
        kept: what says that exactly these may stand.
    """

    def __init__(self, ids: Sequence[int], *, kept: str) -> None:
        super().__init__(
            text_plural(
                "%(num)s booking would fall outside.",
                "%(num)s bookings would fall outside.",
                num=len(ids),
            ),
            code="outside",
        )
        self.ids, self.kept = ids, kept
