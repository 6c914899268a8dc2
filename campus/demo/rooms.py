"""The twelve rooms: eleven to meet in, and the event space that two of them make."""

from __future__ import annotations

from dataclasses import dataclass

from campus.demo.shapes import DemoSpace, Has, Rect, Words
from campus.demo.way import WC, metres, way_to
from campus.spaces.models import Audience, SpaceKind

WHOLE = "diepenzaal"
EVENT_BUFFER_MINUTES = 30  # to set chairs, and to clear them


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it is drawn.

    Attributes:
        has: codes of what it has beside power, air and light.
        light: where its daylight comes from.
        inch: size of its screen.
    """

    name: str
    level: int
    shape: Rect
    capacity: int
    square_metres: int
    about: Words
    then: Words
    light: Words
    inch: int = 55
    has: tuple[str, ...] = ("screen", "whiteboard")
    audience: Audience = Audience.MEMBERS

    @property
    def code(self) -> str:
        return self.name.lower().replace(" ", "-")


NORTH = Words("raam noord", "north window")
SOUTH = Words("raam zuid", "south window")
EAST = Words("raam oost", "east window")
SKYLIGHT = Words("dakraam", "skylight")
LARGE = ("screen", "video", "whiteboard", "hearing_loop", "wheelchair")

DRENTS_DIEP, PEIZERDIEP = Rect(660, 40, 148, 148), Rect(812, 40, 148, 148)

ROOMS = (
    Room(
        "Drents Diep", 0, DRENTS_DIEP, 12, 23,
        Words(
            "De westelijke helft van de Diepenzaal: twaalf aan tafel, vlak bij de lift.",
            "The west half of the Diepenzaal: twelve at the table, close to the lift.",
        ),
        Words(
            "langs de eilanden, eerste deur na de lift",
            "past the islands, first door after the lift",
        ),
        NORTH, inch=86, has=LARGE,
    ),
    Room(
        "Peizerdiep", 0, PEIZERDIEP, 12, 23,
        Words(
            "De oostelijke helft van de Diepenzaal, met ochtendlicht en een hele schrijfwand.",
            "The east half of the Diepenzaal, with morning light and a whole wall to write on.",
        ),
        Words("langs de belcellen, laatste deur", "past the call booths, last door"),
        EAST, has=("screen", "whiteboard", "hearing_loop"),
    ),
    Room(
        "Fochtelo", 0, Rect(828, 424, 132, 120), 6, 16,
        Words(
            "Bij de ingang, voor zes: gasten hoeven niet te zoeken.",
            "By the entrance, for six: guests need not search.",
        ),
        Words("voor de balie langs, eerste deur", "past the front desk, first door"),
        SOUTH, has=("screen", "video", "wheelchair"),
    ),
    Room(
        "Hunze", 1, Rect(40, 56, 148, 132), 6, 20,
        Words(
            "Hoekruimte met licht van twee kanten: zes stoelen en een scherm.",
            "Corner room with light from two sides: six chairs and a screen.",
        ),
        Words("laatste deur", "last door"),
        NORTH, has=("screen", "video", "whiteboard", "wheelchair"),
    ),
    Room(
        "Reitdiep", 1, Rect(192, 56, 148, 132), 6, 20,
        Words(
            "De buurman van Hunze, met een hele wand om op te schrijven.",
            "Hunze’s neighbour, with a whole wall to write on.",
        ),
        Words("tweede deur", "second door"),
        NORTH,
    ),
    Room(
        "Dollard", 1, Rect(344, 56, 176, 132), 10, 24,
        Words(
            "De lange tafel met camera: klantdagen, jury’s en overleg met mensen op afstand.",
            "The long table with a camera: client days, juries and talks with people elsewhere.",
        ),
        Words("eerste deur", "first door"),
        NORTH, inch=86, has=LARGE,
    ),
    Room(
        "Lauwers", 1, Rect(660, 40, 190, 148), 14, 29,
        Words(
            "De grote zaal van Wierde: veertien aan tafel, of stoelen in rijen voor de lunch.",
            "The large room of Wierde: fourteen at the table, or chairs in rows for lunch.",
        ),
        Words("eerste deur", "first door"),
        NORTH, inch=86, has=LARGE, audience=Audience.RESIDENTS,
    ),
    Room(
        "Schier", 1, Rect(854, 40, 106, 148), 4, 16,
        Words(
            "Een ronde tafel voor vier, voor gesprekken die kort en goed zijn.",
            "A round table for four, for talks that are short and good.",
        ),
        Words("laatste deur", "last door"),
        NORTH, has=("screen",),
    ),
    Room(
        "Rottum", 2, Rect(694, 232, 118, 120), 4, 15,
        Words(
            "Klein en stil: sollicitaties en gesprekken onder vier ogen.",
            "Small and quiet: interviews and talks between two.",
        ),
        Words("voorbij de belcellen", "past the call booths"),
        SKYLIGHT, has=("screen",),
    ),
    Room(
        "Ameland", 2, Rect(588, 428, 108, 130), 8, 16,
        Words(
            "Acht stoelen aan het zuidraam, met een scherm aan de kop.",
            "Eight chairs at the south window, with a screen at the head.",
        ),
        Words("langs de zithoek, eerste deur", "past the lounge, first door"),
        SOUTH, has=("screen", "whiteboard", "wheelchair"),
    ),
    Room(
        "Vlie", 2, Rect(700, 428, 108, 116), 8, 15,
        Words(
            "Hoekruimte naast het dakterras, met een camera voor wie er niet is.",
            "Corner room beside the roof terrace, with a camera for who is not there.",
        ),
        Words("langs de zithoek, tweede deur", "past the lounge, second door"),
        SOUTH, has=("screen", "video", "whiteboard"),
    ),
)  # fmt: skip

NOTE = {
    "video": Words(
        "camera die meedraait, twee plafondmicrofoons",
        "camera that follows, two ceiling microphones",
    ),
    "whiteboard": Words("drie meter, stiften in de la", "three metres, pens in the drawer"),
    "hearing_loop": Words(
        "aan tafel, aan te zetten bij het scherm",
        "at the table, switched on by the screen",
    ),
    "wheelchair": Words(
        "plek aan kop en zijkant, tafel 74 cm hoog",
        "room at the head and side, table 74 cm high",
    ),
    "air": Words("eigen regeling, 19 tot 22 °C", "own control, 19 to 22 °C"),
    "light": Words(
        "dimbaar, geen flikkering; gordijn dicht te trekken",
        "dimmable, no flicker; curtain to draw",
    ),
    "door": Words(
        "geen drempel; deur 94 cm, opent met een knop",
        "no threshold; door 94 cm, opens with a button",
    ),
    "stage": Words(
        "klein podium, twee microfoons, 60 stoelen",
        "small stage, two microphones, 60 chairs",
    ),
    "soup": Words("keuken van het café om de hoek", "the café’s kitchen around the corner"),
}  # fmt: skip


def rooms_of(floor: str, level: int) -> tuple[DemoSpace, ...]:
    """Return the meeting rooms of a floor, and the event space that two of them make."""
    rooms = tuple(_meeting_room(room, floor) for room in ROOMS if room.level == level)
    return (*rooms, _event_space(floor)) if level == 0 else rooms


def _meeting_room(room: Room, floor: str) -> DemoSpace:
    return DemoSpace(
        code=room.code,
        name=room.name,
        kind=SpaceKind.MEETING_ROOM,
        floor=floor,
        shape=room.shape,
        capacity=room.capacity,
        area_dm2=room.square_metres * 100,
        place=_place(room),
        about=room.about,
        way=way_to(room.shape, level=room.level, then=room.then),
        audience=room.audience,
        features=_room_features(room),
    )


def _place(room: Room) -> Words:
    floor = ("Maaiveld", "Wierde", "Dijk")[room.level]
    return Words(f"{floor}, {room.light.nl}", f"{floor}, {room.light.en}")


def _room_features(room: Room) -> tuple[Has, ...]:
    sockets = room.capacity + room.capacity % 4
    screen = Words(
        f"{room.inch} inch, USB-C en draadloos",
        f"{room.inch} inch, USB-C and wireless",
    )
    power = Words(f"{sockets} stopcontacten in tafel", f"{sockets} sockets in the table")
    return (
        *(Has(code, screen if code == "screen" else NOTE[code]) for code in room.has),
        Has("power", power),
        Has("air", NOTE["air"]),
        Has("daylight", room.light),
        Has("light", NOTE["light"]),
        Has("step_free", NOTE["door"]),
        Has("toilet", _toilet(room.shape)),
    )


def _toilet(shape: Rect) -> Words:
    away = metres(shape, to=WC)
    return Words(f"aangepast, {away} meter", f"accessible, {away} metres away")


def _event_space(floor: str) -> DemoSpace:
    both = Rect(DRENTS_DIEP.x, DRENTS_DIEP.y, PEIZERDIEP.right - DRENTS_DIEP.x, DRENTS_DIEP.height)
    return DemoSpace(
        code=WHOLE,
        name="Diepenzaal",
        kind=SpaceKind.EVENT_SPACE,
        floor=floor,
        shape=None,
        capacity=60,
        area_dm2=4600,
        place=Words("Maaiveld, naast de lift", "Maaiveld, beside the lift"),
        about=Words(
            "De vouwwand open: twee ruimtes worden één, met zestig stoelen en een podium.",
            "The folding wall open: two rooms become one, with sixty chairs and a stage.",
        ),
        way=way_to(both, level=0, then=Words("langs de eilanden", "past the islands")),
        buffer_before_minutes=EVENT_BUFFER_MINUTES,
        buffer_after_minutes=EVENT_BUFFER_MINUTES,
        features=(
            Has("stage", NOTE["stage"]),
            Has("catering", NOTE["soup"]),
            Has("air", NOTE["air"]),
            Has("step_free", NOTE["door"]),
            Has("hearing_loop", Words("in de hele zaal", "throughout the room")),
            Has("toilet", _toilet(both)),
        ),
        parts=tuple(room.code for room in ROOMS if room.shape in {DRENTS_DIEP, PEIZERDIEP}),
    )
