"""How a source says what campus knows: columns put together, and rows that are left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from campus.errors import Text, text
from campus.web.remarks import CellError, Mistaken, Remark, Spot, shortened

MOST_NAMED = 20  # columns in a sentence
WhyNot = Callable[[str], Text | None]
PLACE = re.compile(r"\{([^{}]*)\}")
ILLEGAL = re.compile(r"[^A-Za-z0-9._-]+")


# --- templates --------------------------------------------------------------------------------


def safe(words: str) -> str:
    """Return words with a hyphen for what may not stand in a code: "CQT/SR0622" → "CQT-SR0622"."""
    return ILLEGAL.sub("-", words).strip("-")


FILTERS: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "safe": safe}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a template: words as they are, or a column and what is done to it."""

    words: str = ""
    column: str = ""
    filter: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Columns and words put together, such as `{siteid}.{roomid}`."""

    pieces: tuple[Piece, ...]

    @property
    def columns(self) -> list[str]:
        """The columns it is made of."""
        return [piece.column for piece in self.pieces if piece.column]

    def filled(self, cells: Mapping[str, str]) -> str:
        """Return it filled in; nothing when one of its columns is empty: half a code is none."""
        found = []
        for piece in self.pieces:
            words = cells.get(piece.column, "") if piece.column else piece.words
            if not words:
                return ""
            found.append(FILTERS[piece.filter](words) if piece.filter else words)
        return "".join(found)


def template(words: str) -> Template:
    """Return the template that is written as `{siteid}.{roomid:lower}`.

    Raises:
        CellError: a brace is alone, a place is empty, or a filter is not known.
    """
    pieces, at = [], 0
    for found in PLACE.finditer(words):
        pieces += _literal(words[at : found.start()], words)
        pieces.append(_place(found[1], words))
        at = found.end()
    pieces += _literal(words[at:], words)
    return Template(tuple(pieces))


def column(name: str) -> Template:
    """Return the template that is one column."""
    return Template((Piece(column=name),))


def constant(words: str) -> Template:
    """Return the template that is the same for every row."""
    return Template((Piece(words=words),))


def _literal(words: str, whole_words: str) -> list[Piece]:
    if "{" in words or "}" in words:
        raise CellError(text("“%(words)s” has a brace that is not closed.", words=whole_words))
    return [Piece(words=words)] if words else []


def _place(inside: str, whole_words: str) -> Piece:
    column_name, _, filter_name = inside.partition(":")
    if not column_name.strip():
        raise CellError(text("“%(words)s” has braces without a column.", words=whole_words))
    if filter_name and filter_name not in FILTERS:
        raise CellError(
            text(
                "“%(words)s” wants “%(filter)s”, which there is not. There is: %(known)s.",
                words=whole_words,
                filter=filter_name,
                known=", ".join(FILTERS),
            )
        )
    return Piece(column=column_name.strip(), filter=filter_name)


# --- what every map says ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Map:
    """How a source says what campus knows.

    Attributes:
        sources: templates for each field; the first that is not empty counts.
        codes: the source's word for a code.
        only, leave_out: values by column; a row must have one of each, or is left out for one.
    """

    sources: Mapping[str, Sequence[Template]]
    codes: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    leave_out: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def column_of(self, what: str) -> str:
        """Return the first column that a field comes from, to point at; empty for a constant."""
        columns = [name for one in self.sources.get(what, ()) for name in one.columns]
        return columns[0] if columns else ""

    def words(self, cells: Mapping[str, str], what: str) -> str:
        """Return what a row says of a field, or nothing."""
        for one in self.sources.get(what, ()):
            if words := one.filled(cells):
                return words
        return ""

    def code(self, words: str, why_not: WhyNot) -> str:
        """Return the code that a row's word stands for: the map's, or the word itself.

        Raises:
            CellError: it is no code, with what a map can do about that.
        """
        if words in self.codes:
            return self.codes[words]
        if (why := why_not(words)) is not None:
            raise CellError(text("%(why)s A map gives another one below [codes].", why=why))
        return words

    def why_left_out(self, cells: Mapping[str, str]) -> str:
        """Return the map's word for why it leaves a row out ("only kind"); "" if it does not."""
        for name, values in self.only.items():
            if not _is_one_of(cells.get(name, ""), values):
                return f"only {name}"
        for name, values in self.leave_out.items():
            if _is_one_of(cells.get(name, ""), values):
                return f"except {name}"
        return ""

    def check(self, columns: Collection[str]) -> None:
        """Refuse to take something from a column that the file does not have.

        Raises:
            Mistaken: each of them, with what there is.
        """
        taken = [
            (str(what), name)
            for what, templates in self.sources.items()
            for one in templates
            for name in one.columns
        ]
        taken += [(f"only.{name}", name) for name in self.only]
        taken += [(f"except.{name}", name) for name in self.leave_out]
        missing = {path: name for path, name in taken if name not in columns}
        if missing:
            raise Mistaken(
                [
                    Remark(
                        Spot(path=path),
                        text(
                            "The map names the column “%(column)s”, which the file does not have."
                            " It has: %(columns)s.",
                            column=name,
                            columns=listed(columns),
                        ),
                    )
                    for path, name in missing.items()
                ]
            )


def listed(columns: Collection[str]) -> str:
    """Return the names of columns as a sentence lists them."""
    shown = ", ".join(shortened(name) for name in [*columns][:MOST_NAMED])
    return f"{shown}, …" if len(columns) > MOST_NAMED else shown


def plain(words: str) -> str:
    """Return words as they are compared: no case, no signs, "m²" as "m2"."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(char for char in folded if char.isalnum())


def _is_one_of(words: str, values: Sequence[str]) -> bool:
    return any(fnmatchcase(words, value) for value in values)
