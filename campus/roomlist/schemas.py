"""The map: a small TOML file that says how a source calls what campus knows."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from campus.errors import Text, text
from campus.roomlist import rules, terms
from campus.roomlist.models import Field, Map, Mistaken, Remark, Spot, mistaken
from campus.roomlist.rules import CellError, Template
from campus.spaces.models import SpaceKind

Found = TypeVar("Found")

MOST_CHARACTERS = 100_000
TABLES = ("columns", "constants", "templates", "kinds", "floors", "codes", "only", "except")
WORDS = ("rows", "create", *TABLES)
CREATED = ("buildings", "floors")


@dataclass(slots=True)
class _Reading:
    """A map being read, and what was wrong with it until now."""

    found: Mapping[str, Any]
    mistakes: list[Remark] = field(default_factory=list)

    def wrong(self, path: str, message: Text) -> None:
        self.mistakes.append(Remark(Spot(path=path), message))

    def table(self, name: str) -> Iterator[tuple[str, Any]]:
        """Yield what a table says; nothing for one that is left out."""
        inside = self.found.get(name, {})
        if isinstance(inside, dict):
            yield from inside.items()
        else:
            self.wrong(name, text("This is a table: write [%(name)s] on a line.", name=name))


def read_map(words: str) -> Map:
    """Return the map that a TOML file is.

    Raises:
        Mistaken: every mistake in it, by its place in the map.
    """
    if len(words) > MOST_CHARACTERS:
        raise mistaken(
            text("The map has more than %(most)s characters. Is it a map?", most=MOST_CHARACTERS)
        )
    try:
        found = tomllib.loads(words.lstrip("\ufeff").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise mistaken(text("The map is no TOML: %(why)s.", why=str(error))) from error
    reading = _Reading(found)
    _refuse_unknown(reading)
    result = Map(
        sources=_sources(reading),
        rows=_rows(reading),
        kinds=dict(_each(reading, "kinds", _kind)),
        floors=dict(_each(reading, "floors", _level)),
        codes=dict(_each(reading, "codes", _code)),
        only=dict(_each(reading, "only", _values)),
        leave_out=dict(_each(reading, "except", _values)),
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
    if reading.mistakes:
        raise Mistaken(reading.mistakes)
    return result


def _refuse_unknown(reading: _Reading) -> None:
    for name in reading.found:
        if name not in WORDS:
            reading.wrong(name, _not_known(name, WORDS))


def _not_known(name: str, known: tuple[str, ...]) -> Text:
    return text(
        "A map does not know “%(name)s”. It knows: %(known)s.",
        name=rules.shortened(name),
        known=", ".join(known),
    )


# --- where fields come from -------------------------------------------------------------------


def _sources(reading: _Reading) -> dict[Field, tuple[Template, ...]]:
    found: dict[Field, tuple[Template, ...]] = {}
    for table, made in (("columns", _columns), ("constants", _constant), ("templates", _template)):
        for name, value in reading.table(table):
            path = f"{table}.{name}"
            if name not in set(Field):
                reading.wrong(path, _not_known(name, tuple(Field)))
            elif Field(name) in found:
                reading.wrong(path, text("The map says twice where this comes from."))
            else:
                _try(reading, path, lambda: found.update({Field(name): made(value)}))  # noqa: B023 - called at once
    return found


def _columns(value: object) -> tuple[Template, ...]:
    names: list[Any] = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise CellError(
            text("Write the name of a column in quotation marks, or several as a list.")
        )
    return tuple(rules.column(name.strip()) for name in names)


def _constant(value: object) -> tuple[Template, ...]:
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise CellError(text("Write the value in quotation marks."))
    return (rules.constant(str(value).strip()),)


def _template(value: object) -> tuple[Template, ...]:
    if not isinstance(value, str) or not value.strip():
        raise CellError(text("Write the template in quotation marks, such as “{site}.{room}”."))
    return (rules.template(value.strip()),)


# --- the other tables -------------------------------------------------------------------------


def _each(
    reading: _Reading, table: str, made: Callable[[object], Found]
) -> Iterator[tuple[str, Found]]:
    """Yield the entries of a table as `made` reads them; the rest is wrong."""
    for name, value in reading.table(table):
        result = _try(reading, f"{table}.{name}", lambda: made(value))  # noqa: B023 - called at once
        if result is not None:
            yield name, result


def _try(reading: _Reading, path: str, work: Callable[[], Found]) -> Found | None:
    try:
        return work()
    except CellError as wrong:
        reading.wrong(path, wrong.message)
        return None


def _kind(value: object) -> SpaceKind:
    if value not in set(SpaceKind):
        raise CellError(
            text(
                "“%(words)s” is no kind of space. There are: %(known)s.",
                words=rules.shortened(str(value)),
                known=", ".join(SpaceKind),
            )
        )
    return SpaceKind(str(value))


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


def _code(value: object) -> str:
    return terms.code(value if isinstance(value, str) else "")


def _values(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str) for one in values):
        raise CellError(text('Write values in quotation marks, several as a list: ["a", "b*"].'))
    return tuple(values)


def _rows(reading: _Reading) -> str:
    rows = reading.found.get("rows", "")
    if not isinstance(rows, str):
        reading.wrong("rows", text("Write where the spaces are in quotation marks: “data.rooms”."))
        return ""
    return rows


def _made(reading: _Reading) -> dict[str, bool]:
    wished = reading.found.get("create", [])
    if not isinstance(wished, list) or not set(map(str, wished)) <= set(CREATED):
        reading.wrong(
            "create", text('Write it as create = ["buildings", "floors"], or one of the two.')
        )
        wished = []
    return {f"makes_{name}": name in wished for name in CREATED}
