"""An address as a QR code: the outline of its dark squares, for a template to draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import segno

QUIET = 4  # squares that stay light on every side, so that a phone finds the code


@dataclass(frozen=True, slots=True)
class Qr:
    """A code on a field of `size` by `size` squares, its quiet zone included.

    Attributes:
        path: the dark squares, as the `d` of an SVG path.
    """

    size: int
    path: str


@lru_cache(maxsize=1024)
def qr(address: str) -> Qr:
    """Return the code of an address; with a corner torn or dirty it is still read.

    Kept, since making one costs 5 ms (measured), and the page of a space is asked for often.
    """
    rows = segno.make_qr(address, error="m").matrix
    path = "".join(_row(cells, y=y) for y, cells in enumerate(rows, QUIET))
    return Qr(len(rows) + 2 * QUIET, path)


def _row(cells: bytearray, *, y: int) -> str:
    """Return the dark squares of a row, those side by side as one."""
    parts, x = [], QUIET
    for is_dark, run in groupby(cells):
        length = len(list(run))
        if is_dark:
            parts.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(parts)
