"""A QR code as an outline: square by square what the library made, with room around it."""

from __future__ import annotations

import re

import pytest
import segno

from campus.web.qr import QUIET, Qr, qr

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z")


def dark_in(code: Qr) -> set[tuple[int, int]]:
    """Return the squares that the outline fills; it must hold nothing but such runs."""
    assert RUN.sub("", code.path) == ""
    runs = [tuple(map(int, found)) for found in RUN.findall(code.path)]
    assert all(there == back for _x, _y, there, back in runs)
    return {(x + step, y) for x, y, length, _back in runs for step in range(length)}


@pytest.mark.parametrize(
    "address",
    ["http://localhost/nl/spaces/1.32", "https://campus.example/en/spaces/" + "x" * 40],
)
def test_the_outline_is_the_code_with_a_quiet_zone(address: str) -> None:
    made = segno.make_qr(address, error="m")
    cells = enumerate(made.matrix_iter(border=QUIET))
    dark = {(x, y) for y, row in cells for x, cell in enumerate(row) if cell}

    code = qr(address)

    assert dark_in(code) == dark
    assert code.size == made.symbol_size(border=QUIET)[0]


def test_a_code_is_made_once() -> None:
    assert qr("http://localhost/nl/spaces/hunze") is qr("http://localhost/nl/spaces/hunze")
