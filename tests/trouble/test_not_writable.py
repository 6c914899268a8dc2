"""A database that can be read and not written: nothing is written, nothing typed is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from campus.bookings.models import Booking
from campus.db import db
from tests.bookings.visits import HOURS, SCRIPT, Visit, claims, code_of, hidden_in, page_of
from tests.factories import PASSWORD, csrf_token
from tests.trouble import causes

TYPED = {
    **HOURS,
    "space": "hunze",
    "to": "10:00",
    "title": "Zes < zeven",
    "note": "Ramen dicht",
    "idem": "first-key",
}
READING = ["/", "/me", "/book", "/bookings/new?space=1.32", "/spaces/hunze", "/help", "/sign-in"]
AT_ONCE = 3.0  # seconds; patience with another who writes is 5 or 10


@contextmanager
def busy() -> Iterator[None]:
    """Somebody else is writing for longer than anybody waits."""
    with causes.short_patience(), causes.held("SELECT id FROM person FOR UPDATE"):
        yield


CAUSES = [
    pytest.param(causes.only_readable, "can only be read", id="read-only"),
    pytest.param(busy, "database is busy", id="busy"),
]
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
Cause = Callable[[], AbstractContextManager[None]]


def is_unavailable(answer: TestResponse, said: str) -> str:
    """Assert that an answer asks for patience in words; return the page."""
    html = answer.get_data(as_text=True)
    assert answer.status_code == 503, page_of(answer)
    assert answer.headers["Retry-After"] == "5"
    assert said in unescape(html)
    assert "Traceback" not in html
    return html


@pytest.mark.parametrize(("cause", "said"), CAUSES)
def test_a_booking_is_not_made_and_its_form_stands_there_as_it_was(
    mine: Visit, cause: Cause, said: str
) -> None:
    before = causes.rows()

    with cause():
        html = is_unavailable(mine.post("/bookings", TYPED), said)

    assert causes.rows() == before
    assert '<html lang="en"' in html
    assert "Nothing was changed" in html
    for kept in ('value="Zes &lt; zeven"', "\nRamen dicht</textarea>", 'value="first-key"'):
        assert kept in html
    assert all(f"<option selected>{at}</option>" in html for at in ("09:00", "10:00"))
    code_of(mine.post("/bookings", TYPED))


@pytest.mark.parametrize(("cause", "said"), CAUSES)
def test_any_free_one_is_not_taken_and_the_wish_is_kept(
    mine: Visit, cause: Cause, said: str
) -> None:
    wish = {**HOURS, "any": "desk", "idem": "first-key"}

    with cause():
        html = is_unavailable(mine.post("/bookings", wish), said)

    assert claims() == 0
    assert 'name="any" value="desk"' in html


@pytest.mark.parametrize(("cause", "said"), CAUSES)
def test_the_dock_offers_to_send_the_same_once_more(mine: Visit, cause: Cause, said: str) -> None:
    with cause():
        html = is_unavailable(mine.post("/bookings", TYPED, headers=SCRIPT), said)

    assert claims() == 0
    again = hidden_in(html.partition("<form")[2])
    assert {name: again[name] for name in TYPED} == TYPED
    code_of(mine.post("/bookings", {name: again[name] for name in TYPED}))


@pytest.mark.parametrize(("cause", "said"), CAUSES)
@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("extend", {"minutes": "15", "revision": "1"}),
        ("cancel", {"reason": "ziek"}),
        ("undo", {}),
        ("change", {**TYPED, "to": "11:00", "revision": "1"}),
    ],
)
def test_a_booking_stays_as_it_is(
    mine: Visit, cause: Cause, said: str, verb: str, fields: dict[str, str]
) -> None:
    code = code_of(mine.post("/bookings", TYPED))
    before = causes.rows()

    with cause():
        is_unavailable(mine.post(f"/bookings/{code}/{verb}", fields), said)

    assert causes.rows() == before
    assert (mine.booking().revision, mine.booking().ends_at.hour) == (1, 9)


@pytest.mark.parametrize(("cause", "said"), CAUSES)
def test_pages_are_read_as_ever(mine: Visit, cause: Cause, said: str) -> None:
    with cause():
        answers = {path: mine.get(path).status_code for path in READING}
        health = [mine.client.get(path).status_code for path in ("/healthz", "/readyz")]

    assert answers == {path: 303 if path == "/sign-in" else 200 for path in READING}
    assert health == [200, 200]


def test_who_reads_does_not_wait_for_who_writes(
    mine: Visit, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=5))  # the session's last use is about to be noted

    with causes.held("SELECT id FROM login_session FOR UPDATE"):
        begun = time.monotonic()
        status = mine.get("/me").status_code
        took = time.monotonic() - begun

    assert status == 200
    assert took < AT_ONCE


def signing_in(mine: Visit, **more: str) -> TestResponse:
    """Try to sign in with a new browser, on the way to a form that was kept."""
    visitor = mine.client.application.test_client()
    token = csrf_token(visitor.get("/nl/sign-in").get_data(as_text=True))
    fields = {"email": mine.actor.email, "password": PASSWORD, "csrf_token": token, **more}
    return visitor.post("/nl/sign-in", data=fields)


@on_sqlite
@pytest.mark.parametrize(
    ("cause", "said"),
    [
        pytest.param(causes.only_readable, "Er kan nu alleen worden gelezen", id="read-only"),
        pytest.param(busy, "te druk om iets op te slaan", id="busy"),
    ],
)
def test_signing_in_keeps_the_address_and_the_form_on_its_way(
    mine: Visit, cause: Cause, said: str
) -> None:
    before = causes.rows()

    with cause():
        html = is_unavailable(signing_in(mine, carry="a-kept-form", next="/nl/me"), said)

    assert causes.rows() == before
    assert '<html lang="nl"' in html
    assert f'value="{mine.actor.email}"' in html
    assert 'name="carry" value="a-kept-form"' in html
    assert 'name="next" value="/nl/me"' in html
    assert PASSWORD not in html


@on_sqlite
def test_a_wrong_password_is_not_told_from_a_right_one(mine: Visit) -> None:
    with causes.only_readable():
        is_unavailable(signing_in(mine, password="wrong"), "alleen worden gelezen")


@pytest.mark.parametrize(("cause", "said"), CAUSES)
def test_asking_for_a_link_can_be_sent_once_more(mine: Visit, cause: Cause, said: str) -> None:
    fields = {"email": mine.actor.email}

    with cause():
        html = is_unavailable(mine.post("/sign-in/forgotten", fields), said)

    form = html.partition('action="/en/sign-in/forgotten"')[2].partition("</form>")[0]
    assert hidden_in(form)["email"] == mine.actor.email


# --- no room left -----------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("place", [{"space": "hunze"}, {"space": "", "any": "meeting_room"}])
def test_a_full_disk_takes_no_booking_and_half_of_none(
    mine: Visit, app: Flask, place: dict[str, str]
) -> None:
    with causes.full_disk():
        html = is_unavailable(mine.post("/bookings", {**TYPED, **place}), "no room left to save")
        pages = {mine.get(path).status_code for path in READING}

    assert pages == {200, 303}
    assert 'value="Zes &lt; zeven"' in html
    assert claims() == 0
    assert db.session.scalars(select(Booking)).all() == []
    assert app.test_cli_runner().invoke(args=["doctor"]).exit_code == 0
    code_of(mine.post("/bookings", {**TYPED, **place}))
