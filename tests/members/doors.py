"""What the tests of signing in do at the doors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from campus.db import db, unit_of_work
from campus.members import login
from campus.members.models import Actor, Person
from tests.factories import PASSWORD, csrf_token

GOOD = "drie koeien in de wei"
PLACE = "/nl/me/password"  # a page that only a signed-in person sees


def post(client: FlaskClient, address: str, *, page: str = "", **fields: str) -> TestResponse:
    """Send the form of a page, with its token."""
    shown = client.get(page or address).get_data(as_text=True)
    return client.post(address, data={"csrf_token": csrf_token(shown), **fields})


def with_password(actor: Actor, password: str = PASSWORD) -> Actor:
    """Give a person a password."""
    with unit_of_work():
        person_of(actor).password = login.hashed(password)
    return actor


def person_of(actor: Actor) -> Person:
    """Return the row of an actor."""
    return db.session.get_one(Person, actor.person_id)


def is_signed_in(client: FlaskClient) -> bool:
    """Whether this browser sees what only a signed-in person sees."""
    answer = client.get(PLACE)
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


def copied(client: FlaskClient, app: Flask) -> FlaskClient:
    """Return another browser with the same session cookie."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    other = app.test_client()
    other.set_cookie("session", cookie.value)
    return other


def link_in(text: str) -> str:
    """Return the path of the link that sets a password."""
    found = re.search(r"https?://[^/\s]+(/\w\w/sign-in/reset/\S+)", text)
    assert found is not None
    return found[1]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what is asked of the database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
