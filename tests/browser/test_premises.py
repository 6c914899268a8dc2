"""From an empty campus to a desk that a member books, by hand, with nothing but the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, served
from tests.browser.test_accessibility import violations

PHONE = 390


@pytest.fixture(scope="module")
def empty_campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with a manager and a member, and no building."""
    yield from served(tmp_path_factory.mktemp("empty"), empty=True)


def follow_the_yellow(page: Page, label: str) -> None:
    """Do the one next thing that the overview proposes."""
    page.locator("main .btn.go", has_text=label).click()


def test_the_first_pages_of_an_empty_campus_are_accessible(
    visit: Opener, empty_campus: str
) -> None:
    window = visit(who="manager", at=empty_campus)

    for path in ("campus", "spaces", "buildings", "features", "hours"):
        assert violations(window.go(f"/staff/{path}")) == []


def test_an_empty_campus_leads_a_person_by_the_hand(visit: Opener, empty_campus: str) -> None:
    window = visit(who="manager", at=empty_campus, script=False)
    page = window.go("/staff/campus")

    follow_the_yellow(page, "Voeg een gebouw toe")
    page.get_by_label("Naam", exact=True).fill("De Fabriek")
    page.get_by_label("Code").fill("f")
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_label("Naam", exact=True).fill("Begane grond")
    page.get_by_label("Bouwlaag").fill("0")
    page.get_by_label("Code").fill("0")
    page.get_by_role("button", name="Bewaar").click()

    follow_the_yellow(page, "Stel openingstijden in")
    for day in ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"):
        page.get_by_label(f"{day} van").fill("08:00")
        page.get_by_label(f"{day} tot").fill("18:00")
    page.get_by_role("button", name="Bewaar").click()
    window.go("/staff/campus")
    follow_the_yellow(page, "Voeg een plek toe")
    page.get_by_label("Naam", exact=True).fill("D1")
    page.get_by_label("Code").fill("D1")
    page.get_by_role("button", name="Bewaar", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Bureau D1")
    window.go("/staff/campus")
    expect(page.locator("main .btn.go")).to_have_count(0)
    member = visit(who="member", at=empty_campus, width=PHONE)
    book = member.go("/book")
    book.locator("#dock .btn.go").click()
    expect(book.get_by_role("status").filter(has_text="Geboekt")).to_be_visible()
