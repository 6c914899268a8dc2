"""A space gets another name: what calendars say of it is written anew."""

from __future__ import annotations

from flask.testing import FlaskClient

from campus.db import db, unit_of_work
from campus.feeds import service
from campus.feeds.models import Scope
from campus.members.models import Actor
from campus.spaces.models import Space
from tests.factories import NOW, make_booking, make_space, period
from tests.feeds.conftest import subscribe


def renamed(space: Space, name: str) -> None:
    with unit_of_work():
        db.session.get_one(Space, space.id).name = name
        service.let_retell([space.id], now=NOW)


def test_every_feed_with_it_says_the_new_name(
    client: FlaskClient, femke: Actor, piet: Actor, room: Space
) -> None:
    make_booking(femke, room, period(9, 10))
    tokens = [
        subscribe(femke, Scope.MINE),
        subscribe(femke, Scope.ORGANISATION),
        subscribe(piet, Scope.SPACE, "hunze"),
        subscribe(piet, Scope.FLOOR, "1"),
        subscribe(piet, Scope.KIND, "meeting_room"),
    ]
    before = [client.get(f"/feeds/{token}.ics") for token in tokens]

    renamed(room, "Lauwers")

    for token, old in zip(tokens, before, strict=True):
        answer = client.get(f"/feeds/{token}.ics", headers={"If-None-Match": old.headers["ETag"]})
        assert answer.status_code == 200
        assert "Lauwers" in answer.text
        assert "SUMMARY:Hunze" not in answer.text
        assert "Bezet: Hunze" not in answer.text


def test_a_feed_of_another_space_stays_as_it_was(
    client: FlaskClient, femke: Actor, room: Space
) -> None:
    other = make_space("reitdiep")
    make_booking(femke, room, period(9, 10))
    token = subscribe(femke, Scope.SPACE, other.code)
    tag = client.get(f"/feeds/{token}.ics").headers["ETag"]

    renamed(room, "Lauwers")

    again = client.get(f"/feeds/{token}.ics", headers={"If-None-Match": tag})
    assert again.status_code == 304
