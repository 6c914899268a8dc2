"""What comes out of the printer: whole sheets of the right size, and nothing for screens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener

LYING, STANDING = (842, 595), (595, 842)  # A4 in points
ONLY_ON_SCREENS = ".top, .tabs, .subnav, .foot, .screen"


def printed(page: Page, file: Path) -> list[tuple[int, int]]:
    """Print a page and return the size of every sheet."""
    page.pdf(path=file, prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", file.read_bytes())
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.mark.parametrize("floor", ["maaiveld", "wierde", "dijk"])
def test_the_day_of_a_floor_lies_on_a_few_sheets(
    visit: Opener, tmp_path: Path, floor: str
) -> None:
    page = visit(who="desk").go(f"/staff/day-sheet?floor={floor}")

    sheets = printed(page, tmp_path / "day.pdf")

    assert set(sheets) == {LYING}
    assert len(sheets) <= 3


def test_every_floor_begins_a_sheet_of_its_own(visit: Opener, tmp_path: Path) -> None:
    window = visit(who="desk")
    each = [
        len(printed(window.go(f"/staff/day-sheet?floor={floor}"), tmp_path / "one.pdf"))
        for floor in ("maaiveld", "wierde", "dijk")
    ]

    assert len(printed(window.go("/staff/day-sheet?floor="), tmp_path / "all.pdf")) == sum(each)


def test_every_sheet_of_a_day_has_its_number(visit: Opener, tmp_path: Path) -> None:
    page = visit(who="desk").go("/staff/day-sheet?floor=wierde")
    printed(page, tmp_path / "day.pdf")
    page.locator(".sheet").evaluate("one => one.classList.remove('sheet')")
    printed(page, tmp_path / "plain.pdf")

    day, plain = ((tmp_path / name).read_bytes() for name in ("day.pdf", "plain.pdf"))

    # Words cannot be read from the file; but the number has letters of its own.
    assert letters_in(day) > letters_in(plain)


def letters_in(file: bytes) -> set[bytes]:
    """Return the fonts in a file that came from the machine, not with the page."""
    return set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", file))


def test_a_sign_is_one_sheet_that_stands(visit: Opener, tmp_path: Path) -> None:
    page = visit().go("/spaces/hunze/sign")

    assert printed(page, tmp_path / "sign.pdf") == [STANDING]


def test_paper_shows_who_sits_where_and_no_menus(visit: Opener) -> None:
    page = visit(who="desk").go("/staff/day-sheet?floor=wierde")
    head = page.locator(".sheet .paper")
    expect(head).to_be_hidden()

    page.emulate_media(media="print")

    expect(head).to_be_visible()
    expect(head).to_contain_text("Wierde")
    expect(page.locator(".sheet tbody").first).to_be_visible()
    for one in page.locator(ONLY_ON_SCREENS).all():
        expect(one).to_be_hidden()
