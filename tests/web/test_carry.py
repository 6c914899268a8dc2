"""A form that lost its sign-in halfway: kept, shown again, never sent by itself."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from campus.bookings.models import Booking
from campus.db import db
from campus.members.models import Actor
from campus.web import carry
from tests.factories import NOW, PASSWORD, csrf_token, make_member, sign_in
from tests.members.doors import PLACE, is_signed_in, post, with_password

FIELDS = {
    "space": "1.32",
    "day": "2026-11-26",
    "from": "09:00",
    "to": "17:30",
    "title": "Zes < zeven & “acht”",
    "idem": "k" * 20,
}
FORM = "/nl/bookings"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def member() -> Actor:
    """A member with a password."""
    return with_password(make_member())


def sent(client: FlaskClient, fields: dict[str, str], *, token: str) -> TestResponse:
    """Send a booking form."""
    return client.post(FORM, data={**fields, "csrf_token": token})


def token_of(client: FlaskClient, page: str = "/nl/sign-in") -> str:
    """Return the token of a page."""
    return csrf_token(client.get(page).get_data(as_text=True))


def value_in(location: str | None) -> str:
    """Return the kept form in an address."""
    (value,) = parse_qs(urlsplit(location or "").query)["carry"]
    return value


def read(app: Flask, location: str) -> dict[str, str]:
    """Return what a page at this address would fill its form with."""
    with app.test_request_context(location):
        app.preprocess_request()
        return (carry.carried_form() or MultiDict()).to_dict()


@pytest.mark.usefixtures("database")
def test_a_form_whose_session_ended_stands_filled_after_signing_in_and_is_not_sent(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    with time_machine.travel(NOW, tick=False) as now:
        sign_in(client, member)
        token = token_of(client, PLACE)
        now.shift(13 * HOUR)
        refused = sent(client, FIELDS, token=token)
        shown = client.get(refused.location).get_data(as_text=True)
        value = value_in(refused.location)
        answer = post(client, "/nl/sign-in", email=member.email, password=PASSWORD, carry=value)

        assert refused.status_code == answer.status_code == 303
        assert f'name="carry" value="{value}"' in shown
        assert urlsplit(answer.location).path == "/nl/bookings/new"
        assert read(app, answer.location) == FIELDS
        page = client.get(answer.location).get_data(as_text=True)
        assert "Zes &lt; zeven &amp; “acht”" in page
        assert db.session.scalar(select(func.count()).select_from(Booking)) == 0


@pytest.mark.usefixtures("database")
def test_a_form_is_kept_also_when_the_whole_cookie_is_gone(client: FlaskClient) -> None:
    refused = sent(client, FIELDS, token="of another cookie")

    assert refused.status_code == 303
    assert value_in(refused.location)


@pytest.mark.usefixtures("database")
def test_a_form_without_a_token_of_somebody_signed_in_is_refused(
    client: FlaskClient, member: Actor
) -> None:
    sign_in(client, member)
    assert is_signed_in(client)

    assert sent(client, FIELDS, token="of another cookie").status_code == 400


@pytest.mark.usefixtures("database")
def test_a_wrong_password_on_the_way_keeps_the_form(client: FlaskClient, member: Actor) -> None:
    refused = sent(client, FIELDS, token=token_of(client))
    value = value_in(refused.location)

    answer = post(client, "/nl/sign-in", email=member.email, password="no", carry=value)

    assert f'name="carry" value="{value}"' in answer.get_data(as_text=True)


@pytest.mark.usefixtures("database")
def test_signing_in_in_english_shows_the_form_in_english(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    value = value_in(sent(client, FIELDS, token=token_of(client)).location)

    answer = post(client, "/en/sign-in", email=member.email, password=PASSWORD, carry=value)

    assert urlsplit(answer.location).path == "/en/bookings/new"
    assert read(app, answer.location) == FIELDS


@pytest.mark.usefixtures("database")
def test_passwords_and_tokens_are_never_kept(client: FlaskClient, app: Flask) -> None:
    secret = {"password": "a", "current_password": "b", "PassPhrase": "c", "api_token": "d",
              "next": "/", "carry": "e", "x" * 41: "f", "<b>": "g"}  # fmt: skip

    refused = sent(client, {**FIELDS, **secret}, token=token_of(client))

    assert read(app, f"/nl/bookings/new?carry={value_in(refused.location)}") == FIELDS


@pytest.mark.usefixtures("database")
def test_of_a_large_form_as_much_is_kept_as_fits(client: FlaskClient, app: Flask) -> None:
    many = {f"field{number}": str(number) for number in range(30)}
    noise = "".join(chr(0x4E00 + (number * 7919) % 20000) for number in range(1300))
    assert len(noise.encode()) < carry.MOST_BYTES

    first = sent(client, {**FIELDS, "note": "y" * 5000}, token=token_of(client))
    second = sent(client, many, token=token_of(client))
    third = sent(client, {**FIELDS, "note": noise}, token=token_of(client))

    for refused in (first, second, third):
        assert refused.status_code == 303
        assert len(refused.location) < 3500
    kept = [
        read(app, f"/nl/bookings/new?carry={value_in(one.location)}") for one in (first, third)
    ]
    assert kept == [FIELDS, FIELDS]
    assert len(read(app, f"/nl/bookings/new?carry={value_in(second.location)}")) == 20


@pytest.mark.usefixtures("database")
def test_a_kept_form_that_is_not_ours_or_too_old_fills_nothing(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    with time_machine.travel(NOW, tick=False) as now:
        value = value_in(sent(client, FIELDS, token=token_of(client)).location)
        page = f"/nl/bookings/new?carry={value}"
        assert read(app, page) == FIELDS
        assert read(app, f"/nl/bookings/new?carry=x{value}") == {}
        assert read(app, f"/nl/me?carry={value}") == {}
        assert read(app, "/nl/bookings/new") == {}
        now.shift(HOUR + SECOND)
        assert read(app, page) == {}
        answer = post(client, "/nl/sign-in", email=member.email, password=PASSWORD, carry=value)
        assert answer.location == "/nl/bookings/new"


@pytest.mark.usefixtures("database")
def test_what_pretends_to_be_a_kept_form_leads_nowhere_else(
    client: FlaskClient, member: Actor
) -> None:
    answer = post(
        client, "/nl/sign-in", email=member.email, password=PASSWORD, carry="//evil.example"
    )

    assert answer.location == "/nl/me"


@pytest.mark.usefixtures("database")
def test_a_form_without_a_page_of_its_own_leads_back_to_where_it_stood(
    client: FlaskClient,
) -> None:
    token = token_of(client)
    fields = {"csrf_token": token, "current": "a", "password": "b"}

    def going(referrer: str) -> str:
        answer = client.post(PLACE, data=fields, headers={"Referer": referrer})
        assert answer.status_code == 303
        return str(answer.location)

    assert going("http://localhost/nl/me/password?x=1") == "/nl/sign-in?next=/nl/me/password?x%3D1"
    assert going("http://evil.example/nl/me") == "/nl/sign-in"
