"""The front page's pictures of closed hours: accessible, within the budget, in every guise."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener, served
from tests.browser.test_accessibility import violations

LOOKS = {"is-night": 14, "is-dusk": 56}  # hours after Thursday 08:40
MOST_NODES = 700
MOST_SHIFT = 0.05
GUISES = list(itertools.product((1280, 390), ("light", "dark")))
SHIFTS = """() => new Promise(done => {
  let total = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { total += one.value; }))
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(total)));
})"""


@pytest.fixture(scope="module", params=LOOKS)
def closed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """A look of the sky, and the address of a campus that has it."""
    folder = tmp_path_factory.mktemp("closed")
    for address in served(folder, hours_later=LOOKS[request.param]):
        yield request.param, address


def nodes(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


@pytest.mark.parametrize(("width", "scheme"), GUISES)
def test_closed_hours_are_accessible(
    visit: Opener, closed: tuple[str, str], width: int, scheme: str
) -> None:
    look, address = closed
    page = visit(width=width, scheme=scheme, at=address).go("/")

    assert page.locator(f".hero.{look}").count() == 1
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert nodes(page) <= MOST_NODES


@pytest.mark.parametrize("width", [1920, 1280, 768, 390, 320])
def test_words_keep_clear_of_the_land(visit: Opener, width: int) -> None:
    page = visit(width=width, script=False).go("/")

    horizon = page.locator(".land .ditch").first.bounding_box()
    buttons = page.locator(".hero .cta").bounding_box()
    lead = page.locator(".hero .lead").bounding_box()
    assert horizon
    assert buttons
    assert lead
    assert max(buttons["y"] + buttons["height"], lead["y"] + lead["height"]) <= horizon["y"]


def test_the_land_does_not_move_while_the_page_loads(visit: Opener) -> None:
    # Letters that come late on a busy machine move lines by themselves: the calmest load counts.
    shifts = [visit(width=390).go("/").evaluate(SHIFTS) for _ in range(3)]

    assert min(shifts) <= MOST_SHIFT


def test_the_way_on_is_reached_by_keys_alone(visit: Opener) -> None:
    page = visit(language="en").go("/")
    page.get_by_role("link", name="Read it as a timeline").focus()

    page.keyboard.press("Enter")

    page.wait_for_url(lambda url: "/en/rooms" in url)
