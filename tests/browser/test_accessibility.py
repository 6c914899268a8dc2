"""axe-core (WCAG 2.2 AA and best practice) on every page, and no page scrolls sideways."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Opener, Visit
from tests.browser.pages import PAGES

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
LANGUAGES = ("nl", "en")


def violations(page: Page) -> list[str]:
    """Return what axe finds, a line each."""
    page.evaluate(AXE)
    found: Any = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
    )
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def look_at(window: Visit, path: str) -> Page:
    """Open a page as somebody for whom it is."""
    if PAGES[path]:
        window.look_around_as(PAGES[path])
    return window.go(path)


def check(visit: Opener, path: str, *, width: int, language: str, scheme: str) -> None:
    """Open a page and let axe look at it."""
    page = look_at(visit(width=width, language=language, scheme=scheme), path)

    assert violations(page) == []
    sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert sideways <= 0, f"{path} is {sideways} px too wide at {width}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("number", "path"), list(enumerate(PAGES)))
def test_every_page_is_accessible(visit: Opener, number: int, path: str, language: str) -> None:
    turn = number + LANGUAGES.index(language)
    check(visit, path, width=WIDTHS[turn % 2], language=language, scheme=SCHEMES[turn // 2 % 2])


MATRIX = [
    *itertools.product(PAGES, WIDTHS, LANGUAGES, SCHEMES),
    *((path, 1920, "nl", "light") for path in PAGES),
]


@pytest.mark.matrix
@pytest.mark.parametrize(("path", "width", "language", "scheme"), MATRIX)
def test_every_page_in_every_guise(
    visit: Opener, path: str, width: int, language: str, scheme: str
) -> None:
    check(visit, path, width=width, language=language, scheme=scheme)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_narrow_window(visit: Opener, path: str) -> None:
    page = look_at(visit(width=320), path)

    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
