"""Site, building, floor, zone, space; what each kind may be booked for, and when."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import Case, CheckConstraint, ForeignKey, UniqueConstraint, case, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from campus.clock import Period
from campus.db import Base
from campus.db.codes import lower_code, new_code
from campus.db.types import UtcDateTime, enum_column
from campus.spaces.rules import MOST_CODE as MOST_CODE
from campus.spaces.rules import Audience as Audience
from campus.spaces.rules import FeatureGroup as FeatureGroup
from campus.spaces.rules import Opening as Opening
from campus.spaces.rules import Side as Side
from campus.spaces.rules import SpaceKind as SpaceKind
from campus.spaces.rules import SpaceState as SpaceState
from campus.spaces.rules import Unit as Unit
from campus.spaces.rules import check_code as check_code
from campus.spaces.rules import is_code as is_code
from campus.spaces.rules import why_not_code as why_not_code


class Site(Base):
    """A campus ground: its buildings and how it keeps holidays."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    closes_on_holidays: Mapped[bool] = mapped_column(default=True)
    closes_on_good_friday: Mapped[bool] = mapped_column(default=False)


class Building(Base):
    """A building on a site."""

    __tablename__ = "building"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    site: Mapped[Site] = relationship()


def _label_of(name: Mapped[str], building_id: Mapped[int]) -> Case[str]:
    """Return a floor's name, after its building's where there are several and it has another."""
    house = select(Building.name).where(Building.id == building_id)
    building = house.correlate_except(Building).scalar_subquery()
    are_several = select(func.count(Building.id)).scalar_subquery() > 1
    return case((are_several & (building != name), building + ", " + name), else_=name)


class Floor(Base):
    """A floor with its plan: drawings below and above the live shapes of its spaces."""

    __tablename__ = "floor"

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column()
    level: Mapped[int]  # 0 is the ground floor
    note_nl: Mapped[str] = mapped_column(default="")
    note_en: Mapped[str] = mapped_column(default="")
    width: Mapped[int] = mapped_column(default=0)  # of the plan's viewBox, plan units
    height: Mapped[int] = mapped_column(default=0)
    drawing_below: Mapped[str] = mapped_column(default="")  # SVG: ground, walls
    drawing_above: Mapped[str] = mapped_column(default="")  # SVG: furniture, plants, words
    building: Mapped[Building] = relationship()
    label: Mapped[str] = column_property(_label_of(name, building_id))
    zones: Mapped[list[Zone]] = relationship(back_populates="floor", order_by="Zone.position")


class Zone(Base):
    """A named part of a floor."""

    __tablename__ = "zone"
    __table_args__ = (UniqueConstraint("floor_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id"))
    code: Mapped[str] = mapped_column(unique=True)
    name_nl: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    hint_nl: Mapped[str] = mapped_column(default="")
    hint_en: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    floor: Mapped[Floor] = relationship(back_populates="zones")


class Island(Base):
    """Desks that stand together in a zone, and what one sees around them."""

    __tablename__ = "island"

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"), index=True)
    name_nl: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    beside_nl: Mapped[str] = mapped_column(default="")  # "links: Stilte"
    beside_en: Mapped[str] = mapped_column(default="")
    window_nl: Mapped[str] = mapped_column(default="")  # "raam, zuid"; empty without a window
    window_en: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class Feature(Base):
    """An entry of the maintained list of equipment and accessibility features."""

    __tablename__ = "feature"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    group: Mapped[FeatureGroup] = mapped_column("feature_group", enum_column(FeatureGroup))
    name_nl: Mapped[str]
    name_en: Mapped[str]
    icon: Mapped[str] = mapped_column(default="")  # name of a symbol in icons.svg, without "i-"
    is_filter: Mapped[bool] = mapped_column(default=False)  # offered as a wish when booking
    position: Mapped[int] = mapped_column(default=0)


class SpaceFeature(Base):
    """A feature that a space has."""

    __tablename__ = "space_feature"

    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), primary_key=True)
    feature_id: Mapped[int] = mapped_column(ForeignKey("feature.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(default=1)
    note_nl: Mapped[str] = mapped_column(default="")  # "twee, 27 inch, één kabel USB-C"
    note_en: Mapped[str] = mapped_column(default="")
    feature: Mapped[Feature] = relationship()


class SpacePart(Base):
    """`part` belongs to the combined room `whole`; a claim on the whole claims its parts."""

    __tablename__ = "space_part"

    whole_id: Mapped[int] = mapped_column(ForeignKey("space.id"), primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("space.id"), primary_key=True, index=True)


class Space(Base):
    """One thing that at most one party can have at a time."""

    __tablename__ = "space"
    __table_args__ = (
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        CheckConstraint("buffer_before_minutes >= 0 AND buffer_after_minutes >= 0", name="buffer"),
        CheckConstraint(
            "available_from_on IS NULL OR available_until_on IS NULL"
            " OR available_from_on < available_until_on",
            name="available",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(unique=True, default=lower_code)
    name: Mapped[str]
    kind: Mapped[SpaceKind] = mapped_column(enum_column(SpaceKind), index=True)
    state: Mapped[SpaceState] = mapped_column(enum_column(SpaceState), default=SpaceState.ACTIVE)
    audience: Mapped[Audience] = mapped_column(enum_column(Audience), default=Audience.MEMBERS)
    floor_id: Mapped[int | None] = mapped_column(ForeignKey("floor.id"), index=True)
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"), index=True)
    island_id: Mapped[int | None] = mapped_column(ForeignKey("island.id"), index=True)
    capacity: Mapped[int | None]
    area_dm2: Mapped[int | None]
    buffer_before_minutes: Mapped[int] = mapped_column(default=0)
    buffer_after_minutes: Mapped[int] = mapped_column(default=0)
    available_from_on: Mapped[date | None]
    available_until_on: Mapped[date | None]  # first day on which it is gone
    place_nl: Mapped[str] = mapped_column(default="")  # "Open veld, raam zuid"
    place_en: Mapped[str] = mapped_column(default="")
    about_nl: Mapped[str] = mapped_column(default="")
    about_en: Mapped[str] = mapped_column(default="")
    way_nl: Mapped[str] = mapped_column(default="")  # "Lift naar 1, links, eerste deur."
    way_en: Mapped[str] = mapped_column(default="")
    tenant: Mapped[str] = mapped_column(default="")  # who has a studio, as written on its door
    plan_x: Mapped[int | None]  # shape on the floor's plan, plan units
    plan_y: Mapped[int | None]
    plan_width: Mapped[int | None]
    plan_height: Mapped[int | None]
    plan_path: Mapped[str] = mapped_column(default="")  # its outline, where that is no rectangle
    chair: Mapped[Side | None] = mapped_column(enum_column(Side))
    island_row: Mapped[int | None]
    island_column: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)  # order in lists
    revision: Mapped[int] = mapped_column(default=1)  # grows with every change by staff
    rule: Mapped[BookingRule | None] = relationship(
        primaryjoin="foreign(Space.kind) == BookingRule.kind", viewonly=True
    )
    floor: Mapped[Floor | None] = relationship()
    zone: Mapped[Zone | None] = relationship()
    island: Mapped[Island | None] = relationship()
    features: Mapped[list[SpaceFeature]] = relationship()
    parts: Mapped[list[Space]] = relationship(
        secondary="space_part",
        primaryjoin="Space.id == SpacePart.whole_id",
        secondaryjoin="Space.id == SpacePart.part_id",
        order_by="Space.id",
        viewonly=True,
    )

    @property
    def by_application(self) -> bool:
        """Whether the space is given by application, not booked."""
        return self.kind in {SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT}

    def is_available_on(self, day: date) -> bool:
        """Whether the space is in use on a campus day."""
        first, gone = self.available_from_on or day, self.available_until_on
        return self.state is SpaceState.ACTIVE and first <= day and (gone is None or day < gone)


class BookingRule(Base):
    """What a kind of space may be booked for; one row per kind."""

    __tablename__ = "booking_rule"
    __table_args__ = (
        CheckConstraint("grid_minutes > 0", name="grid"),
        CheckConstraint("shortest_minutes > 0", name="shortest"),
    )

    kind: Mapped[SpaceKind] = mapped_column(enum_column(SpaceKind), primary_key=True)
    unit: Mapped[Unit] = mapped_column(enum_column(Unit))
    grid_minutes: Mapped[int] = mapped_column(default=15)
    shortest_minutes: Mapped[int] = mapped_column(default=15)
    longest_minutes: Mapped[int | None]  # elapsed time; None for kinds that are taken for days
    longest_days: Mapped[int] = mapped_column(default=1)  # open days in one booking
    notice_minutes: Mapped[int] = mapped_column(default=0)
    horizon_days: Mapped[int] = mapped_column(default=14)  # calendar days after today
    one_per_person: Mapped[bool] = mapped_column(default=False)
    morning_starts: Mapped[time] = mapped_column(default=time(8))
    morning_ends: Mapped[time] = mapped_column(default=time(13))
    afternoon_starts: Mapped[time] = mapped_column(default=time(13))
    afternoon_ends: Mapped[time] = mapped_column(default=time(18))


class OpeningHours(Base):
    """Local hours in which a kind can be booked, on a weekday or on one day.

    Kind NULL holds for every kind without rows of its own. A row for a day goes before its
    weekday; without hours it closes that day. `closes` 00:00 is the midnight that ends the day.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("(weekday IS NULL) <> (on_day IS NULL)", name="when"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SpaceKind | None] = mapped_column(enum_column(SpaceKind))
    weekday: Mapped[int | None]  # 0 is Monday
    on_day: Mapped[date | None] = mapped_column(index=True)
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    reason_nl: Mapped[str] = mapped_column(default="")
    reason_en: Mapped[str] = mapped_column(default="")


class Closure(Base):
    """A space out of use for a while; its claim stands in the ledger, parted around what stays.

    Spaces that are closed together share a code. One that is lifted before it starts never was.
    """

    __tablename__ = "closure"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True, default=new_code)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason_nl: Mapped[str] = mapped_column(default="")
    reason_en: Mapped[str] = mapped_column(default="")
    is_final: Mapped[bool] = mapped_column(default=False)  # the space is retired from then on
    was_until_on: Mapped[date | None]  # of its space, before that
    idem: Mapped[str] = mapped_column(default="")  # of the form that made it, or longer last
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # before its own end
    revision: Mapped[int] = mapped_column(default=1)
    space: Mapped[Space] = relationship()

    @property
    def period(self) -> Period:
        """When the space is out of use; without an end until further notice."""
        return Period(self.starts_at, self.ends_at)
