"""The 142 desks, made from the islands they stand in."""

from __future__ import annotations

from collections.abc import Iterator

from campus.demo.blocks import BLOCKS, SOUTH, Block
from campus.demo.booths import nearest_booth
from campus.demo.shapes import NONE, DemoIsland, DemoSpace, Has, Rect, Words
from campus.demo.way import metres, way_to
from campus.spaces.models import Side, SpaceKind

TOP_HEIGHT = 25
ROW_PITCH = 28
GAP = 4  # between table tops, for islands; a long table has less
TABLE_GAP = 2
LONG_TABLE_PITCH = 46

SCREENS = (
    Words("stroom in het blad", "power in the table top"),
    Words("één scherm", "one screen"),
    Words("twee schermen", "two screens"),
)
SCREENS_NOTE = (
    NONE,
    Words("één, 27 inch, één kabel USB-C", "one, 27 inch, one USB-C cable"),
    Words("twee, 27 inch, één kabel USB-C", "two, 27 inch, one USB-C cable"),
)
EXTRA_NOTE = {
    "sit_stand": Words("elektrisch, 62 tot 127 cm", "electric, 62 to 127 cm"),
    "quiet": Words("niet praten, niet bellen", "no talking, no calls"),
    "bench": Words("antistatisch blad, meetpunt, perslucht", "antistatic top, probe, air line"),
    "step_free": Words("geen drempel; gangpad 120 cm", "no threshold; aisle 120 cm"),
}


def desks_of(floor: str, level: int) -> tuple[DemoSpace, ...]:
    """Return the desks of a floor, in the order of their numbers."""
    return tuple(desk for block in BLOCKS[level] for desk in _desks(block, floor, level))


def islands_of(level: int) -> tuple[DemoIsland, ...]:
    """Return the islands of a floor; a south window is drawn below the island."""
    return tuple(
        DemoIsland(
            zone=block.zone,
            name=block.name,
            beside=block.beside,
            window=Words("raam, zuid", "window, south") if block.window == SOUTH else NONE,
        )
        for block in BLOCKS[level]
    )


def _desks(block: Block, floor: str, level: int) -> Iterator[DemoSpace]:
    for row in (0, 1):
        for column in range(block.columns):
            code = f"{level}.{block.first + row * block.columns + column:02d}"
            shape = _table_top(block, row, column)
            yield DemoSpace(
                code=code,
                name=code,
                kind=SpaceKind.DESK,
                floor=floor,
                zone=block.zone,
                shape=shape,
                place=block.place,
                about=_about(block, row, column),
                way=way_to(shape, level=level, then=block.then),
                features=_features(block, row, shape, level),
                chair=Side.SOUTH if row else Side.NORTH,
                island=block.name.nl,
                row=row,
                column=column,
            )


def _table_top(block: Block, row: int, column: int) -> Rect:
    gap = TABLE_GAP if block.pitch == LONG_TABLE_PITCH else GAP
    x, y = block.x + column * block.pitch, block.y + row * ROW_PITCH
    return Rect(x, y, block.pitch - gap, TOP_HEIGHT)


def _about(block: Block, row: int, column: int) -> Words:
    """Return one sentence: where it is, what is on it, how one sits there."""
    where, screens = block.where, SCREENS[block.screens[row]]
    if column in (0, block.columns - 1):
        return Words(
            f"{where.nl}, op de hoek, met {screens.nl}.",
            f"{where.en}, on the corner, with {screens.en}.",
        )
    sitting = (
        Words(" en de rug vrij.", " and nobody behind you.")
        if row
        else Words(", tussen de buren.", ", between neighbours.")
    )
    return where + Words(f", met {screens.nl}", f", with {screens.en}") + sitting


def _features(block: Block, row: int, shape: Rect, level: int) -> tuple[Has, ...]:
    screens, features = block.screens[row], []
    if screens:
        features.append(Has("screens", SCREENS_NOTE[screens], screens))
    if block.window != NONE:
        features.append(Has("window", _window_note(block.window)))
    features += [Has("light", _light_note(block.window)), Has("power", _power_note(screens))]
    features += [Has(code, EXTRA_NOTE[code]) for code in block.extra]
    away = metres(shape, to=nearest_booth(shape, level))
    if "quiet" not in block.extra:
        features += [Has("sound", _sound_note(away)), Has("calm", CALM)]
    if "sit_stand" not in block.extra:
        features.append(Has("height", HEIGHT))
    if "step_free" not in block.extra:
        features.append(Has("aisle", AISLE))
    return tuple(features)


CALM = Words(
    "veel om je heen; prikkelarm is Stilte, 1.01 tot en met 1.12",
    "a lot around you; low-stimulus is Quiet, 1.01 to 1.12",
)
HEIGHT = Words(
    "vast, 74 cm. Zit-sta: Dijk, raam noord", "fixed, 74 cm. Sit-stand: Dijk, north window"
)
AISLE = Words("90 cm, geen drempel", "90 cm, no threshold")


def _window_note(side: Words) -> Words:
    return side + Words(", met zonwering", ", with sun blinds")


def _light_note(side: Words) -> Words:
    if side == NONE:
        return Words("eigen lamp, daglicht van twee kanten", "own lamp, daylight from two sides")
    return Words(
        f"daglicht uit het {side.nl}en, eigen lamp", f"daylight from the {side.en}, own lamp"
    )


def _power_note(screens: int) -> Words:
    if screens:
        return Words("4 stopcontacten, 1 USB-C 65 W", "4 sockets, 1 USB-C 65 W")
    return Words("2 stopcontacten, 1 USB-C 65 W", "2 sockets, 1 USB-C 65 W")


def _sound_note(away: int) -> Words:
    return Words(
        f"zachtjes praten; bellen in een belcel, {away} meter",
        f"talk softly; make calls in a booth, {away} metres away",
    )
