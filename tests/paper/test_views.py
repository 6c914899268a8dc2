"""The sign beside a door, and the code on the page of a space."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from campus.spaces.models import Floor, Space, SpaceKind, SpaceState
from campus.web.qr import qr
from tests.bookings.visits import page_of, statements, visit
from tests.factories import make_house, make_member, make_space, make_staff

PAGE = "http://localhost/spaces/hunze"  # CAMPUS_BASE_URL of the tests
MOST = 2


@pytest.fixture
def floor(database: None) -> Floor:
    return make_house()


def room(**more: Any) -> Space:
    values = {"kind": SpaceKind.MEETING_ROOM, "name": "Hunze", "capacity": 6, **more}
    return make_space("hunze", **values)


def code_on(page: str) -> str | None:
    """Return the outline of the QR code on a page."""
    found = re.search(r'<svg class="qr".*?<path d="([^"]*)"', page, re.DOTALL)
    return found and found[1]


def test_the_sign_says_what_the_place_is_and_its_code_leads_to_its_page(
    client: FlaskClient, floor: Floor
) -> None:
    room()

    answer = client.get("/en/spaces/HUNZE/sign")

    words = page_of(answer)
    assert "Noorderkwartier Hunze Meeting room · 6 people · Wierde" in words
    assert f"Free? Scan, look and book. {PAGE}" in words
    assert code_on(answer.text) == qr(PAGE).path
    assert f'aria-label="QR code: {PAGE}"' in answer.text


def test_a_sign_leads_everybody_to_their_own_language(client: FlaskClient, floor: Floor) -> None:
    room()

    codes = {code_on(client.get(f"/{one}/spaces/hunze/sign").text) for one in ("nl", "en")}
    scanned = client.get("/spaces/hunze", headers={"Accept-Language": "en"})

    assert codes == {qr(PAGE).path}
    assert scanned.location == "/en/spaces/hunze"


def test_a_studio_has_a_sign_that_does_not_speak_of_booking(
    client: FlaskClient, floor: Floor
) -> None:
    make_space("S6", kind=SpaceKind.INCUBATOR_SLOT)

    words = page_of(client.get("/en/spaces/s6/sign"))

    assert "What is this place, and how do you get one?" in words
    assert "book." not in words


@pytest.mark.parametrize("state", [SpaceState.DRAFT, SpaceState.RETIRED])
def test_a_place_that_is_not_in_use_has_no_sign(
    client: FlaskClient, floor: Floor, state: SpaceState
) -> None:
    room(state=state)

    assert client.get("/en/spaces/hunze/sign").status_code == 404


@pytest.mark.parametrize("code", ["nowhere", "x" * 200, "%00", "🦆"])
def test_an_unknown_space_has_no_sign(client: FlaskClient, floor: Floor, code: str) -> None:
    room()

    assert client.get(f"/nl/spaces/{code}/sign").status_code == 404


def test_names_are_words_on_a_sign_not_marks(client: FlaskClient, floor: Floor) -> None:
    name = "<b>Hunze</b>" + "z" * 200
    room(name=name)

    page = client.get("/en/spaces/hunze/sign").text

    assert "<b>Hunze" not in page
    assert name in unescape(page)


def test_a_sign_asks_little_of_the_database(client: FlaskClient, floor: Floor) -> None:
    room()

    with statements() as found:
        client.get("/en/spaces/hunze/sign")

    assert len(found) <= MOST


def test_the_page_of_a_space_carries_its_code(client: FlaskClient, floor: Floor) -> None:
    room()

    assert code_on(client.get("/en/spaces/hunze?day=2026-11-27").text) == qr(PAGE).path


def test_staff_find_the_sign_on_the_page_of_a_space(client: FlaskClient, floor: Floor) -> None:
    room()
    link = 'href="/en/spaces/hunze/sign"'
    member, staff = (
        visit(client.application.test_client(), who).get("/spaces/hunze").text
        for who in (make_member(), make_staff())
    )

    assert link in staff
    assert link not in member
