"""The eight call booths, each named after a bird that makes itself heard."""

from __future__ import annotations

from campus.demo.shapes import DemoSpace, Has, Rect, Words
from campus.demo.way import walked, way_to
from campus.spaces.models import SpaceKind

BOOTH_SIDE = 38
BOOTHS = {
    0: (("Vink", 842, 192), ("Mees", 882, 192), ("Uil", 922, 192)),
    1: (("Wulp", 656, 474), ("Kluut", 656, 514)),
    2: (("Stern", 540, 234), ("Valk", 580, 234), ("Kauw", 620, 234)),
}

BOOTH_ABOUT = Words(
    "Genoemd naar een vogel die van zich laat horen: hier bel je zo lang en hard je wilt.",
    "Named after a bird that makes itself heard: call here as long and loud as you like.",
)
PLACE = {
    0: Words("Maaiveld, bij de Diepenzaal", "Maaiveld, by the Diepenzaal"),
    1: Words("Open veld, oostkant", "Open field, east side"),
    2: Words("Dijk, bij de lift", "Dijk, by the lift"),
}
HAS = (
    Has("power", Words("1 stopcontact, 1 USB-C 65 W", "1 socket, 1 USB-C 65 W")),
    Has("sound", Words("gedempt; buiten hoort niemand je", "damped; nobody outside hears you")),
    Has("step_free", Words("geen drempel; deur 80 cm", "no threshold; door 80 cm")),
)


def nearest_booth(shape: Rect, level: int) -> tuple[int, int]:
    """Return the middle of the call booth that is nearest to a shape."""
    middles = (Rect(x, y, BOOTH_SIDE, BOOTH_SIDE).middle for _, x, y in BOOTHS[level])
    return min(middles, key=lambda middle: walked(middle, shape.middle))


def booths_of(floor: str, level: int) -> tuple[DemoSpace, ...]:
    """Return the call booths of a floor."""
    return tuple(
        _booth(name, Rect(x, y, BOOTH_SIDE, BOOTH_SIDE), floor, level)
        for name, x, y in BOOTHS[level]
    )


def _booth(name: str, shape: Rect, floor: str, level: int) -> DemoSpace:
    near = Words("bij de belcellen", "by the call booths")
    return DemoSpace(
        code=name.lower(),
        name=name,
        kind=SpaceKind.PHONE_BOOTH,
        floor=floor,
        shape=shape,
        place=PLACE[level],
        about=BOOTH_ABOUT,
        way=way_to(shape, level=level, then=near),
        features=HAS,
    )
