"""How cells are read: numbers, days, levels. Pure."""

from __future__ import annotations

import re
from datetime import date

from campus.errors import text
from campus.web.remarks import CellError, shortened

MOST_NAME = 120
LOWEST, HIGHEST = -9, 99  # floors of a building
MOST_PEOPLE = 100_000
MOST_AREA_DM2 = 100_000_000  # a square kilometre
FIRST_YEAR, LAST_YEAR = 1900, 2100

WHOLE = re.compile(r"([+-]?\d{1,9})(?:[.,]0{1,2})?")
GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+\.\d+")
DECIMAL = re.compile(r"\d{1,9}(?:[.,]\d{1,4})?")
UNSURE = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
SQUARE_METRES = re.compile(r"\s*(?:m²|m2)$", re.IGNORECASE)
DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")


def whole(words: str) -> int | None:
    """Return a whole number, also one that a spreadsheet wrote as "12,0"; None for another."""
    found = WHOLE.fullmatch(words.strip())
    return int(found[1]) if found else None


def people(words: str) -> int:
    """Return for how many people a space is.

    Raises:
        CellError: it is no whole number from 1 up.
    """
    number = whole(words)
    if number is None or not 1 <= number <= MOST_PEOPLE:
        raise CellError(
            text(
                "“%(words)s” is no number of people: write a whole number from 1 up,"
                " or nothing where nobody knows.",
                words=shortened(words),
            )
        )
    return number


def level(words: str) -> int | None:
    """Return the level of a floor, 0 being the ground floor; None for what cannot be one."""
    number = whole(words)
    return number if number is not None and LOWEST <= number <= HIGHEST else None


def area_dm2(words: str) -> int:
    """Return square metres as square decimetres, with a decimal comma or point.

    Raises:
        CellError: it is no area, or can be read in two ways ("1.250").
    """
    bare = SQUARE_METRES.sub("", words.strip()).replace("\u00a0", "").replace(" ", "")
    if UNSURE.fullmatch(bare):
        raise CellError(
            text(
                "“%(words)s” can be read in two ways: write %(whole)s or %(part)s.",
                words=shortened(words),
                whole=re.sub("[.,]", "", bare),
                part=bare.replace(".", ",").rstrip("0").rstrip(","),
            )
        )
    if GROUPED.fullmatch(bare):
        last = max(bare.rfind("."), bare.rfind(","))
        is_whole = bare.count(".") > 1 and "," not in bare
        bare = (
            bare.replace(".", "")
            if is_whole
            else f"{re.sub('[.,]', '', bare[:last])}.{bare[last + 1 :]}"
        )
    found = round(float(bare.replace(",", ".")) * 100) if _is_decimal(bare) else 0
    if not 1 <= found <= MOST_AREA_DM2:
        raise CellError(
            text(
                "“%(words)s” is no area: write square metres, such as 24 or 12,5.",
                words=shortened(words),
            )
        )
    return found


def _is_decimal(words: str) -> bool:
    return DECIMAL.fullmatch(words) is not None


def day(words: str) -> date:
    """Return a day written as 2026-11-26 or as 26-11-2026.

    Raises:
        CellError: it is no such day.
    """
    dutch, iso = DUTCH_DAY.fullmatch(words.strip()), ISO_DAY.fullmatch(words.strip())
    parts = dutch.group(3, 2, 1) if dutch else iso.group(1, 2, 3) if iso else None
    try:
        found = date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        raise CellError(
            text("“%(words)s” is on a day that no calendar has.", words=shortened(words))
        ) from None
    if found is None or not FIRST_YEAR <= found.year < LAST_YEAR:
        raise CellError(
            text(
                "“%(words)s” is no day: write it as 26-11-2026 or 2026-11-26.",
                words=shortened(words),
            )
        )
    return found


def name(words: str) -> str:
    """Return a name as it is.

    Raises:
        CellError: it is too long.
    """
    if len(words) > MOST_NAME:
        raise CellError(
            text(
                "“%(words)s” is too long: use at most %(num)s characters.",
                words=shortened(words),
                num=MOST_NAME,
            )
        )
    return words
