"""What holds for every page, icon and style, whoever wrote it."""

from __future__ import annotations

import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask, render_template

from campus.errors import text
from campus.members.models import Actor, Duty, Role

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS = STATIC / "css" / "campus.css"
LARGEST_CSS = 18_000  # bytes sent, compressed
STATUSES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
FOUNDER = Actor(
    person_id=1,
    name="Femke Postma",
    email="founder@demo.example",
    language="nl",
    organisation_id=1,
    organisation_name="Terpdata",
    role=Role.MEMBER,
)
FRONT_DESK = Actor(
    person_id=2,
    name="Rixt Boersma",
    email="desk@demo.example",
    language="nl",
    organisation_id=2,
    organisation_name="Noorderkwartier",
    role=None,
    duties=frozenset({Duty.FRONT_DESK}),
)


class Outline(HTMLParser):
    """The tags and attributes of a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every `tag`."""
        return [attributes for name, attributes in self.tags if name == tag]


def error_page(app: Flask, status: int, *, path: str = "/nl/nowhere", **more: object) -> Outline:
    """Return the page of an error, as it is written for somebody or nobody."""
    with app.test_request_context(path):
        app.preprocess_request()
        page = render_template(
            "errors/error.html",
            **{"status": status, "message": text("today"), "reference": "", "actor": None, **more},
        )
    return Outline(page)


def ways_on(page: Outline) -> list[str | None]:
    """Return the addresses of the dark buttons."""
    return [a["href"] for a in page.all("a") if "ink" in (a.get("class") or "").split()]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("status", STATUSES)
def test_every_error_says_what_happened_and_has_one_way_on(
    sqlite_app: Flask, status: int, language: str
) -> None:
    page = error_page(sqlite_app, status, path=f"/{language}/nowhere")

    assert page.all("html")[0]["lang"] == language
    assert len(page.all("h1")) == 1
    assert len(ways_on(page)) == 1


@pytest.mark.parametrize(
    ("status", "actor", "address"),
    [
        (401, None, "/nl/sign-in"),
        (403, None, "/nl/book"),
        (403, FOUNDER, "/nl/me"),
        (404, FOUNDER, "/nl/book"),
        (500, FOUNDER, "/nl/nowhere?x=1"),
        (503, None, "/nl/nowhere?x=1"),
    ],
)
def test_the_way_on_fits_what_went_wrong(
    sqlite_app: Flask, status: int, actor: Actor | None, address: str
) -> None:
    page = error_page(sqlite_app, status, path="/nl/nowhere?x=1", actor=actor)

    assert ways_on(page) == [address]


def test_a_page_of_nobody_offers_to_sign_in_and_nothing_of_members(sqlite_app: Flask) -> None:
    links = {link["href"] for link in error_page(sqlite_app, 404).all("a")}

    assert {"/nl/sign-in", "/nl/book", "/nl/help", "/en/nowhere"} <= links
    assert not {"/nl/me", "/nl/staff/today"} & links


def test_the_staff_menu_is_for_staff(sqlite_app: Flask) -> None:
    pages = {
        actor.name: error_page(sqlite_app, 404, actor=actor, section="staff")
        for actor in (FOUNDER, FRONT_DESK)
    }

    seen = {
        name: {link["href"] for link in page.all("a")} & {"/nl/staff/today", "/nl/staff/journal"}
        for name, page in pages.items()
    }
    assert seen == {
        "Femke Postma": set(),
        "Rixt Boersma": {"/nl/staff/today", "/nl/staff/journal"},
    }


def test_the_menu_of_a_signed_in_person_can_sign_out(sqlite_app: Flask) -> None:
    page = error_page(sqlite_app, 404, actor=FOUNDER)

    assert {"/nl/theme", "/nl/sign-out"} <= {form["action"] for form in page.all("form")}
    assert {"name": "robots", "content": "noindex"} in page.all("meta")
    assert [button.get("popovertarget") for button in page.all("button")].count("more") == 2


def test_requests_of_scripts_carry_the_token_of_the_forms(sqlite_app: Flask) -> None:
    page = error_page(sqlite_app, 404)

    (body,) = page.all("body")
    headers = json.loads(body["hx-headers:inherited"] or "")
    tokens = {field["value"] for field in page.all("input") if field["name"] == "csrf_token"}
    assert {headers["X-CSRFToken"]} == tokens != {""}


@pytest.mark.parametrize(
    ("cookie", "theme", "colours"),
    [
        ("", None, ["#f4f6f1", "#0b1614"]),
        ("theme=light", "light", ["#f4f6f1"]),
        ("theme=dark", "dark", ["#0b1614"]),
    ],
    ids=["as the system", "light", "dark"],
)
def test_a_page_has_the_theme_that_was_chosen(
    sqlite_app: Flask, cookie: str, theme: str | None, colours: list[str]
) -> None:
    with sqlite_app.test_request_context("/nl/nowhere", headers={"Cookie": cookie}):
        sqlite_app.preprocess_request()
        page = Outline(
            render_template("errors/error.html", status=404, message="", reference="", actor=None)
        )

    metas = [meta for meta in page.all("meta") if meta.get("name") == "theme-color"]
    assert page.all("html")[0].get("data-theme") == theme
    assert [meta["content"] for meta in metas] == colours


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_link_of_a_template_leads_to_a_page_that_exists(
    sqlite_app: Flask, path: Path
) -> None:
    asked = re.findall(r"""url_for\(\s*["']([\w.]+)["']""", path.read_text(encoding="utf-8"))

    assert set(asked) <= set(sqlite_app.view_functions)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_of_a_template_is_in_the_sprite(path: Path) -> None:
    asked = re.findall(
        r"""\bicon(?:_name)?[(=]\s*["']([\w-]+)["']""", path.read_text(encoding="utf-8")
    )

    assert {f"i-{name}" for name in asked} <= set(sprite_ids())


def test_the_sprite_is_well_formed() -> None:
    ids = sprite_ids()

    assert len(ids) == len(set(ids)) > 50
    assert all(name.startswith("i-") for name in ids)


def sprite_ids() -> list[str]:
    """Return the ids of all symbols in the sprite."""
    root = ElementTree.parse(STATIC / "icons.svg").getroot()  # noqa: S314 - our own file
    return [str(symbol.get("id")) for symbol in root]


def test_the_style_sheet_is_small_and_asks_only_for_what_is_there() -> None:
    style = CSS.read_text(encoding="utf-8")
    asked = re.findall(r"""url\(["']?([^"')#]+)""", style)

    assert len(gzip.compress(style.encode(), compresslevel=6)) <= LARGEST_CSS
    assert asked
    assert all((CSS.parent / path).is_file() for path in asked)


def test_every_place_and_length_of_a_strip_has_its_class() -> None:
    style = CSS.read_text(encoding="utf-8")

    starts = {int(found) for found in re.findall(r"\.s(\d+) \{ --s:\d+; grid-column-start", style)}
    lengths = {int(found) for found in re.findall(r"\.l(\d+) \{ --l:\d+; grid-column-end", style)}

    assert starts == set(range(48))
    assert lengths == set(range(1, 49))
