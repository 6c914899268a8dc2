"""Read a schedule as CSV, also as a Dutch Excel writes it: row by row, whatever its length."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from zoneinfo import ZoneInfo

from campus.clock import Period
from campus.schedule import rules, terms
from campus.schedule.models import Map, MistakenError, Row
from campus.web.forms import clean

MEGABYTE = 1_000_000
MOST_BYTES = 64 * MEGABYTE
MOST_ROWS = 500_000
MOST_COLUMNS = 200
MOST_MISTAKES = 50  # told at once
SEPARATORS = ";,\t|"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
WHOLE_DAY = "whole day"


class Sheet:
    """A CSV file whose rows can be gone through again and again.

    Raises:
        MistakenError: it cannot be read, or the map does not fit it.
    """

    def __init__(self, path: Path, *, given: Map | None, space: str, zone: ZoneInfo) -> None:
        self.path = path
        self.encoding = encoding_of(path)
        with self._opened() as file:
            first = next((line for line in file if line.strip()), "")
        self.separator = _separator(first)
        self.header = next(self._lines(), (1, []))[1]
        self.map = given or _usual_map(self.header, path)
        self.space = space
        self.zone = ZoneInfo(self.map.zone) if self.map.zone else zone
        self.at = self._columns()
        self.left_out = 0

    def rows(self, mistakes: list[str] | None = None) -> Iterator[Row]:
        """Yield the rows that the map does not leave out.

        Args:
            mistakes: what is wrong is added here, by line and column; without it, it is known
                that nothing is.

        Raises:
            MistakenError: there are too many rows.
        """
        self.left_out = 0
        lines = self._lines()
        next(lines, None)
        for number, (line, cells) in enumerate(lines, 1):
            if number > MOST_ROWS:
                raise MistakenError(
                    f"The file has more than {MOST_ROWS:,} rows. Is it the right file? If so,"
                    " import it in parts: what is booked already is known again."
                )
            if self._is_left_out(cells):
                self.left_out += 1
                continue
            try:
                yield self._row(line, cells)
            except ValueError as wrong:
                if mistakes is None:
                    raise
                mistakes.append(f"Line {line}: {wrong}.")

    def _opened(self) -> io.TextIOWrapper:
        return self.path.open(encoding=self.encoding, newline="", errors="replace")

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the lines that hold anything, with where each begins."""
        with self._opened() as file:
            reader = csv.reader(file, delimiter=self.separator, strict=True)
            before = 0
            try:
                for cells in reader:
                    if any(cells):
                        yield before + 1, [tidy(cell) for cell in cells]
                    before = reader.line_num
            except csv.Error as error:
                raise MistakenError(
                    f"Line {before + 1}: this is no CSV ({error}). A cell with quotation marks in"
                    " it is written between quotation marks, and each of its own twice."
                ) from error

    def _columns(self) -> dict[str, int]:
        """Return where in a line the fields are.

        Raises:
            MistakenError: two columns have one name, or the map names one that is not there.
        """
        if len(self.header) > MOST_COLUMNS:
            raise MistakenError(f"A schedule has at most {MOST_COLUMNS} columns.")
        names = [name for name in self.header if name]
        twins = sorted({name for name in names if names.count(name) > 1})
        if twins:
            raise MistakenError(
                *(f"Two columns are called “{name}”. Give one another name." for name in twins)
            )
        named = {f"columns.{what}": column for what, column in self.map.columns.items()}
        named |= {f"only.{column}": column for column in self.map.only}
        named |= {f"except.{column}": column for column in self.map.leave_out}
        missing = [(where, name) for where, name in named.items() if name not in names]
        if missing:
            there = ", ".join(rules.shortened(name) for name in names[:20])
            raise MistakenError(
                *(
                    f"{where}: the map names the column “{name}”, which the file does not have."
                    f" It has: {there}."
                    for where, name in missing
                )
            )
        if not self.space and "space" not in self.map.columns:
            raise MistakenError(
                "No column says which space a row is about. Name one as space in a map, or give"
                " the one space that all of it is about with --space."
            )
        return {what: self.header.index(column) for what, column in self.map.columns.items()}

    def _cell(self, cells: Sequence[str], what: str) -> str:
        at = self.at.get(what)
        return cells[at] if at is not None and at < len(cells) else ""

    def _is_left_out(self, cells: Sequence[str]) -> bool:
        return not all(
            self._has(cells, column, values) for column, values in self.map.only.items()
        ) or any(self._has(cells, column, values) for column, values in self.map.leave_out.items())

    def _has(self, cells: Sequence[str], column: str, values: Sequence[str]) -> bool:
        at = self.header.index(column)
        said = cells[at] if at < len(cells) else ""
        return any(fnmatchcase(said, value) for value in values)

    def _row(self, line: int, cells: list[str]) -> Row:
        if any(cells[len(self.header) :]):
            raise ValueError(
                f"it has {len(cells)} cells, and the first line {len(self.header)}. A separator"
                " inside a cell wants quotation marks around the cell"
            )
        place = self.space or self._cell(cells, "space")
        if not place:
            raise ValueError("it names no space")
        code = self.space or terms.code(self.map.codes.get(place, place))
        period, on = self._when(cells)
        return Row(
            line=line,
            source=rules.source_id(self.map.source, self._id(cells, place)),
            place=place,
            code=code,
            period=period,
            title=rules.title(self._cell(cells, "title")),
            why_not="" if period else WHOLE_DAY,
            on=on,
        )

    def _id(self, cells: Sequence[str], place: str) -> str:
        """Return the row's id; without a column for it, its space and start."""
        if "id" not in self.at:
            return f"{place}/{self._cell(cells, 'day')}/{self._cell(cells, 'start')}"
        found = self._cell(cells, "id")
        if not found:
            raise ValueError("it has no id, by which it would be known the next time")
        return found

    def _when(self, cells: Sequence[str]) -> tuple[Period | None, str]:
        """Return the period; none, and the day, for what has no hours."""
        day, start, end = (self._cell(cells, what) for what in ("day", "start", "end"))
        if rules.is_day(start) or (day and not start and not end):
            return None, rules.day(start or day).isoformat()
        on = rules.day(day) if "day" in self.at else None
        starts_at = rules.instant(start, zone=self.zone, on=on)
        ends_at = rules.instant(end, zone=self.zone, on=on)
        if why_not := rules.why_not_period(starts_at, ends_at):
            raise ValueError(why_not)
        return Period(*rules.whole_minutes(starts_at, ends_at)), ""


def encoding_of(path: Path) -> str:
    """Return how a file's characters are written; reads all of it, piece by piece.

    Raises:
        MistakenError: it is no text, empty or too large.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise MistakenError(
            f"The file is {size / MEGABYTE:,.0f} MB, and at most {MOST_BYTES // MEGABYTE} MB is"
            " read. Import it in parts: what is booked already is known again."
        )
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith(WORKBOOKS):
            raise MistakenError(
                "This is a workbook of a spreadsheet program. Save the sheet as CSV, and import"
                " that."
            )
        if head.startswith(UTF_16):
            return "utf-16"
        file.seek(0)
        return _encoding_of(file)


def _encoding_of(file: io.BufferedReader) -> str:
    utf_8 = codecs.getincrementaldecoder("utf-8")()
    encoding, is_blank, lines = "utf-8-sig", True, 1
    while piece := file.read(MEGABYTE):
        if b"\0" in piece:
            line = lines + piece.count(b"\n", 0, piece.index(b"\0"))
            raise MistakenError(
                f"Line {line}: here is a NUL character, so this is no text file. Save it as CSV"
                " again."
            )
        is_blank = is_blank and not piece.strip()
        lines += piece.count(b"\n")
        if encoding != "cp1252":
            try:
                utf_8.decode(piece)
            except UnicodeDecodeError:
                encoding = "cp1252"
    if is_blank:
        raise MistakenError("The file is empty.")
    return encoding


def _separator(first: str) -> str:
    """Return what parts the cells of the first line: what it has most of."""
    return max(SEPARATORS, key=first.count)


def _usual_map(header: Sequence[str], path: Path) -> Map:
    columns = terms.columns_of(header)
    missing = [what for what in terms.NEEDED if what not in columns]
    if missing:
        there = ", ".join(rules.shortened(name) for name in header[:20] if name)
        raise MistakenError(
            f"No column is called {' or '.join(missing)}, so nothing says when a row is. Call one"
            f" so, or hand over a map. There are: {there}."
        )
    return Map(source=path.stem[:40], columns=columns)


def tidy(cell: str) -> str:
    """Return a cell as one line of what can be seen; most are that already."""
    return cell.strip() if cell.isascii() and cell.isprintable() else clean(cell)


def key_of(source: str) -> int:
    """Return a small number for an id, so that a million of them can be remembered."""
    return int.from_bytes(hashlib.blake2b(source.encode(), digest_size=8).digest())
