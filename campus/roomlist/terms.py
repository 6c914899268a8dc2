"""What lists call columns and kinds, in both languages, so that a simple one needs no map."""

from __future__ import annotations

from collections.abc import Iterable

from campus.errors import Text, text
from campus.roomlist.models import Field
from campus.spaces import policy
from campus.spaces.models import SpaceKind
from campus.web.sources import plain

# The first of each is what a sentence proposes.
COLUMNS: dict[Field, tuple[str, ...]] = {
    Field.CODE: (
        "code", "ruimtecode", "ruimtenummer", "plekcode", "kamernummer", "space code",
        "room code", "room number",
    ),
    Field.NAME: ("name", "naam", "ruimtenaam", "room name", "space name"),
    Field.KIND: ("kind", "soort", "type", "soort ruimte", "ruimtesoort", "space kind"),
    Field.BUILDING: ("building", "gebouw", "gebouwcode", "building code"),
    Field.BUILDING_NAME: ("building name", "gebouwnaam"),
    Field.FLOOR: ("floor", "verdieping", "etage", "bouwlaag", "level"),
    Field.ZONE: ("zone",),
    Field.CAPACITY: (
        "capacity", "capaciteit", "personen", "aantal personen", "plaatsen", "zitplaatsen",
        "people", "seats",
    ),
    Field.AREA: ("area", "oppervlakte", "m2", "area m2", "oppervlakte m2", "opp m2"),
    Field.AVAILABLE_FROM: ("available from", "beschikbaar vanaf", "beschikbaar van", "vanaf"),
    Field.AVAILABLE_UNTIL: ("available until", "beschikbaar tot", "tot"),
}  # fmt: skip

KINDS: dict[SpaceKind, tuple[str, ...]] = {
    SpaceKind.DESK: ("desk", "bureau", "werkplek", "workplace", "hot desk", "flexplek"),
    SpaceKind.MEETING_ROOM: (
        "meeting room", "vergaderruimte", "vergaderzaal", "vergaderkamer", "overlegruimte",
        "conference room",
    ),
    SpaceKind.PHONE_BOOTH: ("phone booth", "call booth", "belcel", "belhokje", "telefooncel"),
    SpaceKind.EVENT_SPACE: ("event space", "zaal", "evenementenruimte", "event room", "hall"),
    SpaceKind.OFFICE_UNIT: ("office unit", "studio", "kantoor", "kantoorunit", "office", "unit"),
    SpaceKind.INCUBATOR_SLOT: ("incubator slot", "incubator place", "incubatorplek"),
    SpaceKind.PARKING: (
        "parking", "parking place", "parking space", "parkeerplek", "parkeerplaats",
    ),
}  # fmt: skip

FIELDS: dict[Field, Text] = {
    Field.CODE: text("code"),
    Field.NAME: text("name"),
    Field.KIND: text("kind"),
    Field.BUILDING: text("building"),
    Field.BUILDING_NAME: text("name of the building"),
    Field.FLOOR: text("floor"),
    Field.ZONE: text("zone"),
    Field.CAPACITY: text("number of people"),
    Field.AREA: text("area"),
    Field.AVAILABLE_FROM: text("available from"),
    Field.AVAILABLE_UNTIL: text("available until"),
}

FIELD_BY_WORD = {plain(word): what for what, words in COLUMNS.items() for word in words}
KIND_BY_WORD = {
    plain(word): kind for kind, words in KINDS.items() for word in (kind.value, *words)
}


def kind_called(words: str) -> SpaceKind | None:
    """Return the kind that a word stands for, in either language."""
    return KIND_BY_WORD.get(plain(words))


def known_kinds() -> Text:
    """Return the words for kinds that a sentence proposes, in the language of its reader."""
    return Text(
        ", ".join(f"%({kind})s" for kind in SpaceKind),
        {kind.value: words for kind, words in policy.KINDS.items()},
    )


def fields_of(columns: Iterable[str]) -> dict[Field, list[str]]:
    """Return the columns that say something of a space by their own name, by what they say."""
    found: dict[Field, list[str]] = {}
    for column in columns:
        what = FIELD_BY_WORD.get(plain(column))
        if what is not None:
            found.setdefault(what, []).append(column)
    return found
