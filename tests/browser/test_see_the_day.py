"""One booking on its way: dragged, or made by keys; seen beside it, and in every calendar."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Visit
from tests.browser.test_timeline import a_gap, book, chosen, drag_in, open_day, poll
from tests.subscriber import Subscriber

QUIET = 12  # days after the demo's own: nearly nothing is booked yet


def address_of(window: Visit, scope: str) -> str:
    """Subscribe on the page, and return the address that it shows this once."""
    page = window.go("/me/feeds")
    page.locator(f"[aria-labelledby='o-{scope}'] button").click()
    shown = page.locator("#address").input_value()
    return re.sub(r"^https?://[^/]+", window.address, shown)


def seen_in(window: Visit, scope: str, day: date, home: Path) -> str:
    """Return what khal shows of a day to somebody who subscribes."""
    folder = home / f"{window.address.rpartition(':')[2]}-{scope}-{len(list(home.iterdir()))}"
    folder.mkdir()
    subscriber = Subscriber(folder, address_of(window, scope))
    subscriber.sync()
    return subscriber.day(day)


def dragged(page: Page, title: str) -> str:
    """Book by dragging in a gap, and return the hours."""
    drag_in(page, a_gap(page, nth=0)[0], part=0.4)
    hours = "-".join(chosen(page))
    page.fill("#dock-title", title)
    book(page)
    return hours


def typed(page: Page, title: str) -> str:
    """Book in another room without touching the mouse, and return the hours."""
    gap, _ = a_gap(page, nth=1)
    gap.focus()
    page.keyboard.press("Enter")
    hours = "-".join(chosen(page))
    page.keyboard.press("Enter")
    page.keyboard.type(title)
    page.keyboard.press("Enter")
    expect(page.locator("#dock [role=status]")).to_contain_text("Geboekt")
    return hours


def test_what_is_dragged_or_made_by_keys_is_seen_beside_it_and_in_calendars(
    visit: Opener, tmp_path: Path
) -> None:
    founder, outsider = visit(who="founder"), visit(who="outsider")
    outsider.page.clock.install()
    beside = open_day(outsider, QUIET)
    drag_in(beside, a_gap(beside, nth=2)[0])
    beside.fill("#dock-title", "Nog een ontwerp")
    draft = chosen(beside)

    page = open_day(founder, QUIET)
    day = date.fromisoformat(page.locator("#tl").get_attribute("data-day") or "")
    lines = [f"{dragged(page, 'Gesleept')} Gesleept", f"{typed(page, 'Getikt')} Getikt"]

    others = beside.locator("#tl .other")
    before = others.count()
    poll(beside)
    expect(others).not_to_have_count(before)
    assert chosen(beside) == draft
    expect(beside.locator("#dock-title")).to_have_value("Nog een ontwerp")

    mine = seen_in(founder, "mine", day, tmp_path)
    ours = seen_in(visit(who="colleague"), "organisation", day, tmp_path)
    theirs = seen_in(outsider, "organisation", day, tmp_path)
    for line in lines:
        assert line in mine
        assert line in ours
        assert line.split()[1] not in theirs
