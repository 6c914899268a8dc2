"""What people come for: two taps, being beaten and saved, the keyboard alone, without script."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Visit

PHONE = 390
YELLOW = "#dock .btn.go"


def open_book(window: Visit, query: str = "") -> Page:
    """Open the Book page for the first day on which this person has no desk yet."""
    return window.go(f"/book{query}")


def test_a_founder_books_a_desk_on_the_phone_in_two_taps(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    page = window.go("/me")

    page.locator("nav.tabs").get_by_role("link", name="Boek").click()
    page.locator(YELLOW).click()

    # A tap before the script has loaded books too, and is answered by the booking's own page.
    answer = page.get_by_role("status")
    expect(answer.filter(has_text="Geboekt")).to_be_visible()
    page.get_by_role("button", name="Maak ongedaan").click()
    expect(answer.filter(has_text="ngedaan gemaakt")).to_be_visible()


def test_who_is_beaten_to_a_room_is_told_and_saved_by_one_click(visit: Opener) -> None:
    slow = visit(who="founder", width=PHONE)
    page = open_book(slow, "?kind=meeting_room")
    room = page.locator("#dock-form [name=space]").input_value()
    form = page.locator("#dock-form")
    where = {name: form.locator(f"[name={name}]").input_value() for name in ("day", "from", "to")}
    quick = visit(who="outsider", width=PHONE)
    query = f"?kind=meeting_room&space={room}" + "".join(f"&{k}={v}" for k, v in where.items())
    other = open_book(quick, query)
    other.locator(YELLOW).click()
    expect(other.locator("#dock [role=status]")).to_contain_text("Geboekt")

    page.locator(YELLOW).click()
    expect(page.locator("#dock [role=alert]")).to_be_visible()
    page.locator(YELLOW).click()

    expect(page.locator("#dock [role=status]")).to_contain_text("Geboekt")


def test_a_desk_is_booked_and_cancelled_without_any_script(visit: Opener) -> None:
    window = visit(who="colleague", width=PHONE, script=False)
    page = open_book(window)
    page.locator(YELLOW).click()
    expect(page).to_have_url(re.compile(r"/nl/bookings/[a-z0-9]{10}$"))

    page.locator("a[href$='/cancel'], button:has-text('Annuleer')").first.click()
    page.locator("main button.stop, main button:has-text('Annuleer')").last.click()

    expect(page.locator("main")).to_contain_text("nnuleerd")


def to_another_room(page: Page) -> None:
    """Go by arrow keys from the chosen place to one that can be chosen: not a studio's page.

    Where every other room is taken, the chosen one stays.
    """
    chosen = page.locator("svg.plan a[data-choose]").first
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
        chosen.focus()
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.matches('[data-choose]:not([aria-current])')"):
            return
    chosen.focus()


def test_a_room_is_booked_by_keys_alone(visit: Opener) -> None:
    window = visit(who="outsider")
    page = open_book(window, "?kind=meeting_room")
    to_another_room(page)
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused

    page.keyboard.press("Enter")
    page.wait_for_load_state()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#dock .btn.go')"):
            break
    assert page.evaluate("document.activeElement.matches('#dock .btn.go')")
    page.keyboard.press("Enter")

    expect(page.locator("#dock [role=status]")).to_contain_text("Geboekt")


def test_focus_is_always_named_and_never_under_the_dock(visit: Opener) -> None:
    window = visit(who="colleague", width=PHONE)
    page = open_book(window)

    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const one = document.activeElement;
              if (one === document.body) return null;
              const name = one.getAttribute('aria-label') || one.innerText || one.value
                || (one.labels && one.labels[0] && one.labels[0].innerText) || one.title || '';
              const box = one.getBoundingClientRect();
              const dock = document.querySelector('#dock');
              const inside = dock.contains(one) || one.closest('.tabs');
              const hidden = !inside && box.height > 0
                && box.top >= dock.getBoundingClientRect().top;
              return {name: name.trim(), hidden, html: one.outerHTML.slice(0, 120)};
            }"""
        )
        if stop is None:
            break
        assert stop["name"], stop
        assert not stop["hidden"], stop


def test_a_draft_survives_a_session_that_ended_and_is_not_sent_by_itself(visit: Opener) -> None:
    window = visit(who="office")
    page = window.go("/bookings/new?space=hunze")
    page.locator("main [name=title]").fill("Jaarplan met klant")
    window.context.clear_cookies()

    page.locator("main form button[type=submit]").last.click()
    page.fill("[name=email]", "office@demo.example")
    page.fill("[name=password]", "noorderlicht-2026")
    page.click("main button[type=submit]")

    expect(page.locator("main [name=title]")).to_have_value("Jaarplan met klant")
    expect(page).to_have_url(re.compile("/bookings/new"))


def test_a_choice_in_the_dock_survives_a_session_that_ended(visit: Opener) -> None:
    window = visit(who="office")
    page = open_book(window, "?kind=meeting_room&from=13:00&to=14:00")
    page.fill("#dock-title", "Jaarplan met klant")
    room = page.locator("#dock-form [name=space]").input_value()
    window.context.clear_cookies()

    page.locator(YELLOW).click()
    page.fill("main [name=email]", "office@demo.example")
    page.fill("main [name=password]", "noorderlicht-2026")
    page.click("main button[type=submit]")

    expect(page).to_have_url(re.compile("/bookings/new"))
    expect(page.locator("main [name=title]")).to_have_value("Jaarplan met klant")
    expect(page.locator("main [name=space]")).to_have_value(room)
