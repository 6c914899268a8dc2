"""The eighteen studios: office units, and the places of the incubator."""

from __future__ import annotations

from dataclasses import dataclass

from campus.demo.shapes import DemoSpace, Has, Rect, Words
from campus.demo.way import LIFT, metres, way_to
from campus.spaces.models import SpaceKind

SLOT, UNIT = SpaceKind.INCUBATOR_SLOT, SpaceKind.OFFICE_UNIT
NORTH = Words("noorden", "north")
EAST = Words("oosten", "east")
SOUTH = Words("zuiden", "south")
WEST = Words("westen", "west")


@dataclass(frozen=True, slots=True)
class Studio:
    """A studio as it is drawn; `tenant` is the name on its door, empty while it is free."""

    code: str
    kind: SpaceKind
    shape: Rect
    tenant: str
    light: Words
    square_metres: int = 18


STUDIOS = {
    0: (
        Studio("M1", UNIT, Rect(40, 206, 126, 68), "Borg Security", WEST, 16),
        Studio("M2", UNIT, Rect(40, 276, 126, 68), "Skûtsje Labs", WEST, 16),
        Studio("M3", UNIT, Rect(40, 346, 126, 68), "Klif Energie", WEST, 16),
        Studio("M4", UNIT, Rect(40, 416, 126, 68), "Slikwerk", WEST, 16),
        Studio("M5", UNIT, Rect(40, 486, 126, 72), "Wadwijs", SOUTH),
    ),
    1: (
        Studio("S1", SLOT, Rect(702, 264, 85, 138), "Fjild", NORTH),
        Studio("S2", SLOT, Rect(789, 264, 85, 138), "Veenlab", NORTH),
        Studio("S3", SLOT, Rect(876, 264, 85, 138), "", EAST),
        Studio("S4", SLOT, Rect(702, 404, 85, 138), "Grutto Audio", SOUTH),
        Studio("S5", SLOT, Rect(789, 404, 85, 138), "Lytse Bot", SOUTH),
        Studio("S6", SLOT, Rect(876, 404, 85, 138), "", SOUTH),
    ),
    2: (
        Studio("D1", UNIT, Rect(40, 56, 94, 124), "Turfstick", NORTH),
        Studio("D2", UNIT, Rect(40, 182, 94, 124), "Aduarder", WEST),
        Studio("D3", UNIT, Rect(40, 308, 94, 124), "Dokkumer", WEST),
        Studio("D4", SLOT, Rect(40, 434, 94, 124), "Terpdata", SOUTH),
        Studio("D5", UNIT, Rect(866, 40, 94, 112), "Kwelder", NORTH),
        Studio("D6", UNIT, Rect(866, 154, 94, 112), "Hunze Health", EAST),
        Studio("D7", UNIT, Rect(866, 268, 94, 112), "Reiderland", EAST),
    ),
}

ABOUT = {
    0: Words(
        "Eigen deur op Maaiveld, met de werkplaats en het café om de hoek.",
        "Own door on Maaiveld, with the workshop and the café around the corner.",
    ),
    1: Words(
        "Achttien vierkante meter voor twee tot zes mensen die iets beginnen.",
        "Eighteen square metres for two to six people who are starting something.",
    ),
    2: Words(
        "Bovenin, met ramen op het land en het dakterras op dezelfde verdieping.",
        "At the top, with windows on the land and the roof terrace on the same floor.",
    ),
}
PLACE = {
    0: Words("Maaiveld, westkant", "Maaiveld, west side"),
    1: Words("Incubator", "Incubator"),
    2: Words("Dijk, studio’s", "Dijk, studios"),
}
THEN = {
    0: Words("langs de werkplaats tot de westmuur", "past the workshop to the west wall"),
    1: Words("voorbij de pantry, de incubator in", "past the pantry, into the incubator"),
    2: Words("tot de gang met studio’s", "to the row of studios"),
}
FURNITURE = Words(
    "vier bureaus, twee kasten; eigen spullen mogen",
    "four desks, two cabinets; your own things are welcome",
)
COACH = Words(
    "twee uur per maand, en de juryleden als vraagbaak",
    "two hours a month, and the jury to ask",
)


def studios_of(floor: str, level: int) -> tuple[DemoSpace, ...]:
    """Return the studios of a floor."""
    return tuple(
        DemoSpace(
            code=studio.code,
            name=studio.code,
            kind=studio.kind,
            floor=floor,
            shape=studio.shape,
            capacity=6,
            area_dm2=studio.square_metres * 100,
            place=PLACE[level],
            about=ABOUT[level],
            way=way_to(studio.shape, level=level, then=THEN[level]),
            features=_features(studio),
            tenant=studio.tenant,
        )
        for studio in STUDIOS[level]
    )


def _features(studio: Studio) -> tuple[Has, ...]:
    size, away = studio.square_metres, metres(studio.shape, to=LIFT)
    room = Words(
        f"{size} m², eigen deur, sleutelpas dag en nacht",
        f"{size} m², own door, key card day and night",
    )
    light = Words(
        f"daglicht uit het {studio.light.nl}; 38 dB met dichte deur",
        f"daylight from the {studio.light.en}; 38 dB with the door closed",
    )
    lift = Words(
        f"{away} meter, spreekt en heeft voelbare knoppen",
        f"{away} metres away, speaks and has buttons you can feel",
    )
    coach = (Has("coach", COACH),) if studio.kind is SLOT else ()
    return (
        Has("own_door", room),
        Has("furniture", FURNITURE),
        *coach,
        Has("light", light),
        Has("step_free", Words("geen drempel; deur 90 cm", "no threshold; door 90 cm")),
        Has("lift", lift),
    )
