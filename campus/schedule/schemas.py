"""The map of a schedule: what it says beside what every map does."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

from campus.errors import text
from campus.schedule import rules, terms
from campus.schedule.models import Map
from campus.spaces.models import why_not_code
from campus.web.maps import Reading
from campus.web.remarks import shortened

WORDS = ("source", "zone")
SOURCE = re.compile(r"[A-Za-z0-9._-]{1,40}")


def read_map(words: str, *, name: str) -> Map:
    """Return the map that a TOML file is.

    Args:
        name: of the source, where the map does not say it.

    Raises:
        Mistaken: every mistake in it, by its place in the map.
    """
    reading = Reading(words, more=WORDS)
    result = Map(
        **reading.said(terms.FIELDS, why_not_code=why_not_code),
        source=_source(reading, name),
        zone=_zone(reading),
    )
    for what in terms.NEEDED if not reading.mistakes else ():
        if what not in result.sources:
            reading.wrong(
                "columns",
                text(
                    'The map names no column for the %(what)s. Write %(what)s = "…" below'
                    " [columns].",
                    what=what,
                ),
            )
    reading.finish()
    return result


def _source(reading: Reading, name: str) -> str:
    found = reading.found.get("source", name[: rules.LONGEST_SOURCE])
    if "source" in reading.found and not (isinstance(found, str) and SOURCE.fullmatch(found)):
        reading.wrong(
            "source",
            text(
                "Write a name of letters, digits, full stops, hyphens and underscores, at most 40"
                " of them."
            ),
        )
    return str(found)


def _zone(reading: Reading) -> str:
    found = reading.found.get("zone", "")
    if found == "":
        return ""
    if not isinstance(found, str) or found not in available_timezones():
        reading.wrong(
            "zone",
            text(
                "“%(words)s” is no time zone; write one as Europe/Brussels.",
                words=shortened(str(found)),
            ),
        )
    return str(found)
