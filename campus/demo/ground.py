"""Write the ground of the demo: hours and rules, buildings, floors, zones, spaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from campus.db import Base, db
from campus.demo import building, rows
from campus.demo.rows import Row
from campus.demo.shapes import DemoBuilding, DemoSpace
from campus.spaces.models import (
    BookingRule,
    Building,
    Feature,
    Floor,
    Island,
    OpeningHours,
    Site,
    Space,
    SpaceFeature,
    SpacePart,
    Zone,
)

SITE = {"code": "demo", "name": "Noorderkwartier", "address": "Kwartierlaan 1, Groningen"}


def write(buildings: Sequence[DemoBuilding]) -> None:
    """Write everything that stands still."""
    [site_id] = insert_all(Site, [SITE])
    insert_all(OpeningHours, rows.opening_hours())
    for rule in rows.RULES:
        db.session.add(BookingRule(**rule))
    building_ids = insert_all(
        Building, [{"site_id": site_id, "code": one.code, "name": one.name} for one in buildings]
    )
    spaces = [space for one in buildings for space in one.spaces]
    _write_spaces(spaces, where=_write_floors(buildings, building_ids))


def insert_all(model: type[Base], values: Sequence[Row]) -> list[int]:
    """Insert rows in one go and return their ids, in the order given."""
    key: Any = model.__table__.c.id
    query = insert(model).returning(key, sort_by_parameter_order=True)
    return list(db.session.scalars(query, values))


class Where:
    """Ids of floors and zones by code, and of islands by zone and name."""

    def __init__(self) -> None:
        self.floors: dict[str, int] = {}
        self.zones: dict[str, int] = {}
        self.islands: dict[tuple[str, str], int] = {}

    def row(self, space: DemoSpace) -> Row:
        """Return the ids of where a space stands."""
        zone, island = space.zone, space.island
        return {
            "floor_id": self.floors[space.floor],
            "zone_id": self.zones[zone] if zone else None,
            "island_id": self.islands[zone, island] if zone and island else None,
        }


def _write_floors(buildings: Sequence[DemoBuilding], building_ids: Sequence[int]) -> Where:
    where = Where()
    size = building.PLAN_WIDTH, building.PLAN_HEIGHT
    for building_id, house in zip(building_ids, buildings, strict=True):
        values = [rows.floor(one, building_id=building_id, size=size) for one in house.floors]
        for floor_id, floor in zip(insert_all(Floor, values), house.floors, strict=True):
            where.floors[floor.code] = floor_id
            zones = [
                rows.zone(zone, floor_id=floor_id, position=position)
                for position, zone in enumerate(floor.zones)
            ]
            zone_codes = [zone.code for zone in floor.zones]
            where.zones |= dict(zip(zone_codes, insert_all(Zone, zones), strict=True))
            islands = [
                rows.island(one, zone_id=where.zones[one.zone], position=position)
                for position, one in enumerate(floor.islands)
            ]
            names = [(one.zone, one.name.nl) for one in floor.islands]
            where.islands |= dict(zip(names, insert_all(Island, islands), strict=True))
    return where


def _write_spaces(spaces: Sequence[DemoSpace], *, where: Where) -> None:
    values = [
        {**rows.space(space, position=position), **where.row(space)}
        for position, space in enumerate(spaces)
    ]
    ids = dict(zip((space.code for space in spaces), insert_all(Space, values), strict=True))
    listed = rows.features()
    feature_ids = dict(
        zip((row["code"] for row in listed), insert_all(Feature, listed), strict=True)
    )
    has = rows.space_features(spaces, space_ids=ids, feature_ids=feature_ids)
    db.session.execute(insert(SpaceFeature), has)
    parts = [
        {"whole_id": ids[space.code], "part_id": ids[part]}
        for space in spaces
        for part in space.parts
    ]
    db.session.execute(insert(SpacePart), parts)
