"""What columns are called in schedules, in both languages; so that a simple one needs no map."""

from __future__ import annotations

from collections.abc import Iterable

from campus.web.sources import plain

# The first of each is what a sentence proposes.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "uid", "nummer", "number"),
    "space": ("space", "ruimte", "plek", "zaal", "room", "place"),
    "day": ("day", "dag", "datum", "date"),
    "start": ("start", "begin", "van", "from", "starttijd", "begintijd", "start time"),
    "end": ("end", "eind", "einde", "tot", "until", "eindtijd", "end time"),
    "title": ("title", "titel", "onderwerp", "subject", "omschrijving", "description"),
}
NEEDED = ("start", "end")
FIELDS = tuple(COLUMNS)
FIELD_BY_WORD = {plain(word): what for what, words in COLUMNS.items() for word in words}


def columns_of(header: Iterable[str]) -> dict[str, str]:
    """Return the columns that say something of a booking by their own name; the first counts."""
    found: dict[str, str] = {}
    for column in header:
        what = FIELD_BY_WORD.get(plain(column))
        if what is not None:
            found.setdefault(what, column)
    return found
