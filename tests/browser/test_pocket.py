"""A phone without a network: it shows what its reader booked, and nothing of anybody else."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, Visit

PHONE = 390
FAR_AWAY = datetime(2100, 1, 1, tzinfo=UTC)

# Waits until a page that was kept for somebody holds some words, and returns whether it came.
KEPT = """async (words) => {
  await navigator.serviceWorker.ready;
  for (let turn = 0; turn < 200; turn += 1) {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of name.startsWith("mine-") ? await cache.keys() : []) {
        const answer = await cache.match(request);
        if (answer && (await answer.text()).includes(words)) return true;
      }
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}"""
ADDRESSES = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) {
      found.push(name.split("-")[0] + " " + new URL(url).pathname);
    }
  }
  return found.sort();
}"""


# Waits until nothing is kept for anybody and stays so; returns whether it came to that.
NOTHING = """async () => {
  for (let turn = 0, empty = 0; turn < 200; turn += 1) {
    const names = (await caches.keys()).filter((name) => name.startsWith("mine-"));
    const kept = names.map(async (name) => (await (await caches.open(name)).keys()).length);
    empty = (await Promise.all(kept)).every((count) => count === 0) ? empty + 1 : 0;
    if (empty === 10) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}"""


def kept(page: Page, words: str) -> None:
    """Wait until the phone keeps a page with some words."""
    assert page.evaluate(KEPT, words), page.evaluate(ADDRESSES)


def mine(page: Page) -> list[str]:
    """Return what is kept for somebody."""
    return [one for one in page.evaluate(ADDRESSES) if one.startswith("mine")]


def without_network(window: Visit, path: str) -> Page:
    """Lose the network, and go to a page all the same."""
    window.context.set_offline(True)
    return window.go(path)


def sign_out(page: Page) -> None:
    """Sign out through the menu, as on a phone."""
    page.locator(".tabs button").click()
    page.locator("#more form[action$='/sign-out'] button").click()
    page.wait_for_url(lambda url: url.endswith("/nl/"))


def test_without_a_network_a_member_sees_what_is_booked(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    kept(window.go("/me"), "1.32")

    page = without_network(window, "/book?kind=desk")

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#coming li").first).to_contain_text("Bureau 1.32")
    expect(page.locator("#coming li").first).to_contain_text("09:00–17:30")
    expect(page.locator("#coming li").first).to_contain_text("Lift naar 1")
    assert page.url.endswith("/nl/book?kind=desk")
    size = page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    assert "Campus Display" in size  # the style sheet came from the phone


def test_the_network_returns_and_so_does_the_page(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    kept(window.go("/me"), "1.32")
    page = without_network(window, "/help")

    window.context.set_offline(False)

    expect(page.locator(".tabs")).to_be_visible()
    assert page.url.endswith("/nl/help")


def test_after_signing_out_nothing_is_left(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    page = window.go("/me")
    kept(page, "1.32")

    sign_out(page)

    assert mine(page) == []
    page = without_network(window, "/me")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#coming")).to_have_count(0)
    assert "1.32" not in page.inner_text("main")


def test_signing_out_forgets_even_where_the_campus_does_not_hear_of_it(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    page = window.go("/me")
    kept(page, "1.32")

    window.context.set_offline(True)
    page.locator(".tabs button").click()
    page.locator("#more form[action$='/sign-out'] button").click()
    page.wait_for_url("chrome-error://chromewebdata/")

    page = window.go("/me")
    expect(page.locator("h1")).to_be_visible()
    assert "1.32" not in page.inner_text("main")


def test_a_page_left_open_keeps_nothing_once_its_session_is_over(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    page = window.go("/me")
    kept(page, "1.32")
    window.context.clear_cookies()

    page.evaluate("document.dispatchEvent(new Event('booked'))")

    assert page.evaluate(NOTHING), mine(page)


def test_who_signs_in_next_sees_nothing_of_who_was_there(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    kept(window.go("/me"), "1.32")
    window.context.clear_cookies()

    window.sign_in("outsider")
    kept(window.page, 'id="none"')

    page = without_network(window, "/me")
    assert "1.32" not in page.inner_text("main")


def test_a_session_that_ended_by_itself_leaves_nothing(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    kept(window.go("/me"), "1.32")
    window.context.clear_cookies()

    page = window.go("/help")

    assert page.evaluate(NOTHING), mine(page)


def test_for_staff_nothing_is_kept(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    kept(window.go("/me"), "1.32")
    window.context.clear_cookies()

    window.sign_in("desk")
    page = window.go("/staff/today")

    expect(page.locator("h1")).to_be_visible()
    assert mine(page) == []


def test_what_was_booked_a_moment_ago_is_kept_without_another_page(visit: Opener) -> None:
    window = visit(who="office", width=PHONE)
    page = window.go("/book?kind=phone_booth")
    page.wait_for_load_state("networkidle")
    space = page.locator("#dock-form [name=space]").input_value()
    page.locator("#dock .btn.go").click()
    expect(page.locator("#dock [role=status]")).to_contain_text("Geboekt")

    kept(page, f"Belcel {space.title()}")


def test_the_page_speaks_the_language_of_the_one_that_was_asked_for(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE, language="en")
    kept(window.go("/me"), "Desk 1.32")

    page = without_network(window, "/help")

    expect(page.locator("h1")).to_have_text("Without a network")
    expect(page.locator("#coming li").first).to_contain_text("Desk 1.32")


def test_what_is_over_is_left_out(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    kept(window.go("/me"), "1.32")
    window.page.clock.set_fixed_time(FAR_AWAY)

    page = without_network(window, "/me")

    expect(page.locator("#none")).to_be_visible()
    expect(page.locator("#coming")).to_be_hidden()


def test_only_the_shell_and_the_page_without_a_network_are_kept(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE)
    for path in ("/book", "/help", "/me"):
        page = window.go(path)
    kept(page, "1.32")

    found = page.evaluate(ADDRESSES)

    pages = [one for one in found if "/static/" not in one]
    assert pages == ["mine /nl/offline", "shell /en/offline", "shell /nl/offline"]


def test_a_new_release_deletes_what_the_last_one_kept(visit: Opener) -> None:
    window = visit(width=PHONE)
    window.go("/help").evaluate(
        "async () => { await caches.open('shell-old'); await caches.open('mine-old'); }"
    )

    window.sign_in("founder")
    kept(window.go("/me"), "1.32")

    names = window.page.evaluate("caches.keys()")
    assert sorted(name.split("-")[0] for name in names) == ["mine", "shell"]
    assert not [name for name in names if name.endswith("-old")]


def test_without_script_nothing_is_kept_and_nothing_is_missing(visit: Opener) -> None:
    window = visit(who="founder", width=PHONE, script=False)

    page = window.go("/me")

    expect(page.locator("h1")).to_be_visible()
    assert window.context.service_workers == []
