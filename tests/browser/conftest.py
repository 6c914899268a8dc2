"""A server with the demo campus, a browser, and pages that refuse to have a policy violation."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Cookie, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "noorderlicht-2026"
PATIENCE_MS = 15_000
EXPECTED = ("401 (", "409 (", "422 (", "403 (", "404 (", "503 (", "400 (", "429 (")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here as one that needs a browser."""
    for item in items:
        if Path(str(item.fspath)).parent == Path(__file__).parent:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demo campus, in a process of its own."""
    yield from served(tmp_path_factory.mktemp("browser"))


def served(folder: Path, *, hours_later: int = 0, empty: bool = False) -> Iterator[str]:
    """Serve the demo campus as it is on its morning, or some hours later, until asked again.

    An `empty` one has people, and nothing else.
    """
    file = folder / "campus.sqlite3"
    log = (folder / "server.log").open("wb")
    asked = "empty" if empty else str(hours_later)
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.browser.server", str(file), asked],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline().strip()
    assert first.startswith("http"), (file.parent / "server.log").read_text()
    yield first
    process.terminate()
    process.wait(10)
    process.stdout.close()
    log.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        if os.environ.get("CAMPUS_REQUIRE_BROWSER") == "1":
            pytest.fail("CAMPUS_REQUIRE_BROWSER=1, and there is no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Kept = dict[tuple[str, str], list[Cookie]]  # of who looks around, by address and name


@dataclass
class Visit:
    """A window of somebody, at a size, in a language and a scheme."""

    context: BrowserContext
    page: Page
    address: str
    language: str
    kept: Kept = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the campus in the visit's language."""
        self.page.goto(f"{self.address}/{self.language}{path}")
        return self.page

    def sign_in(self, name: str) -> None:
        """Sign in as one of the demo's people, through the form."""
        self.go("/sign-in")
        self.page.fill("[name=email]", f"{name}@demo.example")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def look_around_as(self, name: str) -> None:
        """Be signed in as somebody who changes nothing, once for all of their windows."""
        key = self.address, name
        if key not in self.kept:
            self.sign_in(name)
            self.kept[key] = self.context.cookies()
        self.context.add_cookies(self.kept[key])  # type: ignore[arg-type]


Opener = Callable[..., Visit]


@pytest.fixture(scope="session")
def kept() -> Kept:
    """The cookies of people who signed in to look around, by address and name."""
    return {}


@pytest.fixture
def visit(chromium: Browser, address: str, kept: Kept) -> Iterator[Opener]:
    """Open a window; at the end none may have met a policy violation or a script error."""
    opened: list[Visit] = []

    def open_one(
        *,
        who: str = "",
        width: int = 1280,
        language: str = "nl",
        scheme: str = "light",
        script: bool = True,
        at: str = "",
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            locale=language,
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        one = Visit(context, page, at or address, language, kept)
        page.on("console", lambda message: note(one, message.type, message.text))
        page.on("pageerror", lambda error: one.complaints.append(str(error)))
        opened.append(one)
        if who:
            one.sign_in(who)
        return one

    yield open_one
    for one in opened:
        one.context.close()
    assert [complaint for one in opened for complaint in one.complaints] == []


def note(one: Visit, kind: str, words: str) -> None:
    """Keep what the console complains of; a refusal's status is not a complaint."""
    if kind == "error" and not any(status in words for status in EXPECTED):
        one.complaints.append(words)
