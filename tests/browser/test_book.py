"""The Book page as it looks and feels: what can be read, what stays where it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.server import next_thursday
from tests.browser.test_walks import to_another_room

YELLOW = "#dock .btn.go"
ROOMS = "/book?kind=meeting_room"


def a_monday() -> str:
    """Return a Monday soon, as an address says it."""
    return (next_thursday() + timedelta(days=4)).isoformat()


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


def shown(page: Page) -> tuple[str, str]:
    """Return the number on the tab of the list, and the heading of the list."""
    return page.locator("#views span").inner_text(), page.locator("#ls").inner_text()


def test_after_a_refusal_and_a_rescue_the_page_stays_and_agrees_with_the_dock(
    visit: Opener,
) -> None:
    page = visit(who="founder").go(f"{ROOMS}&day={a_monday()}&from=10:00&to=11:00")
    refused = page.locator("#dock-form [name=space]").input_value()
    other = visit(who="outsider").go(f"{ROOMS}&{page.url.partition('&')[2]}&space={refused}")
    other.locator(YELLOW).click()
    expect(other.locator("#dock")).to_contain_text("Geboekt")

    page.locator(YELLOW).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dock-said")).to_be_focused()
    expect(page.locator("#dock")).to_contain_text("is net vergeven")
    expect(page.locator(".pin-t")).to_have_text("bezet")
    assert page.evaluate("scrollY") == 0
    page.locator(YELLOW).click()

    expect(page.locator("#dock")).to_contain_text("Geboekt")
    name = page.locator("#dock .no").inner_text()
    row = page.locator(".ritem[aria-current]")
    expect(row).to_contain_text("jouw boeking")
    expect(row).to_contain_text(name)
    expect(page.locator(".plan .mine")).to_contain_text(name)
    expect(page.locator(".pin-t")).to_have_text("jouw plek")
    assert page.evaluate("scrollY") == 0


def test_booking_on_a_phone_moves_nothing_and_counts_again(visit: Opener) -> None:
    page = visit(who="outsider", width=390).go(f"{ROOMS}&day={a_monday()}&from=15:00&to=16:00")
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 100")
    before, count = page.evaluate("scrollY"), shown(page)[0]

    page.locator(YELLOW).click()

    expect(page.locator("#dock")).to_contain_text("Geboekt")
    expect(page.locator("#views span")).to_have_text(str(int(count) - 1))
    assert shown(page)[1].startswith(f"{int(count) - 1} ")
    assert page.evaluate("scrollY") == before


def test_what_can_be_undone_says_so_no_longer_when_the_seconds_are_over(visit: Opener) -> None:
    window = visit(who="colleague", width=390)
    window.page.clock.install()
    page = window.go(f"{ROOMS}&day={a_monday()}&from=16:00&to=17:00")
    page.locator(YELLOW).click()
    expect(page.locator("#dock")).to_contain_text("tien seconden")
    booked = page.locator(YELLOW).get_attribute("href")
    for place in ("#dock", "main .note"):
        undo = page.locator(place).get_by_role("button", name="Maak ongedaan")
        expect(undo).to_be_enabled()
        box = undo.bounding_box()

        page.clock.fast_forward(11_000)

        expect(undo).to_be_disabled()
        expect(page.locator(f"{place} [role=status], {place}[role=status]")).not_to_contain_text(
            "tien seconden"
        )
        assert undo.bounding_box() == box
        undo.click(force=True)
        expect(page.locator(place)).to_contain_text("Geboekt")
        page.goto(f"{window.address}{booked}")


def test_enter_on_the_chosen_place_leads_to_the_yellow_button(visit: Opener) -> None:
    page = visit(who="outsider").go(ROOMS)
    to_another_room(page)
    page.keyboard.press("Enter")
    expect(page.locator("svg.plan a:focus")).to_have_attribute("aria-current", "true")

    page.keyboard.press("Enter")

    expect(page.locator(YELLOW)).to_be_focused()
    assert page.evaluate("scrollY") == 0


def test_typing_in_the_dock_moves_nothing(visit: Opener) -> None:
    page = visit(who="founder").go(f"{ROOMS}&day={a_monday()}")

    page.locator("#dock-title").focus()
    page.keyboard.type("Jaarplan")
    page.keyboard.press("Tab")

    assert page.evaluate("scrollY") == 0
