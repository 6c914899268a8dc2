"""What is wrong or odd in a file, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campus.errors import RuleBroken, Text, text, text_plural

MOST_QUOTED = 40


class CellError(ValueError):
    """Words in a file or a map that cannot be read; the sentence says what could."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(str(message))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a file or a map something stands.

    Attributes:
        line: of a file of lines, counted from 1; 0 where there are none.
        path: of JSON or of a map, such as `LT17.floor`.
    """

    line: int = 0
    column: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a place in the file, or worth a look."""

    spot: Spot
    message: Text


class Mistaken(RuleBroken):
    """Something in the file or the map is wrong, so nothing was imported.

    Attributes:
        mistakes: everything that is wrong.
        warnings: what is odd beside it.
    """

    def __init__(self, mistakes: Sequence[Remark], warnings: Sequence[Remark] = ()) -> None:
        self.mistakes, self.warnings = tuple(mistakes), tuple(warnings)
        super().__init__(
            text_plural(
                "%(num)s thing is wrong, so nothing was imported.",
                "%(num)s things are wrong, so nothing was imported.",
                num=len(mistakes),
            )
        )


def mistaken(message: Text, spot: Spot | None = None) -> Mistaken:
    """Return the refusal for one mistake."""
    return Mistaken([Remark(spot or Spot(), message)])


def where(spot: Spot) -> Text | str:
    """Return a place in a file as people find it; nothing for the file as a whole."""
    if spot.line and spot.column:
        return text("line %(line)s, column %(column)s", line=spot.line, column=spot.column)
    return text("line %(num)s", num=spot.line) if spot.line else spot.path


def shortened(words: str) -> str:
    """Return words short enough to be quoted in a sentence."""
    return words if len(words) <= MOST_QUOTED else f"{words[:MOST_QUOTED]}…"
