"""The map of a list of spaces: what it says beside what every map does."""

from __future__ import annotations

from typing import Any

from campus.errors import text
from campus.roomlist import rules, terms
from campus.roomlist.models import Field, Map
from campus.spaces.models import SpaceKind, why_not_code
from campus.web.maps import Reading
from campus.web.remarks import CellError, shortened

WORDS = ("rows", "create", "kinds", "floors")
CREATED = ("buildings", "floors")


def read_map(words: str) -> Map:
    """Return the map that a TOML file is.

    Raises:
        Mistaken: every mistake in it, by its place in the map.
    """
    reading = Reading(words, more=WORDS)
    result = Map(
        **reading.said(tuple(Field), why_not_code=why_not_code),
        rows=_rows(reading),
        kinds=dict(reading.each("kinds", _kind)),
        floors=dict(reading.each("floors", _level)),
        **_made(reading),
    )
    if not reading.mistakes and Field.CODE not in result.sources:
        reading.wrong(
            "columns",
            text(
                'The map names no column for the code of a space. Write it as code = "…" below'
                " [columns], or as a template below [templates]."
            ),
        )
    reading.finish()
    return result


def _kind(value: object) -> SpaceKind:
    kind = terms.kind_called(value if isinstance(value, str) else "")
    if kind is None:
        raise CellError(
            text(
                "“%(words)s” is no kind of space. There are: %(known)s.",
                words=shortened(str(value)),
                known=terms.known_kinds(),
            )
        )
    return kind


def _level(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or rules.level(str(value)) is None:
        raise CellError(
            text(
                "Write the level as a number from %(lowest)s to %(highest)s; 0 is the ground"
                " floor.",
                lowest=rules.LOWEST,
                highest=rules.HIGHEST,
            )
        )
    return value


def _rows(reading: Reading) -> str:
    rows = reading.found.get("rows", "")
    if not isinstance(rows, str):
        reading.wrong("rows", text("Write where the spaces are in quotation marks: “data.rooms”."))
        return ""
    return rows


def _made(reading: Reading) -> dict[str, Any]:
    wished = reading.found.get("create", [])
    if not isinstance(wished, list) or not set(map(str, wished)) <= set(CREATED):
        reading.wrong(
            "create", text('Write it as create = ["buildings", "floors"], or one of the two.')
        )
        wished = []
    return {f"makes_{name}": name in wished for name in CREATED}
