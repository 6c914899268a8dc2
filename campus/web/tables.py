"""Lists as CSV: row by row as they are read, and nothing in them is a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote

from flask import Response, stream_with_context

from campus import clock
from campus.db import db
from campus.web.characters import one_line
from campus.web.templating import in_words, reader_language

BOM = "\ufeff"  # by which spreadsheets know UTF-8
SEPARATORS = {"nl": ";"}  # of the other languages a comma: what Excel of that language opens
FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # the last four: as wide as a Chinese character
QUOTED = r"[\s\"']*"
# At the beginning, and after what a spreadsheet of another language takes for the end of a cell.
BEGINS = re.compile(f"(?:^|[;,|])(?={QUOTED}[{FORMULA}])|[;,|](?={QUOTED}$)")

Row = Sequence[object]


def cell(value: object) -> str:
    """Return a value as one line that no spreadsheet computes, in the reader's language."""
    if value is None:
        return ""
    return BEGINS.sub(r"\g<0>'", one_line(str(in_words(value))))


def moment(at: datetime | None) -> str:
    """Return an instant as a file has it: day and time of the campus."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""


def written(head: Row, rows: Iterable[Row], *, separator: str) -> Iterator[str]:
    """Yield the lines of a CSV file, each with its end; the first begins with the BOM."""
    line = _Line()
    writer = csv.writer(line, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow([cell(value) for value in head])
    yield BOM + line.text
    for row in rows:
        writer.writerow([cell(value) for value in row])
        yield line.text


def csv_answer(name: str, head: Row, rows: Iterable[Iterable[Row]]) -> Response:
    """Answer with a file of today for a spreadsheet, sent batch by batch as it is read.

    Args:
        name: what it lists; the day and the ending come behind it.
        rows: batches; the next one is asked for when the one before was sent.
    """
    separator = SEPARATORS.get(reader_language(), ",")

    def sent() -> Iterator[str]:
        yield from written(head, (), separator=separator)
        for batch in rows:
            lines = written(head, batch, separator=separator)
            next(lines)  # the head is there already
            db.session.rollback()  # while a slow reader takes its time, nothing is held open
            yield "".join(lines)

    answer = Response(stream_with_context(sent()), content_type="text/csv; charset=utf-8")
    today = clock.today(clock.now()).isoformat()
    answer.headers["Content-Disposition"] = disposition(f"{name}-{today}.csv")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.vary.add("Cookie")
    return answer


def disposition(name: str) -> str:
    """Return the header that names a file to keep (RFC 6266), also for names beyond ASCII."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


class _Line:
    """What the csv writer writes to: holds the last line."""

    text = ""

    def write(self, text: str) -> None:
        """Take one line."""
        self.text = text
