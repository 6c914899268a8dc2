"""What a floor is called: with its building where the campus has several."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from campus.db import db
from campus.spaces.models import Floor, SpaceKind
from tests.bookings.visits import Visit, page_of, visit
from tests.factories import (
    NOW,
    make_booking,
    make_building,
    make_house,
    make_member,
    make_space,
    make_staff,
    period,
    tomorrow,
)

SAID = "Noorderkwartier, Wierde"
PAGES = (
    "/book?kind=meeting_room",
    "/rooms",
    "/rooms/hunze",
    "/spaces/hunze",
    "/staff/spaces",
    "/staff/spaces/hunze/edit",
    "/staff/day-sheet",
    "/staff/closures/new",
    "/staff/search?q=hunze",
)


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: FlaskClient, database: None) -> Visit:
    make_house()
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, capacity=6, place_en="Wierde, window north")
    return visit(client, make_staff())


def labels() -> list[str]:
    return list(db.session.scalars(select(Floor.label).order_by(Floor.id)))


def test_a_floor_bears_its_building_where_there_are_several(desk: Visit) -> None:
    assert labels() == ["Wierde"]

    make_building("Loods")
    make_building("Molen", floor="Molen")

    assert labels() == [SAID, "Loods, Begane grond", "Molen"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_say_it_where_they_say_floors(desk: Visit, path: str) -> None:
    alone = page_of(desk.get(path))
    assert "Wierde" in alone
    assert SAID not in alone

    make_space("loods", kind=SpaceKind.MEETING_ROOM, floor=make_building("Loods"))

    assert SAID in page_of(desk.get(path))


def test_the_book_page_says_it_of_a_place_in_words_of_its_own(desk: Visit) -> None:
    make_space("loods", kind=SpaceKind.MEETING_ROOM, floor=make_building("Loods"))

    page = page_of(desk.get("/book?kind=meeting_room"))

    assert f"{SAID}, window north" in page
    assert "loods Loods, Begane grond" in page


def test_a_booking_says_it(desk: Visit) -> None:
    room = make_space("eems", kind=SpaceKind.MEETING_ROOM)
    make_building("Loods")
    booking = make_booking(make_member(), room, period(10, 12, day=tomorrow()))

    assert SAID in page_of(desk.get(f"/bookings/{booking.code}"))
