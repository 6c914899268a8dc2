"""Rooms by the clock: by dragging, by keys alone, beaten to it, beside another, without script."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opener, Visit

PHONE = 390
ROOMS = "/rooms"
WEDNESDAY_AFTER = 6  # days after the demo's Thursday: nearly nothing is booked yet

# The first gap that is long enough, of the first or a later room that has one; marked so that a
# test finds it again.
MARK = """([minutes, nth]) => {
  const wide = [...document.querySelectorAll('#tl .tr[data-kind=meeting_room] .free')].filter(
    one => { const [a, b] = one.dataset.g.split(' ').map(Number); return b - a >= minutes });
  const rows = [...new Set(wide.map(one => one.closest('.tr')))];
  const gap = wide.find(one => one.closest('.tr') === rows[nth]);
  gap.scrollIntoView({block: 'center'});
  document.getElementById('gap')?.removeAttribute('id');
  gap.id = 'gap';
  return gap.closest('.tr').id.slice(2);
}"""


def open_day(window: Visit, days: int, query: str = "") -> Page:
    """Open the rooms some days after the demo's own."""
    page = window.go(ROOMS)
    today = page.locator("#tl").get_attribute("data-day")
    assert today is not None
    day = page.evaluate(
        "([day, days]) => new Date(Date.parse(day) + days * 864e5).toISOString().slice(0, 10)",
        [today, days],
    )
    return window.go(f"{ROOMS}?day={day}{query}")


def a_gap(page: Page, *, minutes: int = 180, nth: int = 0) -> tuple[Locator, str]:
    """Return a long gap of a meeting room, and the room's code."""
    code: str = page.evaluate(MARK, [minutes, nth])
    return page.locator("#gap"), code


def middle(one: Locator) -> tuple[float, float, float]:
    """Return where a thing begins, how wide it is and how high its middle lies."""
    one.evaluate("one => one.scrollIntoView({block: 'center'})")
    box = one.bounding_box()
    assert box is not None
    return box["x"], box["width"], box["y"] + box["height"] / 2


def pull(page: Page, first: tuple[float, float], last: tuple[float, float]) -> None:
    """Press, move and let go."""
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move((first[0] + last[0]) / 2, last[1], steps=4)
    page.mouse.move(*last, steps=4)
    page.mouse.up()


def drag_in(page: Page, gap: Locator, *, part: float = 0.5) -> None:
    """Draft a booking by dragging over the first part of a gap."""
    x, width, y = middle(gap)
    pull(page, (x + 3, y), (x + width * part, y))
    expect(page.locator("#dock-form")).to_be_visible()


def chosen(page: Page) -> tuple[str, str]:
    """Return from and to as the dock has them."""
    form = page.locator("#dock-form")
    return form.locator("[name=from]").input_value(), form.locator("[name=to]").input_value()


def book(page: Page) -> None:
    """Press the yellow button, and see that it was booked."""
    page.locator("#dock-form .go").click()
    expect(page.locator("#dock [role=status]")).to_contain_text("Geboekt")


def poll(page: Page) -> None:
    """Let half a minute pass for the page."""
    page.clock.fast_forward(31_000)


def test_a_room_is_booked_by_dragging_in_a_gap(visit: Opener) -> None:
    window = visit(who="founder")
    page = open_day(window, WEDNESDAY_AFTER)
    gap, code = a_gap(page)

    drag_in(page, gap)
    starts, ends = chosen(page)
    expect(page.locator("#said")).to_contain_text(f"{starts} tot {ends}, vrij")
    page.fill("#dock-title", "Sprintplanning")
    book(page)

    mine = page.locator(f"[id='r-{code}'] .mine")
    expect(mine).to_contain_text("Sprintplanning")
    expect(mine).to_have_attribute("aria-label", re.compile(f"{starts}–{ends}"))
    expect(page.locator(".draft")).to_have_count(0)


def test_a_room_is_booked_by_keys_alone(visit: Opener) -> None:
    window = visit(who="outsider")
    page = open_day(window, WEDNESDAY_AFTER)
    _, code = a_gap(page)
    page.locator(f"[id='r-{code}'] .rh a").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    while not page.evaluate("document.activeElement.matches('#gap')"):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    first, last = chosen(page)
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")

    assert chosen(page)[0] == first
    assert chosen(page)[1] > last
    page.keyboard.press("Enter")
    page.keyboard.type("Met toetsen")
    page.keyboard.press("Enter")

    expect(page.locator("#dock [role=status]")).to_contain_text("Geboekt")
    booked = page.locator("#tl .mine").filter(has_text="Met toetsen")
    expect(booked.first).to_be_visible()  # a combined room is in the rows of its parts as well


def test_escape_drops_the_draft_and_the_focus_stays_in_the_grid(visit: Opener) -> None:
    window = visit(who="outsider")
    page = open_day(window, WEDNESDAY_AFTER)
    gap, _ = a_gap(page)
    gap.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tl .draft")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator("#tl .draft")).to_have_count(0)
    expect(page.locator("#dock")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('#tl .free')")


def test_after_a_drag_and_escape_a_key_drafts_again(visit: Opener) -> None:
    page = open_day(visit(who="founder"), WEDNESDAY_AFTER + 1)
    drag_in(page, a_gap(page, nth=1)[0])
    page.keyboard.press("Escape")
    expect(page.locator("#dock-form")).to_have_count(0)

    page.keyboard.press("Enter")

    expect(page.locator("#dock-form")).to_be_visible()


def test_a_booth_is_asked_for_no_subject(visit: Opener) -> None:
    page = visit(who="founder").go(ROOMS)
    gap = page.locator("#tl .tr[data-kind=phone_booth] .free").first
    gap.focus()

    page.keyboard.press("Enter")

    expect(page.locator("#dock-form")).to_be_visible()
    expect(page.locator("#dock-title")).to_have_count(0)


def test_the_other_language_and_the_dark_show_the_day_in_view(visit: Opener) -> None:
    page = open_day(visit(who="founder"), WEDNESDAY_AFTER)
    before = page.locator("#tl").get_attribute("data-day")
    page.locator("#later").click()
    expect(page.locator("#tl")).not_to_have_attribute("data-day", str(before))
    day = page.locator("#tl").get_attribute("data-day")

    page.locator(".lang a").click()
    expect(page).to_have_url(re.compile(rf"/en/rooms\?day={day}$"))
    page.locator("#later").click()
    expect(page.locator("#tl")).not_to_have_attribute("data-day", str(day))
    later = page.locator("#tl").get_attribute("data-day")
    page.locator(".foot [name=theme][value=dark]").click()

    expect(page).to_have_url(re.compile(rf"/en/rooms\?day={later}$"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_one_s_own_booking_is_made_longer_and_moved(visit: Opener) -> None:
    window = visit(who="founder")
    page = open_day(window, WEDNESDAY_AFTER + 1)
    gap, code = a_gap(page, minutes=300)
    drag_in(page, gap, part=0.4)
    book(page)
    mine = page.locator(f"[id='r-{code}'] .mine")
    x, width, y = middle(mine)

    pull(page, (x + width - 3, y), (x + width + width / 2, y))
    _, longer = chosen(page)
    page.locator("#dock-form .go").click()
    expect(page.locator("#dock [role=status]")).to_contain_text("Verplaatst")
    expect(mine).to_have_attribute("aria-label", re.compile(f"–{longer}"))
    page.get_by_role("button", name="Maak ongedaan").click()
    expect(page.locator("#dock [role=status]")).to_contain_text("ngedaan gemaakt")
    expect(mine).not_to_have_attribute("aria-label", re.compile(f"–{longer}"))

    mine.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.locator("#dock-from").select_option(index=1)
    moved = chosen(page)
    page.locator("#dock-form .go").click()
    expect(page.locator("#dock [role=status]")).to_contain_text("Verplaatst")
    expect(mine).to_have_attribute("aria-label", re.compile(f"{moved[0]}–{moved[1]}"))


def test_a_draft_that_ends_where_somebody_booked_is_kept_and_saved_by_one_click(
    visit: Opener,
) -> None:
    slow, quick = visit(who="founder"), visit(who="outsider")
    mine, other = (open_day(one, WEDNESDAY_AFTER + 2) for one in (slow, quick))
    gap, code = a_gap(mine)
    drag_in(mine, gap)
    mine.fill("#dock-title", "Jaarplan")
    drag_in(other, a_gap(other)[0])
    book(other)

    mine.locator("#dock-form .go").click()
    expect(mine.locator("#dock [role=alert]")).to_be_visible()
    expect(mine.locator(f"[id='r-{code}'] .draft.taken")).to_be_visible()
    mine.locator("#dock .btn.go").click()

    expect(mine.locator("#dock [role=status]")).to_contain_text("Geboekt")
    expect(mine.locator("#tl .mine").filter(has_text="Jaarplan")).not_to_have_count(0)


def test_another_window_sees_it_within_half_a_minute_and_keeps_its_draft(visit: Opener) -> None:
    window, other = visit(who="colleague"), visit(who="outsider")
    window.page.clock.install()
    page = open_day(window, WEDNESDAY_AFTER + 5)
    gap, code = a_gap(page, nth=0)
    drag_in(page, gap)
    page.fill("#dock-title", "Nog niet verstuurd")
    page.locator("#dock-title").focus()
    before = chosen(page)
    theirs = open_day(other, WEDNESDAY_AFTER + 5)
    there, beside = a_gap(theirs, nth=1)
    drag_in(theirs, there)
    book(theirs)
    taken = page.locator(f"[id='r-{beside}'] .other")
    count = taken.count()

    poll(page)

    expect(taken).to_have_count(count + 1)
    expect(page.locator("#tl .draft")).to_have_count(1)
    assert chosen(page) == before
    expect(page.locator("#dock-title")).to_have_value("Nog niet verstuurd")
    expect(page.locator("#dock-title")).to_be_focused()
    assert code != beside


def test_a_draft_that_somebody_books_over_says_so_by_itself(visit: Opener) -> None:
    window, other = visit(who="colleague"), visit(who="outsider")
    window.page.clock.install()
    page = open_day(window, WEDNESDAY_AFTER + 7)
    gap, _ = a_gap(page, nth=1)
    drag_in(page, gap)
    expect(page.locator("#said")).to_contain_text("vrij")
    theirs = open_day(other, WEDNESDAY_AFTER + 7)
    drag_in(theirs, a_gap(theirs, nth=1)[0])
    book(theirs)

    poll(page)

    expect(page.locator("#said")).to_contain_text("bezet")
    expect(page.locator("#dock-name")).to_contain_text("bezet")
    page.locator("#dock-form .go").click()
    expect(page.locator("#dock [role=alert]")).to_be_visible()
    expect(page.locator("#said")).not_to_contain_text("vrij")


def test_a_lost_network_is_said_and_the_draft_is_kept(visit: Opener) -> None:
    window = visit(who="colleague")
    window.page.clock.install()
    page = open_day(window, WEDNESDAY_AFTER + 5)
    drag_in(page, a_gap(page, nth=2)[0])
    expect(page.locator("#network")).not_to_have_class("on")
    window.context.set_offline(True)

    poll(page)

    expect(page.locator("#network")).to_have_class("on")
    expect(page.locator("#network")).to_contain_text("Geen verbinding")
    expect(page.locator("#network")).to_be_in_viewport()
    campus_now = page.evaluate(
        "zone => new Date().toLocaleTimeString('nl', {timeZone: zone, hour: '2-digit'})",
        "Europe/Amsterdam",
    )
    assert f"sinds {campus_now}:" in page.locator("#network").inner_text()
    expect(page.locator("#tl .draft")).to_have_count(1)
    window.context.set_offline(False)
    expect(page.locator("#network")).to_be_empty()
    expect(page.locator("#network")).not_to_have_class("on")
    told = ("INTERNET_DISCONNECTED", "Failed to fetch")  # by the browser, of what was just done
    window.complaints[:] = [
        one for one in window.complaints if not any(words in one for words in told)
    ]


def test_days_are_switched_by_arrows_and_the_focus_stays(visit: Opener) -> None:
    window = visit()
    page = open_day(window, WEDNESDAY_AFTER)
    heading = page.locator("#heading").inner_text()
    page.locator("#now").focus()

    page.keyboard.press("ArrowRight")
    expect(page.locator("#heading")).not_to_have_text(heading)
    assert page.evaluate("document.activeElement.closest('#days') !== null")
    page.keyboard.press("ArrowLeft")

    expect(page.locator("#heading")).to_have_text(heading)


def test_without_script_every_gap_leads_to_the_form(visit: Opener) -> None:
    window = visit(who="office", script=False)
    page = window.go(ROOMS)
    page.locator("#later").click()
    gap = page.locator("#tl .free").last
    label: Any = gap.get_attribute("aria-label")
    gap.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/bookings/new\?space="))
    page.locator("main form button[type=submit]").last.click()

    expect(page).to_have_url(re.compile(r"/nl/bookings/[a-z0-9]{10}$"))
    assert label


def test_on_a_phone_rooms_are_a_list_that_leads_to_their_week(visit: Opener) -> None:
    window = visit(who="office", width=PHONE)
    page = window.go(ROOMS)
    expect(page.locator("#scroll")).to_be_hidden()

    page.locator(".tl-list a").first.click()
    expect(page).to_have_url(re.compile(r"/rooms/[^/?]+\?day="))
    page.get_by_role("button", name=re.compile("^Boek ")).click()

    expect(page).to_have_url(re.compile(r"/nl/bookings/[a-z0-9]{10}$"))


def test_a_room_that_is_free_now_is_booked_by_one_press(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    page = window.go(ROOMS)
    page.get_by_role("link", name="30 minuten").click()
    page.locator("#free .btn").first.click()

    expect(page.locator("#dock [role=status]")).to_contain_text("Geboekt")
