"""The islands of desks: where they stand, what is around them, what is on them."""

from __future__ import annotations

from dataclasses import dataclass

from campus.demo.shapes import NONE, Words

SOUTH = Words("zuid", "south")
NORTH = Words("noord", "north")
WEST = Words("west", "west")


@dataclass(frozen=True, slots=True)
class Block:
    """An island of two rows of desks, numbered from its north-west corner.

    Attributes:
        first: number of its first desk on the floor.
        x, y: plan units of the table top of the first desk.
        screens: on a desk of the north row and on one of the south row.
        window: side of the floor whose window it stands at; empty without one.
        where: begins the sentence about each of its desks.
        then: ends the sentence about the way.
        extra: codes of features that all its desks have.
    """

    zone: str
    first: int
    x: int
    y: int
    columns: int
    name: Words
    beside: Words
    place: Words
    where: Words
    then: Words
    screens: tuple[int, int] = (1, 1)
    window: Words = NONE
    extra: tuple[str, ...] = ()
    pitch: int = 50


ENTRANCE_PLACE = Words("Maaiveld, bij de ingang", "Maaiveld, by the entrance")
TABLE_PLACE = Words("Maaiveld, lange tafel", "Maaiveld, long table")
TABLE_WHERE = Words(
    "Aan de lange tafel onder het noordraam", "At the long table under the north window"
)
BENCH_PLACE = Words("Werkplaats, raam zuid", "Workshop, south window")
NORTH_PLACE = Words("Dijk, raam noord", "Dijk, north window")
NORTH_WHERE = Words("Hoog aan het noordraam", "High up at the north window")
MIDDLE_PLACE = Words("Dijk, midden", "Dijk, middle")
MIDDLE_WHERE = Words("Midden op Dijk, uit de loop", "In the middle of Dijk, out of the way")
SOUTH_PLACE = Words("Dijk, raam zuid", "Dijk, south window")
SOUTH_WHERE = Words(
    "Aan het zuidraam, hoog boven het land", "At the south window, high above the land"
)
FIELD_SOUTH = Words("Open veld, raam zuid", "Open field, south window")
FIELD_WHERE = Words("Aan het zuidraam in het open veld", "By the south window in the open field")

MAAIVELD = (
    Block(
        "entree", 1, 430, 304, 3,
        name=Words("Eiland bij het café", "Island by the café"),
        beside=Words("links: café", "left: café"),
        place=ENTRANCE_PLACE,
        where=Words(
            "Bij het café, met zicht op de ingang", "By the café, in sight of the entrance"
        ),
        then=Words("het eiland bij het café", "the island by the café"),
        extra=("step_free",),
    ),
    Block(
        "entree", 7, 628, 304, 3,
        name=Words("Eiland bij de balie", "Island by the front desk"),
        beside=Words("onder: balie", "below: front desk"),
        place=ENTRANCE_PLACE,
        where=Words(
            "Achter de balie, snel binnen en buiten", "Behind the front desk, quick in and out"
        ),
        then=Words("achter de balie", "behind the front desk"),
        screens=(0, 0),
        extra=("step_free",),
    ),
    Block(
        "entree", 13, 806, 304, 3,
        name=Words("Eiland bij de belcellen", "Island by the call booths"),
        beside=Words("rechts: raam, oost", "right: window, east"),
        place=ENTRANCE_PLACE,
        where=Words("Bij de belcellen, met ochtendzon", "By the call booths, with morning sun"),
        then=Words("het eiland bij de belcellen", "the island by the call booths"),
        extra=("step_free",),
    ),
    Block(
        "werkplaats", 19, 216, 470, 4,
        name=Words("Eiland bij de studio’s", "Island by the studios"),
        beside=Words("links: studio’s", "left: studios"),
        place=BENCH_PLACE,
        where=Words("Meettafel aan het zuidraam", "Test bench at the south window"),
        then=Words("voorbij de 3D-printers", "past the 3D printers"),
        screens=(1, 0),
        window=SOUTH,
        extra=("step_free", "bench"),
    ),
    Block(
        "werkplaats", 27, 432, 470, 4,
        name=Words("Eiland bij de printers", "Island by the printers"),
        beside=Words("rechts: ingang", "right: entrance"),
        place=BENCH_PLACE,
        where=Words("Meettafel bij de 3D-printers", "Test bench by the 3D printers"),
        then=Words("naar de 3D-printers", "to the 3D printers"),
        screens=(0, 1),
        window=SOUTH,
        extra=("step_free", "bench"),
    ),
    Block(
        "lunchtafel", 35, 54, 110, 4,
        name=Words("Lange tafel, westkant", "Long table, west end"),
        beside=Words("boven: raam, noord", "above: window, north"),
        place=TABLE_PLACE,
        where=TABLE_WHERE,
        then=Words(
            "langs het café, het verste eind van de tafel", "past the café, the table’s far end"
        ),
        screens=(0, 0),
        window=NORTH,
        extra=("step_free",),
        pitch=46,
    ),
    Block(
        "lunchtafel", 43, 238, 110, 3,
        name=Words("Lange tafel, midden", "Long table, middle"),
        beside=Words("onder: café", "below: café"),
        place=TABLE_PLACE,
        where=TABLE_WHERE,
        then=Words("langs het café, midden aan tafel", "past the café, mid-table"),
        screens=(0, 0),
        window=NORTH,
        extra=("step_free",),
        pitch=46,
    ),
    Block(
        "lunchtafel", 49, 376, 110, 3,
        name=Words("Lange tafel, bij de lift", "Long table, by the lift"),
        beside=Words("rechts: lift", "right: lift"),
        place=TABLE_PLACE,
        where=TABLE_WHERE,
        then=Words("de lange tafel, het eerste stuk", "the long table, the near end"),
        screens=(0, 0),
        window=NORTH,
        extra=("step_free",),
        pitch=46,
    ),
)  # fmt: skip

WIERDE = (
    Block(
        "stilte", 1, 70, 318, 3,
        name=Words("Eiland bij het westraam", "Island by the west window"),
        beside=Words("links: raam, west", "left: window, west"),
        place=Words("Stilte, raam west", "Quiet, west window"),
        where=Words("Bij het westraam in Stilte", "By the west window in Quiet"),
        then=Words("voorbij de wand, Stilte in", "past the partition, into Quiet"),
        window=WEST,
        extra=("quiet",),
    ),
    Block(
        "stilte", 7, 70, 452, 3,
        name=Words("Eiland bij het zuidraam", "Island by the south window"),
        beside=Words("rechts: Open veld", "right: Open field"),
        place=Words("Stilte, raam zuid", "Quiet, south window"),
        where=Words("Bij het zuidraam in Stilte", "By the south window in Quiet"),
        then=Words("voorbij de wand, Stilte in", "past the partition, into Quiet"),
        window=SOUTH,
        extra=("quiet",),
    ),
    Block(
        "veld-noord", 13, 292, 318, 4,
        name=Words("Eiland bij Stilte", "Island by Quiet"),
        beside=Words("links: Stilte", "left: Quiet"),
        place=Words("Open veld, midden", "Open field, middle"),
        where=Words("Midden in het open veld", "In the middle of the open field"),
        then=Words("langs de lunchtafel", "past the lunch table"),
    ),
    Block(
        "veld-noord", 21, 500, 318, 3,
        name=Words("Eiland bij de pantry", "Island by the pantry"),
        beside=Words("rechts: pantry", "right: pantry"),
        place=Words("Open veld, bij de pantry", "Open field, by the pantry"),
        where=Words(
            "In het open veld, dicht bij de koffie", "In the open field, close to the coffee"
        ),
        then=Words("het eerste eiland", "the first island"),
        extra=("step_free",),
    ),
    Block(
        "veld-zuid", 27, 292, 452, 4,
        name=Words("Eiland bij Stilte", "Island by Quiet"),
        beside=Words("links: Stilte", "left: Quiet"),
        place=FIELD_SOUTH,
        where=FIELD_WHERE,
        then=Words("door naar het zuidraam", "on to the south window"),
        screens=(2, 2),
        window=SOUTH,
    ),
    Block(
        "veld-zuid", 35, 500, 452, 3,
        name=Words("Eiland bij de pantry", "Island by the pantry"),
        beside=Words("rechts: lift", "right: lift"),
        place=FIELD_SOUTH,
        where=FIELD_WHERE,
        then=Words("het eiland aan het zuidraam", "the island at the south window"),
        screens=(1, 2),
        window=SOUTH,
        extra=("step_free",),
    ),
)  # fmt: skip

DIJK = (
    Block(
        "raam-noord", 1, 164, 92, 4,
        name=Words("Eiland bij de studio’s", "Island by the studios"),
        beside=Words("boven: raam, noord", "above: window, north"),
        place=NORTH_PLACE,
        where=NORTH_WHERE,
        then=Words("het verste eiland aan het noordraam", "the far island at the north window"),
        window=NORTH,
        extra=("sit_stand",),
    ),
    Block(
        "raam-noord", 9, 374, 92, 3,
        name=Words("Eiland bij de lift", "Island by the lift"),
        beside=Words("rechts: lift", "right: lift"),
        place=NORTH_PLACE,
        where=NORTH_WHERE,
        then=Words("om de hoek, aan het noordraam", "around the corner, at the north window"),
        screens=(2, 2),
        window=NORTH,
        extra=("sit_stand", "step_free"),
    ),
    Block(
        "raam-noord", 15, 670, 92, 3,
        name=Words("Eiland aan de oostkant", "Island on the east side"),
        beside=Words("links: lift", "left: lift"),
        place=NORTH_PLACE,
        where=NORTH_WHERE,
        then=Words("het eiland voor de studio’s", "the island before the studios"),
        window=NORTH,
        extra=("sit_stand", "step_free"),
    ),
    Block(
        "midden", 21, 164, 276, 3,
        name=Words("Eiland bij de studio’s", "Island by the studios"),
        beside=Words("links: studio’s", "left: studios"),
        place=MIDDLE_PLACE,
        where=MIDDLE_WHERE,
        then=Words("het tweede eiland in het midden", "the second island in the middle"),
        screens=(2, 2),
    ),
    Block(
        "midden", 27, 346, 276, 3,
        name=Words("Eiland bij de pantry", "Island by the pantry"),
        beside=Words("rechts: pantry", "right: pantry"),
        place=MIDDLE_PLACE,
        where=MIDDLE_WHERE,
        then=Words("het eerste eiland in het midden", "the first island in the middle"),
        screens=(2, 2),
        extra=("step_free",),
    ),
    Block(
        "raam-zuid", 33, 164, 466, 4,
        name=Words("Eiland bij de studio’s", "Island by the studios"),
        beside=Words("links: studio’s", "left: studios"),
        place=SOUTH_PLACE,
        where=SOUTH_WHERE,
        then=Words("het verste eiland aan het zuidraam", "the far island at the south window"),
        window=SOUTH,
    ),
    Block(
        "raam-zuid", 41, 374, 466, 4,
        name=Words("Eiland bij Ameland", "Island by Ameland"),
        beside=Words("rechts: Ameland", "right: Ameland"),
        place=SOUTH_PLACE,
        where=SOUTH_WHERE,
        then=Words("het eiland bij Ameland", "the island by Ameland"),
        window=SOUTH,
    ),
)  # fmt: skip

BLOCKS = {0: MAAIVELD, 1: WIERDE, 2: DIJK}
