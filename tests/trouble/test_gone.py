"""PostgreSQL that is gone, or goes at the worst moment: no draft lost, nothing half done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from campus.app import create_app
from campus.bookings import faults
from campus.bookings.models import Booking, BookingChange
from campus.db import db
from campus.journal.models import Entry
from campus.occupancy.models import Occupancy
from campus.outbox.models import Message
from tests.bookings.visits import HOURS, SCRIPT, Visit, claims, code_of, hidden_in, page_of
from tests.conftest import Visitor, close, empty, settings
from tests.factories import PASSWORD
from tests.trouble import causes
from tests.trouble.conftest import member_in_house
from tests.trouble.gate import Gate

TYPED = {
    **HOURS,
    "space": "hunze",
    "to": "10:00",
    "title": "Zes < zeven",
    "note": "Ramen dicht",
    "idem": "first-key",
}
PAGES = ["/nl/", "/nl/me", "/nl/book", "/nl/bookings/new", "/nl/spaces/hunze", "/nl/help"]
WITHIN = 4.0  # seconds; /readyz gives the database one


@pytest.fixture(scope="module")
def gate(postgresql_app: Flask, postgresql_url: str) -> Iterator[Gate]:
    """The way of an application to its database; the test itself goes another one."""
    gate = Gate(postgresql_url)
    yield gate
    gate.close()


@pytest.fixture(scope="module")
def behind(gate: Gate) -> Iterator[Flask]:
    """An application behind the gate."""
    app = create_app(settings(gate.url))
    app.test_client_class = Visitor
    yield app
    close(app)


@pytest.fixture
def mine(
    postgresql_app: Flask, gate: Gate, behind: Flask, clock: time_machine.Traveller
) -> Iterator[Visit]:
    """A member's browser at the application behind the gate, which is open."""
    gate.close()
    gate.open()
    with postgresql_app.app_context():
        yield member_in_house(behind.test_client())
        db.session.rollback()
        empty()


# --- gone -------------------------------------------------------------------------------------


def test_every_page_says_so_in_the_readers_language(gate: Gate, mine: Visit) -> None:
    gate.close()

    answers = [mine.client.get(path) for path in PAGES]

    for answer in answers:
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert "De campus is even bezet" in page_of(answer)
        assert '<html lang="nl"' in answer.get_data(as_text=True)


def test_health_tells_the_process_from_its_database(gate: Gate, mine: Visit) -> None:
    ready = mine.client.get("/readyz").status_code
    gate.close()

    for who in (mine.client, mine.client.application.test_client()):
        answer = who.get("/readyz")
        assert (who.get("/healthz").status_code, answer.status_code) == (200, 503)
        assert '"database":"does not answer"' in answer.get_data(as_text=True)
    assert ready == 200


def test_a_form_sent_meanwhile_can_be_sent_once_more_as_it_was(gate: Gate, mine: Visit) -> None:
    gate.close()
    answer = mine.post("/bookings", TYPED)
    gate.open()

    html = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "What you filled in is kept on this page." in page_of(answer)
    form = html.partition('action="/en/bookings"')[2].partition("</form>")[0]
    kept = hidden_in(form)
    assert {name: kept[name] for name in TYPED} == TYPED
    assert claims() == 0
    code_of(mine.client.post("/en/bookings", data=kept))
    assert mine.booking().title == "Zes < zeven"


def test_a_script_gets_the_same_page(gate: Gate, mine: Visit) -> None:
    gate.close()

    answer = mine.post("/bookings", TYPED, headers=SCRIPT)

    assert answer.status_code == 503
    assert 'id="dock"' not in answer.get_data(as_text=True)  # so that the form is sent by itself


def test_signing_in_keeps_the_address_and_never_the_password(gate: Gate, mine: Visit) -> None:
    gate.close()

    fields = {"email": mine.actor.email, "password": PASSWORD, "carry": "a-kept-form"}
    answer = mine.post("/sign-in", fields)

    html = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert f'value="{mine.actor.email}"' in html
    assert 'name="carry" value="a-kept-form"' in html
    assert PASSWORD not in html


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/me/password", {"current": PASSWORD, "password": "drie koeien in de wei"}),
        ("/sign-in/reset/token", {"password": "drie koeien in de wei"}),
    ],
)
def test_a_password_is_on_no_page(
    gate: Gate, mine: Visit, path: str, fields: dict[str, str]
) -> None:
    gate.close()

    html = mine.post(path, fields).get_data(as_text=True)

    assert "Send again" not in html
    assert all(secret not in html for secret in fields.values())


def test_a_form_whose_cookie_is_gone_too_hears_the_same(gate: Gate, mine: Visit) -> None:
    gate.close()

    answer = mine.client.post("/en/bookings", data=TYPED)

    assert answer.status_code == 503


def test_when_it_is_back_the_next_request_works(gate: Gate, mine: Visit) -> None:
    mine.get("/me")  # leaves a connection in the pool
    gate.close()
    gate.open()

    assert mine.get("/me").status_code == 200
    code_of(mine.post("/bookings", TYPED))


def test_a_server_that_never_answers_keeps_nobody_waiting_for_long(
    gate: Gate, behind: Flask, mine: Visit
) -> None:
    gate.close()
    gate.silent = True
    gate.open()

    with behind.app_context(), causes.new_connections("do_connect", in_a_hurry):
        begun = time.monotonic()
        ready = mine.client.get("/readyz")
        page = mine.get("/me")
        took = time.monotonic() - begun

    assert (ready.status_code, page.status_code) == (503, 503)
    assert took < WITHIN


def in_a_hurry(_dialect: object, _record: object, _arguments: object, more: Any) -> None:
    """Connect within the two seconds that the driver allows at least."""
    more["connect_timeout"] = 2


# --- going, in the middle of a request --------------------------------------------------------

MOMENTS = [
    b"FROM login_session",
    b"FROM space",
    b"INSERT INTO booking ",
    b"INSERT INTO occupancy",
    b"INSERT INTO booking_change",
    b"INSERT INTO journal",
    b"INSERT INTO outbox",
]


PLACES = pytest.mark.parametrize(
    "place", [{}, {"space": "", "any": "meeting_room"}], ids=["one", "any"]
)


@PLACES
@pytest.mark.parametrize("moment", MOMENTS, ids=[moment.decode().strip() for moment in MOMENTS])
def test_nothing_is_half_booked_and_the_same_form_books_it_whole(
    gate: Gate, mine: Visit, moment: bytes, place: dict[str, str]
) -> None:
    gate.cut_at(moment)

    answer = mine.post("/bookings", {**TYPED, **place})

    assert (answer.status_code, gate.fatal) == (503, b"")
    assert counts() == [0] * 5
    html = answer.get_data(as_text=True)
    assert "Nothing was changed" in html
    assert 'value="first-key"' in html
    code_of(mine.post("/bookings", {**TYPED, **place}))
    assert counts() == [1] * 5
    assert faults.faults() == []


@PLACES
@pytest.mark.parametrize("arrives", [False, True], ids=["never heard", "done unheard"])
def test_where_nobody_knows_whether_it_was_saved_no_page_says_that_it_was_not(
    gate: Gate, mine: Visit, arrives: bool, place: dict[str, str]
) -> None:
    gate.cut_at(b"COMMIT\0", arrives=arrives)

    answer = mine.post("/bookings", {**TYPED, **place})

    assert (answer.status_code, gate.fatal) == (503, b"")
    assert counts() == [int(arrives)] * 5
    words = page_of(answer)
    assert "it may have been done or not. Look before you do it again." in words
    assert "Nothing was" not in words
    assert 'value="first-key"' in answer.get_data(as_text=True)
    code = code_of(mine.post("/bookings", {**TYPED, **place}))
    assert counts() == [1] * 5
    assert mine.booking().code == code


def counts() -> list[int]:
    """Return how many of what belongs to a booking there is: it is whole when all are equal."""
    db.session.rollback()
    entries = select(Entry).where(Entry.verb == "booking.book")
    asked = [select(Booking), select(Occupancy), select(BookingChange), select(Message), entries]
    return [len(db.session.scalars(query).all()) for query in asked]


def test_a_password_that_could_not_be_saved_leaves_its_person_signed_in(
    gate: Gate, mine: Visit
) -> None:
    before = causes.rows()
    fields = {"current": PASSWORD, "password": "drie koeien in de wei"}
    gate.cut_at(b"COMMIT\0")

    answer = mine.post("/me/password", fields)

    assert (answer.status_code, gate.fatal) == (503, b"")
    assert causes.rows() == before
    assert mine.get("/me").status_code == 200
    assert mine.post("/me/password", fields).status_code == 303
