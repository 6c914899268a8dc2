"""Which language a page is in, and which one a visitor without an address in mind gets."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def visitor(sqlite_app: Flask) -> FlaskClient:
    """A browser, without a database around it."""
    return FlaskClient(sqlite_app)


@pytest.mark.parametrize(
    ("asks", "leads"),
    [("en-GB,en;q=0.9", "/en/"), ("nl,en;q=0.5", "/nl/"), ("fr", "/nl/"), ("", "/nl/")],
)
def test_the_bare_address_leads_to_the_language_of_the_browser(
    visitor: FlaskClient, asks: str, leads: str
) -> None:
    answer = visitor.get("/", headers={"Accept-Language": asks})

    assert answer.status_code == 302
    assert answer.location == leads
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


def test_the_language_chosen_last_is_remembered(visitor: FlaskClient) -> None:
    dutch = {"Accept-Language": "nl"}
    assert visitor.get("/", headers=dutch).location == "/nl/"

    visitor.get("/en/sign-in", headers=dutch)
    assert visitor.get("/", headers=dutch).location == "/en/"
    visitor.get("/nl/sign-in", headers=dutch)
    assert visitor.get("/", headers=dutch).location == "/nl/"


def test_only_a_choice_is_remembered(visitor: FlaskClient) -> None:
    page = visitor.get("/nl/sign-in", headers={"Accept-Language": "nl"})
    missing = visitor.get("/en/nowhere", headers={"Accept-Language": "nl"})

    for answer in (page, missing):
        assert not [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("lang=")]


def test_a_page_is_in_the_language_of_its_address(visitor: FlaskClient) -> None:
    dutch = visitor.get("/nl/sign-in", headers={"Accept-Language": "en"}).text
    english = visitor.get("/en/sign-in", headers={"Accept-Language": "nl"}).text

    assert '<html lang="nl"' in dutch
    assert "<h1>Inloggen</h1>" in dutch
    assert '<html lang="en"' in english
    assert "<h1>Sign in</h1>" in english


def test_an_error_is_in_the_language_of_its_address(visitor: FlaskClient) -> None:
    assert '<html lang="en"' in visitor.get("/en/nowhere", headers={"Accept-Language": "nl"}).text


@pytest.mark.parametrize("path", ["/de/", "/de/sign-in", "/NL/sign-in", "/nl2/"])
def test_a_language_that_is_not_spoken_is_no_address(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/sign-in", "/en/sign-in"),
        ("/book?kind=desk&has=a%26b", "/en/book?kind=desk&has=a%26b"),
        ("/spaces/caf%C3%A9", "/en/spaces/caf%C3%A9"),
        ("/spaces/a%3Fb%23c", "/en/spaces/a%3Fb%23c"),
        ("/spaces/%0d%0aX:y", "/en/spaces/%0D%0AX%3Ay"),
    ],
)
def test_a_page_without_its_language_is_led_to(
    visitor: FlaskClient, asked: str, led_to: str
) -> None:
    answer = visitor.get(asked, headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.headers["Location"]) == (302, led_to)
    assert visitor.head(asked).status_code == 302
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


@pytest.mark.parametrize("path", ["/nowhere", "/en/en/book", "/nl/nowhere"])
def test_what_is_no_page_in_any_language_is_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_form_without_a_language_is_not_led_anywhere(visitor: FlaskClient) -> None:
    assert visitor.post("/sign-in").status_code == 404
