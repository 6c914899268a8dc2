"""What is typed and sent: it comes back as text, leads nowhere else, and has limits."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campus.db import db, unit_of_work
from campus.members.models import Actor, Organisation, Person, StaffRole
from campus.outbox.models import Message
from campus.web.security import safe_target
from tests.factories import (
    PASSWORD,
    csrf_token,
    make_member,
    make_organisation,
    make_person,
    make_staff,
    sign_in,
)
from tests.members.doors import (
    GOOD,
    PLACE,
    person_of,
    post,
    with_password,
)
from tests.web.surface import (
    addresses,
    booked,
    hashes_counted,
    rows,
)

PAYLOADS = ["<script>alert(1)</script>", '"onfocus="alert(1)" x="', "'; DROP TABLE person; --"]


# --- input and output ----------------------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_comes_back_as_text(client: FlaskClient, app: Flask, payload: str) -> None:
    with unit_of_work():
        organisation = db.session.merge(make_organisation(payload))
        person = db.session.merge(make_person(payload))
    member = with_password(make_member(organisation, person=person))
    letter = post(client, "/nl/sign-in/forgotten", email=member.email)
    sign_in(client, member)
    visitor = app.test_client()
    pages = [
        client.get(PLACE).text,
        client.get(letter.location).text,
        db.session.scalars(select(Message)).one().html,
        post(visitor, "/nl/sign-in", email=payload, password="x").text,
        post(visitor, "/nl/sign-in", email="a", password="x", next=payload, carry=payload).text,
        visitor.get("/nl/sign-in", query_string={"next": payload, "carry": payload}).text,
        visitor.get(f"/nl/{payload}").text,
        client.get("/nl/bookings/new", query_string=dict.fromkeys(("title", "day"), payload)).text,
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert '"onfocus=' not in page
    assert "&lt;script" in pages[0] or "script" not in payload


def test_odd_values_in_addresses_never_break_a_page(
    signed_in: FlaskClient, app: Flask, member: Actor
) -> None:
    names = ("day", "from", "to", "kind", "floor", "zone", "has", "space", "view", "week", "next",
             "carry", "before", "q", "all", "page")  # fmt: skip
    values = ("'", "--", "%", "\x00", "\ud7ff", "9" * 400, "-1", "2026-99-99", "9999-12-31", "NaN",
              "'; SELECT pg_sleep(9); --", "../../etc/passwd", "‮", "1e3", "[]")  # fmt: skip
    staff = app.test_client()
    sign_in(staff, make_staff())
    pages = [*addresses(app, "GET"), *booked(member)]
    before = rows()

    for page in pages:
        for value in values:
            query = dict.fromkeys(names, value)
            browser = staff if "/staff/" in page else signed_in
            assert browser.get(page, query_string=query).status_code < 500, (page, value)
    assert rows() == before


def test_of_a_doubled_field_the_first_counts(client: FlaskClient, member: Actor) -> None:
    token = csrf_token(client.get("/nl/sign-in").text)

    def enter(*passwords: str) -> int:
        data = {"csrf_token": token, "email": [member.email, "b"], "password": [*passwords]}
        return client.post("/nl/sign-in", data=data).status_code

    assert enter(GOOD, PASSWORD) == 422
    assert enter(PASSWORD, GOOD) == 303


SAFE = ["/nl/me", "/nl/book?day=2026-11-26&space=1.32", "/nl/bookings/new?carry=a.b.c#x", "/@x"]
UNSAFE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "https://evil.example", "https:evil.example", "javascript:alert(1)", "evil.example",
    "/nl/\r\nSet-Cookie: a=b", " //evil.example", "/\x00/evil", "http:///evil", "/%0d%0a\n", "",
    "?x", "/é", "/ /evil", "//\u200aevil.example", "/\u2028evil",
]  # fmt: skip


@pytest.mark.parametrize("target", [*SAFE, *UNSAFE])
def test_signing_in_leads_only_to_pages_of_this_campus(
    client: FlaskClient, member: Actor, target: str
) -> None:
    answer = post(client, "/nl/sign-in", email=member.email, password=PASSWORD, next=target)

    assert answer.status_code == 303
    assert answer.location == (target if target in SAFE else "/nl/me")
    assert safe_target(target) == (target if target in SAFE else None)


def test_a_foreign_host_gets_neither_a_page_nor_a_mail(client: FlaskClient, member: Actor) -> None:
    assert client.get("/nl/sign-in", headers={"Host": "localhost"}).status_code == 200
    token = csrf_token(client.get("/nl/sign-in/forgotten").text)
    fields = {"csrf_token": token, "email": member.email}

    for page in ("/", "/nl/sign-in", "/nowhere", "/static/x/y.css"):
        assert client.get(page, headers={"Host": "evil.example"}).status_code == 400, page
    forward = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    sent = client.post("/nl/sign-in/forgotten", data=fields, headers=forward)

    assert sent.status_code == 303
    letter = db.session.scalars(select(Message)).one()
    assert "evil" not in letter.text + letter.html + sent.location
    assert letter.text.count("http://localhost/nl/sign-in/reset/") == 1


def test_fields_that_no_form_has_change_nothing(signed_in: FlaskClient, member: Actor) -> None:
    more = {
        "role": "org_admin", "duty": "sysadmin", "is_staff": "1", "duties": "sysadmin", "id": "1",
        "organisation_id": "999", "person_id": "999", "active": "0", "email": "evil@evil.example",
        "fs_uniquifier": "x", "name": "Evil", "login_count": "999",
    }  # fmt: skip
    before = columns(person_of(member))

    assert post(signed_in, PLACE, current=PASSWORD, password=GOOD, **more).status_code == 303

    after = columns(person_of(member))
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"password", "fs_uniquifier", "login_count", "current_login_at",
                       "last_login_at", "last_login_ip", "current_login_ip"}  # fmt: skip
    assert after["login_count"] == 2
    assert after["fs_uniquifier"] != "x"
    assert db.session.scalar(select(func.count()).select_from(StaffRole)) == 0
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def columns(person: Person) -> dict[str, object]:
    """Return the columns of a person's row."""
    db.session.refresh(person)
    return {column.key: getattr(person, column.key) for column in Person.__table__.columns}


# --- limits --------------------------------------------------------------------------------------


def test_a_body_has_a_limit(signed_in: FlaskClient) -> None:
    token = csrf_token(signed_in.get(PLACE).text)
    limit = 2 * 1024 * 1024
    form = "application/x-www-form-urlencoded"

    def sent(size: int) -> int:
        start = f"csrf_token={token}&current=x&password="
        body = start + "x" * (size - len(start))
        return signed_in.post(PLACE, data=body, content_type=form).status_code

    assert sent(limit) == 422
    assert sent(limit + 1) == 413


def test_a_field_and_the_number_of_fields_have_a_limit(signed_in: FlaskClient) -> None:
    token = csrf_token(signed_in.get(PLACE).text)

    def theme(**fields: str) -> int:
        data = {"csrf_token": token, "theme": "dark", **fields}
        answer = signed_in.post("/nl/theme", data=data, content_type="multipart/form-data")
        return answer.status_code

    assert theme(x="y" * 199_000) == 303
    assert theme(x="y" * 201_000) == 413
    assert theme(**{f"f{number}": "" for number in range(198)}) == 303
    assert theme(**{f"f{number}": "" for number in range(199)}) == 413


def test_an_address_has_a_limit(client: FlaskClient) -> None:
    path = "/nl/sign-in?x="
    longest = path + "y" * (8000 - len(path))

    assert client.get(longest).status_code == 200
    assert client.get(longest + "y").status_code == 414


@pytest.mark.parametrize(
    "password",
    [
        "x" * 257,
        "x" * 5_000,
        "x" * 1_000_000,
        "\ufdfa" * 256,
        "🦆" * 256,
        "a\x00b" * 80,
        "\ud7ff" * 99,
    ],
    ids=["257", "5000", "a million", "grows", "ducks", "nul", "last before surrogates"],
)
def test_a_very_long_or_odd_password_is_refused_quickly(
    client: FlaskClient, member: Actor, password: str
) -> None:
    token = csrf_token(client.get("/nl/sign-in").text)

    def enter(typed: str) -> int:
        fields = {"csrf_token": token, "email": member.email, "password": typed}
        return client.post("/nl/sign-in", data=fields).status_code

    with hashes_counted() as hashes:
        assert enter(password) == 422
    assert len(hashes) == (0 if len(password) > 256 else 1)
    assert enter(PASSWORD) == 303
    changed = post(client, PLACE, current=password, password=password)
    assert changed.status_code == 422


@pytest.mark.parametrize(
    "email", ["x" * 255, "a\x00@b.nl", "x" * 100_000, "\u202ea@b.nl", "🦆@🦆.nl"]
)
def test_a_very_long_or_odd_address_is_refused_quickly(
    client: FlaskClient, member: Actor, email: str
) -> None:
    assert post(client, "/nl/sign-in", email=email, password="x").status_code == 422
    assert post(client, "/nl/sign-in/forgotten", email=email).status_code in {303, 422}
    assert post(client, "/nl/sign-in", email=member.email, password=PASSWORD).status_code == 303
