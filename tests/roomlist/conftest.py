"""Lists of spaces, read and imported as a door would."""

from __future__ import annotations

from pathlib import Path

from campus.members.models import Actor
from campus.roomlist import answers
from campus.roomlist.answers import Outcome
from campus.roomlist.asking import asked_of
from campus.roomlist.models import Asked, Upload
from campus.web.remarks import Mistaken, where
from tests.factories import NOW

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ROOT / "tests" / "data" / "rooms"
MAPS = ROOT / "docs" / "maps"

SMALL = """code;naam;soort;verdieping;capaciteit
A1;Hunze;vergaderruimte;1;6
A2;Reest;vergaderruimte;1;8
"""


def asked(words: str | bytes, *, map: str | None = None, name: str = "list.csv") -> Asked:
    """Return what a list asks."""
    raw = words if isinstance(words, bytes) else words.encode()
    return asked_of(Upload(name, raw, map))


def imported(
    words: str | bytes, *, map: str | None = None, name: str = "list.csv", by: Actor | None = None
) -> Outcome:
    """Import a list, and return what it did."""
    return answers.carry_out(asked(words, map=map, name=name), actor=by, now=NOW)


def upload_of(room_file: str, map_file: str) -> Upload:
    """Return a real list with its map."""
    raw = (ROOMS / room_file).read_bytes()
    return Upload(room_file, raw, (MAPS / map_file).read_text(encoding="utf-8"))


def said(refused: Mistaken) -> list[str]:
    """Return the mistakes of a refusal as lines."""
    return [f"{where(one.spot)}: {one.message}" for one in refused.mistakes]
