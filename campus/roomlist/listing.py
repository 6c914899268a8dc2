"""Read a list of spaces: CSV, also as a Dutch Excel writes it, or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from campus.errors import text
from campus.roomlist.models import Sheet
from campus.web import delimited
from campus.web.delimited import MOST_COLUMNS, Delimited, Limits, Row, too_many
from campus.web.forms import clean
from campus.web.remarks import Remark, Spot, mistaken, shortened

LIMITS = Limits(megabytes=20, rows=50_000)
DEEPEST = 4  # of values inside values in JSON
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
    encoding = delimited.encoding_of(BytesIO(raw), limits=LIMITS)
    words = raw.decode(encoding)
    if name.lower().endswith(".json") or words.lstrip()[:1] in {"[", "{"}:
        return _json(words, at=rows, step=step)
    if rows:
        raise mistaken(
            text(
                "The map says with “rows” where the spaces are. That is for JSON, and this file is"
                " CSV: leave it out."
            )
        )
    return _csv(raw, lines=words.count("\n"), step=step)


def _csv(raw: bytes, *, lines: int, step: Step) -> Sheet:
    file, mistakes, found = Delimited(lambda: BytesIO(raw), limits=LIMITS), list[Remark](), []
    for row in file.rows(mistakes):
        found.append(row)
        step(row.line, lines)
    read_as = text(
        "CSV in %(encoding)s, with %(separator)s between the cells",
        encoding=delimited.ENCODINGS[file.encoding],
        separator=text("tabs") if file.separator == "\t" else file.separator,
    )
    return Sheet(file.names, found, read_as, mistakes)


# --- JSON -------------------------------------------------------------------------------------


def _json(words: str, *, at: str, step: Step) -> Sheet:
    found, path = _at(_loaded(words), at)
    pairs = list(_spaces(found, path=path))
    if not pairs:
        raise mistaken(text("The file has no spaces in it."), Spot(path=path))
    if len(pairs) > LIMITS.rows:
        raise too_many(LIMITS.rows)
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
            text(
                "From here on this is no JSON: a comma, a quotation mark or a bracket is missing,"
                " or there is one too many."
            ),
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
            text(
                "The key “%(key)s” stands twice in one object. Give one of them another name.",
                key=twin,
            )
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
