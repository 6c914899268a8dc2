"""The building: three floors from the ground up, with their zones, islands and spaces."""

from __future__ import annotations

from dataclasses import replace

from campus.demo import plans
from campus.demo.booths import booths_of
from campus.demo.desks import desks_of, islands_of
from campus.demo.rooms import rooms_of
from campus.demo.shapes import NONE, DemoBuilding, DemoFloor, DemoSpace, DemoZone, Rect, Words
from campus.demo.studios import studios_of

PLAN_WIDTH, PLAN_HEIGHT = 1000, 600

MAAIVELD_ZONES = (
    DemoZone(
        "entree",
        Words("Entree", "Entrance"),
        Words("bij de ingang", "by the entrance"),
        Rect(414, 248, 562, 144),
    ),
    DemoZone(
        "werkplaats",
        Words("Werkplaats", "Workshop"),
        Words("meettafels", "test benches"),
        Rect(190, 418, 462, 158),
    ),
    DemoZone(
        "lunchtafel",
        Words("Lunchtafel", "Lunch table"),
        Words("lunch vanaf 12:00", "lunch from 12:00"),
        Rect(24, 40, 510, 150),
    ),
)
WIERDE_ZONES = (
    DemoZone(
        "stilte",
        Words("Stilte", "Quiet"),
        Words("niet bellen", "no calls"),
        Rect(24, 246, 238, 330),
    ),
    DemoZone(
        "veld-noord",
        Words("Open veld noord", "Open field north"),
        Words("bij de ruimtes", "near the rooms"),
        Rect(264, 246, 390, 158),
    ),
    DemoZone(
        "veld-zuid",
        Words("Open veld zuid", "Open field south"),
        Words("raam, 2 schermen", "window, 2 screens"),
        Rect(264, 406, 390, 170),
    ),
)
DIJK_ZONES = (
    DemoZone(
        "raam-noord",
        Words("Raam noord", "North window"),
        Words("zit-sta", "sit-stand"),
        Rect(138, 40, 702, 150),
    ),
    DemoZone(
        "midden",
        Words("Midden", "Middle"),
        Words("2 schermen", "2 screens"),
        Rect(138, 222, 378, 160),
    ),
    DemoZone(
        "raam-zuid",
        Words("Raam zuid", "South window"),
        Words("stil na 13:00", "quiet after 13:00"),
        Rect(138, 410, 440, 166),
    ),
)


def spaces_of(floor: str, level: int) -> tuple[DemoSpace, ...]:
    """Return every space of a floor, desks first."""
    makers = (desks_of, rooms_of, booths_of, studios_of)
    return tuple(space for make in makers for space in make(floor, level))


def building() -> DemoBuilding:
    """Return the building as it stands in the demo."""
    return DemoBuilding(
        code="kwartier",
        name="Noorderkwartier",
        floors=(
            DemoFloor(
                "maaiveld", "Maaiveld", 0, Words("drempelvrij", "step-free"),
                plans.maaiveld_below(), plans.maaiveld_above(),
                MAAIVELD_ZONES, islands_of(0), spaces_of("maaiveld", 0),
            ),
            DemoFloor(
                "wierde", "Wierde", 1, NONE,
                plans.wierde_below(), plans.wierde_above(),
                WIERDE_ZONES, islands_of(1), spaces_of("wierde", 1),
            ),
            DemoFloor(
                "dijk", "Dijk", 2, Words("dakterras", "roof terrace"),
                plans.dijk_below(), plans.dijk_above(),
                DIJK_ZONES, islands_of(2), spaces_of("dijk", 2),
            ),
        ),
    )  # fmt: skip


def buildings(scale: int) -> list[DemoBuilding]:
    """Return `scale` buildings: the real one, then copies whose codes begin with their own."""
    return [building(), *(_copy(building(), f"B{number}") for number in range(2, scale + 1))]


def _copy(original: DemoBuilding, prefix: str) -> DemoBuilding:
    floors = tuple(_copy_floor(floor, prefix) for floor in original.floors)
    return DemoBuilding(prefix.lower(), f"{original.name} {prefix}", floors)


def _copy_floor(floor: DemoFloor, prefix: str) -> DemoFloor:
    return replace(
        floor,
        code=f"{prefix.lower()}-{floor.code}",
        name=f"{floor.name} {prefix}",
        zones=tuple(replace(zone, code=f"{prefix.lower()}-{zone.code}") for zone in floor.zones),
        islands=tuple(
            replace(island, zone=f"{prefix.lower()}-{island.zone}") for island in floor.islands
        ),
        spaces=tuple(_copy_space(space, prefix) for space in floor.spaces),
    )


def _copy_space(space: DemoSpace, prefix: str) -> DemoSpace:
    return replace(
        space,
        code=f"{prefix}-{space.code}",
        name=f"{prefix}-{space.name}" if space.name == space.code else f"{space.name} {prefix}",
        floor=f"{prefix.lower()}-{space.floor}",
        zone=f"{prefix.lower()}-{space.zone}" if space.zone else None,
        tenant="",
        parts=tuple(f"{prefix}-{part}" for part in space.parts),
    )
