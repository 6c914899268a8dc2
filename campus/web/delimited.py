"""Delimited text (CSV), also as a Dutch Excel saves it: read row by row, whatever its length."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from campus.errors import text
from campus.web.forms import clean
from campus.web.remarks import Mistaken, Remark, Spot, mistaken

MEGABYTE = 1024 * 1024
MOST_COLUMNS = 200
MOST_TOLD = 1000  # rows that do not fit; with more of them it is another file
SEPARATORS = ";,\t|"
SAYS = "sep="  # by which a first line names the separator
UTF_8, UTF_16, WINDOWS = "utf-8-sig", "utf-16", "cp1252"
ENCODINGS = {UTF_8: "UTF-8", UTF_16: "UTF-16", WINDOWS: "Windows-1252"}
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read."""

    megabytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Row:
    """What a file has of one thing: its cells by their column.

    Attributes:
        line: where it begins; 0 where a file has no lines, and then `path` says where.
    """

    line: int
    path: str
    cells: Mapping[str, str]

    def spot(self, column: str = "") -> Spot:
        """Return where a cell of this row stands, or the row."""
        if self.line:
            return Spot(line=self.line, column=column)
        return Spot(path=f"{self.path}.{column}" if column else self.path)


class Delimited:
    """A file whose rows can be gone through again and again; none of them is kept.

    Attributes:
        encoding: as Python calls it.
        columns: the names in the first line, in order; "" for a column that is not read.

    Raises:
        Mistaken: it is no such file; the sentence says where and why.
    """

    def __init__(self, opened: Callable[[], BinaryIO], *, limits: Limits) -> None:
        self._binary, self.limits = opened, limits
        with opened() as file:
            self.encoding = encoding_of(file, limits=limits)
        with self._text() as lines:
            self.separator, self._before = _begun(lines)
        self.columns = _header(*next(self._lines(), (1, [])))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that have a name."""
        return tuple(name for name in self.columns if name)

    def rows(self, mistakes: list[Remark] | None = None) -> Iterator[Row]:
        """Yield every row that is not blank.

        Args:
            mistakes: rows that do not fit the first line are added here; without it they refuse.

        Raises:
            Mistaken: it cannot be read to its end, has too many rows or none.
        """
        number = 0
        for number, (line, cells) in enumerate(islice(self._lines(), 1, None), 1):
            if number > self.limits.rows:
                raise too_many(self.limits.rows)
            if any(cells[len(self.columns) :]):
                wrong = _too_wide(line, len(cells), columns=len(self.columns))
                found = [] if mistakes is None else mistakes
                found.append(wrong)
                if mistakes is None or len(found) >= MOST_TOLD:
                    raise Mistaken(found)
                continue
            pairs = zip(self.columns, cells, strict=False)
            yield Row(line, "", {name: cell for name, cell in pairs if name})
        if not number:
            raise mistaken(
                text("The file has a first line with names of columns, and nothing else.")
            )

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self._binary(), encoding=self.encoding, newline="")

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the cells of what is not blank, with the line where it begins."""
        with self._text() as lines:
            for _ in islice(lines, self._before):
                pass
            reader, line = csv.reader(lines, delimiter=self.separator, strict=True), self._before
            try:
                for found in reader:
                    cells = [clean(cell) for cell in found]
                    if any(cells):
                        yield line + 1, cells
                    line = self._before + reader.line_num
            except csv.Error as error:
                raise mistaken(
                    text(
                        "From here on the line cannot be read: a quotation mark is not closed or"
                        " stands inside a word, or a cell is far too long."
                    ),
                    Spot(line=line + 1),
                ) from error


def too_many(rows: int) -> Mistaken:
    """Return the refusal of a file that goes on and on."""
    return mistaken(
        text(
            "The file has more than %(most)s rows. Is it the right file? If so, import it in"
            " parts.",
            most=rows,
        )
    )


# --- the first line ---------------------------------------------------------------------------


def _begun(lines: io.TextIOWrapper) -> tuple[str, int]:
    """Return what parts the cells, and how many lines come before the names of the columns."""
    for number, line in enumerate(lines, 1):
        bare = line.strip("\r\n")
        if bare[:-1].lower() == SAYS and bare[-1] in SEPARATORS:
            return bare[-1], number
        if bare.strip():
            return max(SEPARATORS, key=bare.count), 0
    raise mistaken(text("The file is empty."))


def _header(line: int, cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns; a column without a name is not read."""
    if len(cells) > MOST_COLUMNS:
        raise mistaken(
            text("A list has at most %(most)s columns.", most=MOST_COLUMNS), Spot(line=line)
        )
    firsts: dict[str, int] = {}
    twins = [
        Remark(
            Spot(line=line, column=name),
            text(
                "Columns %(first)s and %(second)s have the same name. Give one of them"
                " another name.",
                first=firsts[name],
                second=number,
            ),
        )
        for number, name in enumerate(cells, 1)
        if name and firsts.setdefault(name, number) != number
    ]
    if twins:
        raise Mistaken(twins)
    return tuple(cells)


def _too_wide(line: int, cells: int, *, columns: int) -> Remark:
    words = text(
        "This line has %(cells)s cells, the first line %(columns)s. A separator inside a"
        " cell wants quotation marks around the cell.",
        cells=cells,
        columns=columns,
    )
    return Remark(Spot(line=line), words)


# --- characters -------------------------------------------------------------------------------


def encoding_of(file: BinaryIO, *, limits: Limits) -> str:
    """Return how a file's characters are written; reads all of it, piece by piece.

    Raises:
        Mistaken: it is no text, empty or too large.
    """
    refuse_too_big(file.seek(0, io.SEEK_END), limits=limits)
    file.seek(0)
    head = file.read(4)
    if head.startswith(WORKBOOKS):
        raise mistaken(
            text(
                "This is a workbook of a spreadsheet program. Save the sheet as CSV, and take"
                " that."
            )
        )
    if head.startswith(UTF_16_MARKS):
        found, wrong = UTF_16, _unreadable(file, UTF_16)
    else:
        _refuse_no_text(file)
        found, wrong = UTF_8, _unreadable(file, UTF_8)
        if wrong:
            found, wrong = WINDOWS, _unreadable(file, WINDOWS)
    if wrong:
        raise mistaken(
            text("A character here cannot be read. Save the list as CSV in UTF-8."),
            Spot(line=wrong),
        )
    return found


def refuse_too_big(size: int, *, limits: Limits) -> None:
    """Refuse a file by its size in bytes, before it is read.

    Raises:
        Mistaken: it is bigger than such a file can be.
    """
    if size > limits.megabytes * MEGABYTE:
        raise mistaken(
            text(
                "The file has %(size)s MB, and at most %(most)s MB are read. Is it the right"
                " file? If so, import it in parts.",
                size=-(-size // MEGABYTE),
                most=limits.megabytes,
            )
        )


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(MEGABYTE):
        yield piece


def _refuse_no_text(file: BinaryIO) -> None:
    line, is_blank = 1, True
    for piece in _pieces(file):
        if b"\0" in piece:
            raise mistaken(
                text(
                    "Here is a NUL character, so this is no text file. Save the list as CSV again."
                ),
                Spot(line=line + piece.count(b"\n", 0, piece.index(b"\0"))),
            )
        line += piece.count(b"\n")
        is_blank = is_blank and not piece.strip()
    if is_blank:
        raise mistaken(text("The file is empty."))


def _unreadable(file: BinaryIO, encoding: str) -> int:
    """Return the line of the first character that is none in this encoding; 0 for no such."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    try:
        for piece in _pieces(file):
            line += decoder.decode(piece).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return line + error.object.count(b"\n", 0, error.start)
    return 0
