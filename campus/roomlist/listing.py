"""Read a list of spaces: CSV, also as a Dutch Excel writes it, or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from campus.errors import text
from campus.roomlist import delivery
from campus.roomlist.models import Mistaken, Remark, Row, Sheet, Spot, mistaken
from campus.roomlist.rules import shortened
from campus.web.forms import clean

MOST_ROWS = 50_000
MOST_COLUMNS = 200
DEEPEST = 4  # of values inside values in JSON
SEPARATORS = ";,\t|"
KEY = "key"  # the column that holds a space's name in an object of spaces

Step = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def read(raw: bytes, *, name: str, rows: str = "", step: Step = silent) -> Sheet:
    """Return the rows of a file.

    Args:
        name: its name; `.json` is read as JSON, and so is what begins like it.
        rows: where in JSON the spaces are, such as "data.rooms"; empty for the whole.

    Raises:
        Mistaken: it cannot be read; the sentences say where and why.
    """
    words, encoding = delivery.decoded(raw)
    if name.lower().endswith(".json") or words.lstrip()[:1] in {"[", "{"}:
        return _json(words, at=rows, step=step)
    if rows:
        raise mistaken(
            text(
                "The map says with “rows” where the spaces are. That is for JSON, and this file is"
                " CSV: leave it out."
            )
        )
    return _csv(words, encoding=encoding, step=step)


# --- CSV --------------------------------------------------------------------------------------


def _csv(words: str, *, encoding: str, step: Step) -> Sheet:
    total = words.count("\n")
    lines = io.StringIO(words, newline="")
    separator, before = _separator(lines)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    rows = _lines(reader, before=before)
    first, header = next(rows, (1, []))
    columns = _header(header, line=first)
    found: list[Row] = []
    for line, cells in rows:
        if len(found) == MOST_ROWS:
            raise _too_many()
        found.append(_row(line, cells, columns))
        step(line, total)
    if not found:
        raise mistaken(text("The file has a first line with names of columns, and nothing else."))
    shown = {"\t": text("tabs"), ";": ";", ",": ",", "|": "|"}.get(separator, separator)
    read_as = text(
        "CSV in %(encoding)s, with %(separator)s between the cells",
        encoding=encoding,
        separator=shown,
    )
    return Sheet(tuple(name for name in columns if name), found, read_as)


def _separator(lines: io.StringIO) -> tuple[str, int]:
    """Return what parts the cells, and how many lines came before the header."""
    first = lines.readline()
    if first.lower().startswith("sep=") and len(first.rstrip("\r\n")) == len("sep=;"):
        return first[len("sep=")], 1
    lines.seek(0)
    return max(SEPARATORS, key=first.count), 0


def _lines(reader: Any, *, before: int) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that is not blank with its first line."""
    while True:
        line = before + int(reader.line_num) + 1
        try:
            cells = [clean(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise mistaken(
                text(
                    "From here on the line cannot be read; a quotation mark is not closed or"
                    " stands inside a word (%(why)s).",
                    why=str(error),
                ),
                Spot(line=line),
            ) from error
        if any(cells):
            yield line, cells


def _header(cells: list[str], *, line: int) -> list[str]:
    """Return the names of the columns; a column without a name is not read."""
    if len(cells) > MOST_COLUMNS:
        raise mistaken(
            text("A list has at most %(most)s columns.", most=MOST_COLUMNS), Spot(line=line)
        )
    firsts: dict[str, int] = {}
    twins = []
    for number, name in enumerate(cells, 1):
        if name and name in firsts:
            twins.append(
                Remark(
                    Spot(line=line, column=name),
                    text(
                        "Columns %(first)s and %(second)s have the same name. Give one another.",
                        first=firsts[name],
                        second=number,
                    ),
                )
            )
        firsts.setdefault(name, number)
    if twins:
        raise Mistaken(twins)
    return cells


def _row(line: int, cells: list[str], columns: list[str]) -> Row:
    if any(cells[len(columns) :]):
        raise mistaken(
            text(
                "This line has %(cells)s cells, the first line %(columns)s. A separator inside a"
                " cell wants quotation marks around the cell.",
                cells=len(cells),
                columns=len(columns),
            ),
            Spot(line=line),
        )
    return Row(line, "", {name: cell for name, cell in zip(columns, cells, strict=False) if name})


def _too_many() -> Mistaken:
    return mistaken(
        text(
            "The file has more than %(most)s rows. Is it the right file? If so, import it in"
            " parts.",
            most=MOST_ROWS,
        )
    )


# --- JSON -------------------------------------------------------------------------------------


def _json(words: str, *, at: str, step: Step) -> Sheet:
    found, path = _at(_loaded(words), at)
    pairs = list(_spaces(found, path=path))
    if not pairs:
        raise mistaken(text("The file has no spaces in it."), Spot(path=path))
    if len(pairs) > MOST_ROWS:
        raise _too_many()
    rows, columns = [], {}
    for number, (where, cells) in enumerate(pairs, 1):
        rows.append(Row(0, where, cells))
        columns.update(dict.fromkeys(cells))
        step(number, len(pairs))
    if len(columns) > MOST_COLUMNS:
        raise mistaken(text("A list has at most %(most)s columns.", most=MOST_COLUMNS))
    return Sheet(tuple(columns), rows, text("JSON"))


def _loaded(words: str) -> Any:
    try:
        return json.loads(words, object_pairs_hook=_without_twins)
    except json.JSONDecodeError as error:
        raise mistaken(
            text("This is no JSON: %(why)s.", why=error.msg),
            Spot(line=error.lineno, column=str(error.colno)),
        ) from error
    except (ValueError, RecursionError) as error:
        raise mistaken(
            text("This JSON has a number too long or is too deep to be read.")
        ) from error


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twin = next(shortened(name) for name in names if names.count(name) > 1)
        raise mistaken(
            text("The key “%(key)s” stands twice in one object. Give one another.", key=twin)
        )
    return found


def _at(found: Any, at: str) -> tuple[Any, str]:
    """Return what is at a path; without one, the only list of an object that is no list itself."""
    if at:
        for name in at.split("."):
            if not isinstance(found, dict) or name not in found:
                raise mistaken(
                    text("The file has nothing here; the map says it has."), Spot(path=at)
                )
            found = found[name]
        return found, at
    if isinstance(found, dict):
        lists = [name for name, value in found.items() if isinstance(value, list)]
        if len(lists) == 1 and not all(isinstance(one, dict) for one in found.values()):
            return found[lists[0]], lists[0]
    return found, ""


def _spaces(found: Any, *, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(found, list):
        named = [(f"{path}[{number}]", "", one) for number, one in enumerate(found)]
    elif isinstance(found, dict):
        before = f"{path}." if path else ""
        named = [(f"{before}{name}", name, one) for name, one in found.items()]
    else:
        named = [(path, "", found)]
    for where, key, one in named:
        if not isinstance(one, dict):
            raise mistaken(
                text(
                    "Here is no object that describes a space. A map can say with “rows” where"
                    " they are."
                ),
                Spot(path=where),
            )
        cells = dict(_cells(one))
        yield where, {KEY: clean(key), **cells} if key else cells


def _cells(found: Any, *, before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the values inside a value by their path, as words."""
    if isinstance(found, dict | list) and depth < DEEPEST:
        pairs = found.items() if isinstance(found, dict) else enumerate(found)
        for name, value in pairs:
            yield from _cells(
                value, before=f"{before}.{name}" if before else str(name), depth=depth + 1
            )
    elif not isinstance(found, dict | list):
        yield before, _in_words(found)


def _in_words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(value) if isinstance(value, str) else str(value)
