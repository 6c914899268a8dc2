"""What is drawn on the three floors, below and above the live shapes of their spaces."""

from __future__ import annotations

from campus.demo.drawing import (
    chairs,
    core,
    door,
    faint,
    furniture,
    layer,
    opening,
    outline,
    plants,
    round_table,
    rug,
    shell,
    table,
    thin,
    word,
)
from campus.demo.shapes import Rect, Words

OUTLINE = "M24 40H640V24H976V560H700V576H24z"
DIJK_OUTLINE = "M24 40H640V24H976V396H824V560H700V576H24z"
TERRACE = Rect(830, 402, 142, 154)

NORTH_WINDOWS = ("M60 40H170", "M200 40H330", "M360 40H500", "M670 24H840", "M870 24H950")
SOUTH_WINDOWS = ("M60 576H240", "M300 576H470", "M500 576H660")
WEST_WINDOWS = "M24 80V180M24 260V540"

QUIET = Words("Stilte", "Quiet")
FIELD = Words("Open veld", "Open field")
INCUBATOR = Words("Incubator", "Incubator")
LUNCH_TABLE = Words("lunchtafel", "lunch table")
PANTRY = Words("pantry", "pantry")


def wierde_below() -> str:
    """Return the ground of Wierde."""
    return layer(outline(OUTLINE), rug(Rect(40, 246, 212, 312)), rug(Rect(700, 262, 262, 284)))


def wierde_above() -> str:
    """Return walls, furniture and words of Wierde."""
    return layer(
        table(Rect(77, 118, 74, 34), sides=3),
        table(Rect(229, 118, 74, 34), sides=3),
        table(Rect(381, 118, 102, 40), sides=4, heads=True),
        table(Rect(689, 102, 132, 40), sides=6, heads=True),
        round_table(907, 128),
        core(),
        thin(
            "M40 188H520M660 188H960M190 56V188M342 56V188M520 56V188M852 40V188M660 40V188"
            "M264 246V400M264 470V558"
        ),
        *(door(x, 188, to="s") for x in (124, 274, 444, 786, 904)),
        word(52, 274, QUIET, css="zone"),
        word(292, 274, FIELD, css="zone"),
        word(712, 252, INCUBATOR, css="zone"),
        furniture(Rect(420, 216, 180, 20), round_by=10),
        word(474, 230, LUNCH_TABLE),
        furniture(Rect(660, 236, 24, 64), round_by=6),
        chairs([(672, 254)], radius=6),
        word(654, 230, PANTRY),
        plants((272, 300), (487, 428), (668, 452), (668, 330), (52, 536), (278, 540)),
        *(
            furniture(Rect(x + aside, y, 26, 52))
            for y in (322, 462)
            for x in (714, 801, 888)
            for aside in (0, 36)
        ),
        thin("M702 264H962M702 403H962M788 264V541M875 264V541M702 264V541"),
        thin(
            "M654 472H696M654 512H696M654 552H696M696 472V552M654 472V482M654 502V522M654 542V552"
        ),
        shell(OUTLINE, (*NORTH_WINDOWS, *SOUTH_WINDOWS, "M720 560H950", WEST_WINDOWS)),
    )


def maaiveld_below() -> str:
    """Return the ground of Maaiveld."""
    return layer(
        outline(OUTLINE),
        rug(Rect(190, 418, 452, 140)),
        rug(Rect(190, 216, 216, 186)),
        rug(Rect(712, 510, 52, 48)),
    )


def maaiveld_above() -> str:
    """Return walls, furniture and words of Maaiveld."""
    return layer(
        _maaiveld_rooms(),
        core(),
        word(54, 80, Words("Lunchtafel", "Lunch table"), css="zone"),
        _cafe(),
        word(430, 276, Words("Entree", "Entrance"), css="zone"),
        _workshop(),
        _reception(),
        plants((508, 74), (420, 232), (660, 408), (668, 548), (948, 268), (806, 408)),
        thin("M168 204V560M40 204H168M40 275H168M40 345H168M40 415H168M40 485H168"),
        *(door(168, y, to="e") for y in (234, 304, 374, 444, 518)),
        shell(
            OUTLINE,
            (
                *NORTH_WINDOWS,
                "M200 576H400",
                "M430 576H640",
                "M840 560H950",
                "M24 220V260M24 290V330M24 360V400M24 430V470M24 500V544",
                "M976 60V170M976 270V390",
            ),
        ),
        opening("M714 560H762"),
        faint("M714 560v-24a24 24 0 0 1 24 24M762 560v-24a24 24 0 0 0-24 24"),
        word(716, 588, Words("ingang", "entrance")),
    )


def _maaiveld_rooms() -> str:
    folds = "".join(f"M810 {y}v11" for y in range(44, 188, 18))
    return "".join(
        (
            table(Rect(684, 112, 100, 40), sides=5, heads=True),
            table(Rect(836, 112, 100, 40), sides=5, heads=True),
            table(Rect(857, 486, 74, 34), sides=3),
            *(
                furniture(Rect(124, y + down, 34, 20))
                for y in (216, 286, 356, 426, 498)
                for down in (0, 26)
            ),
            thin("M660 40V188H960M826 424V560M826 424H960"),
            thin(folds),
            door(690, 188, to="s"),
            door(813, 188, to="s"),
            door(846, 424, to="n"),
            thin(
                "M840 190V232M880 190V232M920 190V232M840 232h10M870 232h20M910 232h20M950 232h12"
            ),
        )
    )


def _cafe() -> str:
    stools = [(x, 274) for x in (250, 276, 302, 328)]
    return "".join(
        (
            word(202, 240, Words("Café", "Café"), css="zone"),
            furniture(Rect(236, 246, 116, 18), round_by=6),
            furniture(Rect(262, 222, 90, 12), round_by=3),
            chairs(stools, radius=6),
            round_table(230, 330, radius=13, seats=4),
            round_table(300, 340, radius=13, seats=4),
            round_table(368, 330, radius=13, seats=4),
            furniture(Rect(208, 378, 60, 16), round_by=7),
            furniture(Rect(310, 378, 60, 16), round_by=7),
        )
    )


def _workshop() -> str:
    printers = [Rect(x, 424, 24, 20) for x in (520, 550, 580, 610)]
    return "".join(
        (
            word(202, 444, Words("Werkplaats", "Workshop"), css="zone"),
            *(furniture(printer) for printer in printers),
            chairs([printer.middle for printer in printers], radius=5),
            word(452, 438, Words("3D-printers", "3D printers")),
        )
    )


def _reception() -> str:
    return "".join(
        (
            furniture(Rect(690, 428, 96, 20), round_by=10),
            chairs([(718, 416), (758, 416)]),
            word(724, 442, Words("balie", "reception")),
            furniture(Rect(796, 464, 22, 78), round_by=8),
            thin("M706 508V560M770 508V560"),
        )
    )


def dijk_below() -> str:
    """Return the ground of Dijk, and the deck of its roof terrace."""
    return layer(
        outline(DIJK_OUTLINE),
        rug(TERRACE),
        rug(Rect(148, 222, 368, 144)),
    )


def dijk_above() -> str:
    """Return walls, furniture and words of Dijk."""
    return layer(
        _dijk_rooms(),
        core(),
        word(164, 66, Words("Raam noord", "North window"), css="zone"),
        word(160, 246, Words("Midden", "Middle"), css="zone"),
        word(164, 436, Words("Raam zuid", "South window"), css="zone"),
        _lounge(),
        _terrace(),
        plants((152, 200), (526, 176), (664, 204), (832, 204), (152, 382), (572, 440)),
        shell(
            DIJK_OUTLINE,
            (
                "M48 40H126", "M160 40H330", "M360 40H520", "M664 24H830", "M876 24H950",
                "M48 576H126", "M160 576H350", "M380 576H560", "M600 576H690", "M712 560H800",
                "M24 70V170M24 196V296M24 322V422M24 448V548",
                "M976 50V140M976 164V256M976 278V370", "M824 450V540",
            ),
        ),
        opening("M824 402V424"),
    )  # fmt: skip


def _dijk_rooms() -> str:
    west, east = (74, 200, 326, 452), (62, 176, 290)
    return "".join(
        (
            *(furniture(Rect(x, y + 34, 26, 52)) for y in west for x in (56, 92)),
            *(furniture(Rect(x, y + 30, 26, 46)) for y in east for x in (884, 920)),
            thin("M136 40V560M40 181H136M40 307H136M40 433H136"),
            *(door(136, y, to="e") for y in (146, 272, 398, 524)),
            thin("M864 24V382M864 153H960M864 267H960M864 382H960"),
            *(door(864, y, to="w") for y in (118, 232, 346)),
            round_table(753, 304),
            thin("M692 230H814V354H692V230"),
            door(704, 354, to="s"),
            table(Rect(612, 494, 60, 32), sides=3, heads=True),
            table(Rect(724, 488, 60, 32), sides=3, heads=True),
            thin("M586 560V426H810V560M698 426V560"),
            door(606, 426, to="n"),
            door(722, 426, to="n"),
            thin("M538 232H660M538 232V272M578 232V272M618 232V272M660 232V272"),
            thin("M538 274h10M568 274h20M608 274h20M648 274h12"),
        )
    )


def _lounge() -> str:
    return "".join(
        (
            furniture(Rect(526, 294, 22, 64), round_by=6),
            chairs([(537, 312)], radius=6),
            word(520, 289, PANTRY),
            furniture(Rect(592, 332, 84, 20), round_by=8),
            furniture(Rect(578, 356, 20, 46), round_by=8),
            round_table(640, 380, radius=13, seats=0),
            word(614, 324, Words("zithoek", "lounge")),
        )
    )


def _terrace() -> str:
    boards = "".join(f"M832 {y}H970" for y in range(416, 536, 14))
    return "".join(
        (
            faint(boards),
            faint("M972 398V556H826"),
            round_table(872, 470, radius=13, seats=4),
            round_table(928, 500, radius=13, seats=4),
            word(840, 549, Words("dakterras", "roof terrace")),
            plants((956, 422), (930, 420), (846, 422), (956, 542)),
        )
    )
