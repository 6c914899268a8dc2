"""A schedule as CSV, row by row, whatever its length."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from campus.clock import Period
from campus.errors import text
from campus.schedule import rules, terms
from campus.schedule.models import Map, Row
from campus.spaces.models import why_not_code
from campus.web import delimited
from campus.web.delimited import Delimited, Limits
from campus.web.remarks import CellError, Mistaken, Remark, mistaken
from campus.web.sources import Template, column, listed

Found = TypeVar("Found")

LIMITS = Limits(megabytes=64, rows=500_000)
MOST_MISTAKES = 50  # told at once
WHOLE_DAY = "whole day"


class Sheet:
    """A CSV file whose rows can be gone through again and again.

    Raises:
        Mistaken: it cannot be read, or the map does not fit it.
    """

    def __init__(self, path: Path, *, given: Map | None, space: str, zone: ZoneInfo) -> None:
        self.file = Delimited(lambda: path.open("rb"), limits=LIMITS)
        self.map = given or _usual_map(self.file.names, path)
        self.map.check(self.file.names)
        self.space = space
        if not space and "space" not in self.map.sources:
            raise mistaken(
                text(
                    "No column says which space a row is about. Name one as space in a map, or"
                    " give the one space that all of it is about with --space."
                )
            )
        self.zone = ZoneInfo(self.map.zone) if self.map.zone else zone
        self.left_out = 0

    def rows(self, mistakes: list[Remark] | None = None) -> Iterator[Row]:
        """Yield the rows that the map does not leave out.

        Args:
            mistakes: what is wrong is added here, by line and column, until there is too much;
                without it, it is known that nothing is.

        Raises:
            Mistaken: there are too many rows.
        """
        self.left_out = 0
        for found in self.file.rows(mistakes):
            if self.map.why_left_out(found.cells):
                self.left_out += 1
                continue
            try:
                yield self._row(found)
            except _WrongError as wrong:
                remark = Remark(found.spot(self.map.column_of(wrong.what)), wrong.message)
                if mistakes is None:
                    raise Mistaken([remark]) from wrong
                mistakes.append(remark)
                if len(mistakes) > MOST_MISTAKES:
                    return

    def _row(self, found: delimited.Row) -> Row:
        said = {what: self.map.words(found.cells, what) for what in terms.FIELDS}
        place = self.space or said["space"]
        if not place:
            raise _WrongError("space", CellError(text("Here is no space.")))
        period, on = self._when(said)
        return Row(
            line=found.line,
            source=rules.source_id(self.map.source, self._id(said, place)),
            place=place,
            code=self.space or _read("space", self._code, place),
            period=period,
            title=rules.title(said["title"]),
            why_not="" if period else WHOLE_DAY,
            on=on,
        )

    def _code(self, place: str) -> str:
        return self.map.code(place, why_not_code)

    def _id(self, said: dict[str, str], place: str) -> str:
        """Return the row's id; without a column for it, its space and start."""
        if "id" not in self.map.sources:
            return f"{place}/{said['day']}/{said['start']}"
        if not said["id"]:
            words = text("Here is no id, by which this row would be known the next time.")
            raise _WrongError("id", CellError(words))
        return said["id"]

    def _when(self, said: dict[str, str]) -> tuple[Period | None, str]:
        """Return the period; none, and the day, for what has no hours."""
        day, start, end = said["day"], said["start"], said["end"]
        if rules.is_day(start) or (day and not start and not end):
            what = "start" if start else "day"
            return None, _read(what, rules.day, said[what]).isoformat()
        on = _read("day", rules.day, day) if "day" in self.map.sources else None

        def instant(words: str) -> datetime:
            return rules.instant(words, zone=self.zone, on=on)

        starts_at, ends_at = _read("start", instant, start), _read("end", instant, end)
        if (why_not := rules.why_not_period(starts_at, ends_at)) is not None:
            raise _WrongError("end", CellError(why_not))
        return Period(*rules.whole_minutes(starts_at, ends_at)), ""


class _WrongError(Exception):
    """What a row says of a field cannot be read."""

    def __init__(self, what: str, wrong: CellError) -> None:
        self.what, self.message = what, wrong.message
        super().__init__(str(wrong))


def _read(what: str, reader: Callable[[str], Found], words: str) -> Found:
    try:
        return reader(words)
    except CellError as wrong:
        raise _WrongError(what, wrong) from wrong


def _usual_map(columns: Sequence[str], path: Path) -> Map:
    found = terms.columns_of(columns)
    missing = [what for what in terms.NEEDED if what not in found]
    if missing:
        raise mistaken(
            text(
                "No column is called %(missing)s, so nothing says when a row is. Call one so, or"
                " hand over a map. There are: %(columns)s.",
                missing=" or ".join(missing),
                columns=listed(columns),
            )
        )
    sources: dict[str, Sequence[Template]] = {
        what: (column(name),) for what, name in found.items()
    }
    return Map(sources=sources, source=path.stem[:40])


def key_of(source: str) -> int:
    """Return a small number for an id, so that a million of them can be remembered."""
    return int.from_bytes(hashlib.blake2b(source.encode(), digest_size=8).digest())
