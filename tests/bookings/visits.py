"""A signed-in person at the doors of bookings, as a browser without a script would be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from campus.bookings.models import Booking
from campus.db import db
from campus.members.models import Actor
from campus.occupancy.models import Occupancy
from tests.factories import csrf_token, sign_in

HOURS = {"day": "2026-11-26", "from": "09:00", "to": "17:30"}
SCRIPT = {"HX-Request": "true"}


@dataclass
class Visit:
    """Somebody who has signed in and reads English, with the token that every form carries."""

    client: FlaskClient
    actor: Actor
    token: str

    def get(self, path: str, **more: Any) -> TestResponse:
        """Ask for a page."""
        return self.client.get(f"/en{path}", **more)

    def post(self, path: str, fields: Any = (), **more: Any) -> TestResponse:
        """Send a form, with its token."""
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        data: dict[str, list[str]] = {"csrf_token": [self.token]}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        return self.client.post(f"/en{path}", data=data, **more)

    def elsewhere(self) -> Visit:
        """Return the same browser once more, to send at the same time from another thread."""
        other = self.client.application.test_client()
        cookie = self.client.get_cookie("session")
        assert cookie is not None
        other.set_cookie("session", cookie.value)
        return Visit(other, self.actor, self.token)

    def booking(self) -> Booking:
        """Return the one booking that this person has."""
        mine = select(Booking).where(Booking.person_id == self.actor.person_id)
        return db.session.scalars(mine).one()

    def book(self, space: str = "1.32", key: str = "first-key", **fields: str) -> TestResponse:
        """Send the form of a booking for today, 09:00 to 17:30, or as said."""
        return self.post("/bookings", {"space": space, "idem": key, **HOURS, **fields})


def visit(client: FlaskClient, actor: Actor) -> Visit:
    """Sign in and read the token of a form."""
    sign_in(client, actor)
    page = client.get("/en/bookings/new").get_data(as_text=True)
    return Visit(client, actor, csrf_token(page))


def page_of(answer: TestResponse) -> str:
    """Return what a page says: its text, without its marks."""
    whole = answer.get_data(as_text=True)
    main = whole.partition('<main id="main"')[2].partition("</main>")[0] or whole
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", f"<{main}")).split())


def code_of(answer: TestResponse) -> str:
    """Return the code of the booking that an answer leads to."""
    assert answer.status_code == 303, page_of(answer)
    return answer.location.rpartition("/")[2]


def ways_of(answer: TestResponse) -> list[tuple[str, dict[str, str]]]:
    """Return the ways out of a refusal that do something at once: where to, with what."""
    whole = answer.get_data(as_text=True)
    refusal = whole.partition('id="refusal"')[2].partition("<main")[0]
    forms = re.findall(r'<form action="([^"]*)" method="post">(.*?)</form>', refusal, re.DOTALL)
    ways = [(unescape(action), hidden_in(inside)) for action, inside in forms]
    return [(action, fields) for action, fields in ways if "space" in fields and "day" in fields]


def hidden_in(form: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in found}


def claims() -> int:
    """Return how many claims the ledger holds."""
    return db.session.scalar(select(func.count()).select_from(Occupancy)) or 0


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that reach the database, without those that frame a transaction."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
