"""The Book page as it looks and feels: what can be read, what stays where it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener


def colours(page: Page, selector: str) -> list[str]:
    """Return the ink and the ground of something."""
    found: list[str] = page.locator(selector).evaluate(
        "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
    )
    return found


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [320, 390])
def test_the_hours_can_be_read_on_a_phone(visit: Opener, width: int, script: bool) -> None:
    window = visit(width=width, script=script)
    page = window.go("/book")

    boxes = [one.bounding_box() for one in page.locator(".fromto select, #wish summary").all()]
    starts, ends, wishes = (box for box in boxes if box)
    assert min(starts["width"], ends["width"]) >= 80  # "17:30" and the arrow
    below = wishes["y"] >= ends["y"] + ends["height"]
    assert below or wishes["x"] >= ends["x"] + ends["width"]


def test_a_chosen_tab_stays_readable_under_the_pointer(visit: Opener) -> None:
    window = visit(width=390, scheme="dark")
    page = window.go("/book")
    for chosen in (".ask .seg [aria-current]", "#views [aria-current]"):
        before = colours(page, chosen)

        page.locator(chosen).hover()

        assert colours(page, chosen) == before
