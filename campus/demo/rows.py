"""The demo as rows of tables: plain values, not yet in any database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from campus.demo.features import FEATURES
from campus.demo.shapes import DemoFloor, DemoIsland, DemoSpace, DemoZone, Words
from campus.spaces.models import SpaceKind
from campus.spaces.service import USUAL_RULES

Row = dict[str, Any]

OPENS, CLOSES = time(8), time(20)
WORKING_DAYS = range(5)
RULES: tuple[Row, ...] = tuple(
    {"kind": kind, **rule} for kind, rule in USUAL_RULES.items() if kind is not SpaceKind.PARKING
)


def both(name: str, said: Words) -> Row:
    """Return the two columns of something said in two languages."""
    return {f"{name}_nl": said.nl, f"{name}_en": said.en}


def opening_hours() -> list[Row]:
    """Return the weekly opening hours, the same for every kind."""
    return [{"weekday": day, "opens": OPENS, "closes": CLOSES} for day in WORKING_DAYS]


def features() -> list[Row]:
    """Return the list of features, in its order."""
    return [
        {
            "code": one.code,
            "group": one.group,
            **both("name", one.name),
            "icon": one.icon,
            "is_filter": one.is_filter,
            "position": position,
        }
        for position, one in enumerate(FEATURES)
    ]


def floor(one: DemoFloor, *, building_id: int, size: tuple[int, int]) -> Row:
    """Return a floor with its drawings."""
    return {
        "building_id": building_id,
        "code": one.code,
        "name": one.name,
        "level": one.level,
        **both("note", one.note),
        "width": size[0],
        "height": size[1],
        "drawing_below": one.drawing_below,
        "drawing_above": one.drawing_above,
    }


def zone(one: DemoZone, *, floor_id: int, position: int) -> Row:
    """Return a zone of a floor."""
    return {
        "floor_id": floor_id,
        "code": one.code,
        **both("name", one.name),
        **both("hint", one.hint),
        "position": position,
    }


def island(one: DemoIsland, *, zone_id: int, position: int) -> Row:
    """Return an island of a zone."""
    return {
        "zone_id": zone_id,
        **both("name", one.name),
        **both("beside", one.beside),
        **both("window", one.window),
        "position": position,
    }


def space(one: DemoSpace, *, position: int) -> Row:
    """Return a space without the ids of where it stands."""
    shape = one.shape
    return {
        "code": one.code,
        "code_key": one.code.lower(),
        "name": one.name,
        "kind": one.kind,
        "audience": one.audience,
        "capacity": one.capacity,
        "area_dm2": one.area_dm2,
        "buffer_before_minutes": one.buffer_before_minutes,
        "buffer_after_minutes": one.buffer_after_minutes,
        **both("place", one.place),
        **both("about", one.about),
        **both("way", one.way),
        "tenant": one.tenant,
        "plan_x": shape and shape.x,
        "plan_y": shape and shape.y,
        "plan_width": shape and shape.width,
        "plan_height": shape and shape.height,
        "chair": one.chair,
        "island_row": one.row,
        "island_column": one.column,
        "position": position,
    }


def space_features(
    spaces: Iterable[DemoSpace], *, space_ids: dict[str, int], feature_ids: dict[str, int]
) -> list[Row]:
    """Return what every space has."""
    return [
        {
            "space_id": space_ids[one.code],
            "feature_id": feature_ids[has.feature],
            "quantity": has.quantity,
            **both("note", has.note),
        }
        for one in spaces
        for has in one.features
    ]
