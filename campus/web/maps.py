"""The map: a small TOML file that says how a source calls what campus knows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from campus.errors import Text, text
from campus.web.remarks import CellError, Mistaken, Remark, Spot, mistaken, shortened
from campus.web.sources import Template, WhyNot, column, constant, template

Found = TypeVar("Found")

MOST_CHARACTERS = 100_000
TABLES = ("columns", "constants", "templates", "codes", "only", "except")
AT = re.compile(r"at line (\d+), column (\d+)")  # of what Python says of TOML


def decoded(raw: bytes) -> str:
    """Return the text of a map's file.

    Raises:
        Mistaken: it is none in UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise mistaken(
            text("This map is no text in UTF-8. Save it so, and choose it again.")
        ) from error


class Reading:
    """A map being read, and what was wrong with it until now.

    Args:
        tables: what it may say, beside the tables of every map.

    Raises:
        Mistaken: it is no TOML.
    """

    def __init__(self, words: str, *, more: Sequence[str] = ()) -> None:
        self.found, self.mistakes = _loaded(words), list[Remark]()
        known = (*more, *TABLES)
        for name in self.found:
            if name not in known:
                self.wrong(name, _not_known(name, known))

    def wrong(self, path: str, message: Text) -> None:
        """Note what is wrong, by its place in the map."""
        self.mistakes.append(Remark(Spot(path=path), message))

    def finish(self) -> None:
        """Refuse the map if anything was wrong.

        Raises:
            Mistaken: every mistake in it.
        """
        if self.mistakes:
            raise Mistaken(self.mistakes)

    def said(self, fields: Sequence[str], *, why_not_code: WhyNot) -> dict[str, Any]:
        """Return what the tables of every map say, as the attributes of a `Map`.

        Args:
            why_not_code: says why a word is no code.
        """

        def code(value: object) -> str:
            words = value if isinstance(value, str) else ""
            if (why := why_not_code(words)) is not None:
                raise CellError(why)
            return words

        return {
            "sources": self._sources(fields),
            "codes": dict(self.each("codes", code)),
            "only": dict(self.each("only", _values)),
            "leave_out": dict(self.each("except", _values)),
        }

    def each(self, table: str, made: Callable[[object], Found]) -> Iterator[tuple[str, Found]]:
        """Yield the entries of a table as `made` reads them; what it cannot read is wrong."""
        for name, value in self._table(table):
            try:
                yield name, made(value)
            except CellError as wrong:
                self.wrong(f"{table}.{shortened(name)}", wrong.message)

    def _table(self, name: str) -> Iterator[tuple[str, Any]]:
        """Yield what a table says; nothing for one that is left out."""
        inside = self.found.get(name, {})
        if isinstance(inside, dict):
            yield from inside.items()
        else:
            self.wrong(name, text("This is a table: write [%(name)s] on a line.", name=name))

    def _sources(self, fields: Sequence[str]) -> dict[str, tuple[Template, ...]]:
        found: dict[str, tuple[Template, ...]] = {}
        makers = {"columns": _columns, "constants": _constant, "templates": _template}
        for table, made in makers.items():
            for name, templates in self.each(table, made):
                path = f"{table}.{shortened(name)}"
                if name not in fields:
                    self.wrong(path, _not_known(name, fields))
                elif name in found:
                    self.wrong(path, text("The map says twice where this comes from."))
                else:
                    found[name] = templates
        return found


def _loaded(words: str) -> dict[str, Any]:
    if len(words) > MOST_CHARACTERS:
        raise mistaken(
            text("The map has more than %(most)s characters. Is it a map?", most=MOST_CHARACTERS)
        )
    bare = words.lstrip("\ufeff").replace("\r\n", "\n")
    try:
        return tomllib.loads(bare)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = AT.search(str(error))  # without it, it ends too early
        raise mistaken(
            text(
                "The map cannot be read from line %(line)s, column %(column)s on. It has tables"
                ' such as [columns], and below them lines such as code = "ref": a name, and a'
                " value in quotation marks.",
                line=int(at[1]) if at else bare.count("\n") + 1,
                column=int(at[2]) if at else len(bare) - bare.rfind("\n"),
            )
        ) from error


def _not_known(name: str, known: Sequence[str]) -> Text:
    return text(
        "A map does not know “%(name)s”. It knows: %(known)s.",
        name=shortened(name),
        known=", ".join(known),
    )


def _columns(value: object) -> tuple[Template, ...]:
    names: list[Any] = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise CellError(
            text("Write the name of a column in quotation marks, or several as a list.")
        )
    return tuple(column(name.strip()) for name in names)


def _constant(value: object) -> tuple[Template, ...]:
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise CellError(text("Write the value in quotation marks."))
    return (constant(str(value).strip()),)


def _template(value: object) -> tuple[Template, ...]:
    if not isinstance(value, str) or not value.strip():
        raise CellError(text("Write the template in quotation marks, such as “{site}.{room}”."))
    return (template(value.strip()),)


def _values(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str) for one in values):
        raise CellError(text('Write values in quotation marks, several as a list: ["a", "b*"].'))
    return tuple(values)
