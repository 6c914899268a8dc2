"""Text twice as large: what somebody sets in their browser keeps every page within the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import CHROMIUM, FLAGS, PATIENCE_MS, Kept, Visit
from tests.browser.pages import PAGES

TWICE = "--blink-settings=defaultFontSize=32"


@pytest.fixture(scope="module")
def large(chromium: Browser) -> Iterator[Browser]:
    """A browser of somebody who reads large text."""
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, TWICE])
    yield browser
    browser.close()


@pytest.mark.parametrize("path", PAGES)
def test_large_text_fits_a_phone(large: Browser, address: str, kept: Kept, path: str) -> None:
    context = large.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    window = Visit(context, context.new_page(), address, "nl", kept)
    if PAGES[path]:
        window.look_around_as(PAGES[path])

    page = window.go(path)

    header = page.locator(".top").evaluate("top => top.scrollWidth - window.innerWidth")
    sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    context.close()
    assert (header, sideways) == (0, 0)
