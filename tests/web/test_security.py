"""What a stranger, a colleague and a browser may not do, over all pages there are.

A test that expects a refusal first shows that its browser is signed in and may do what is allowed:
as a visitor's it would prove nothing.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import select

from campus.db import Base, db, unit_of_work
from campus.members import rules
from campus.members.models import Actor, AuthAttempt, LoginSession
from campus.outbox.models import Message
from campus.settings import WEAK_KEYS, Settings, SettingsError
from campus.web.security import network_of, place_of
from tests.conftest import KEY
from tests.factories import (
    NOW,
    PASSWORD,
    csrf_token,
    make_member,
    make_person,
    make_staff,
    sign_in,
)
from tests.members.doors import (
    GOOD,
    PLACE,
    copied,
    is_signed_in,
    link_in,
    person_of,
    post,
    with_password,
)
from tests.web.surface import (
    CAMPUS,
    TRACES,
    addresses,
    booked,
    every_answer,
    hashes_counted,
    rows,
)

GUESSES = [
    "dev", "secret", "changeme", "test", "password", "development key", "you-will-never-guess",
    "hard to guess string", "mysecretkey", "secret-key", "super-secret", "flask-insecure",
    '_5#y2L"F4Q8z\n\xec]/', "SECRET_KEY", "",
]  # fmt: skip


# --- sessions and cookies ------------------------------------------------------------------------


def test_signing_in_changes_the_session_and_the_old_cookie_stays_outside(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    client.get("/nl/sign-in")
    before = client.get_cookie("session")
    outside = copied(client, app)

    sign_in(client, member)

    after = client.get_cookie("session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert is_signed_in(client)
    assert not is_signed_in(outside)


def test_a_session_id_that_somebody_else_chose_is_not_taken_over(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    client.get("/nl/sign-in")
    with client.session_transaction() as cookie:
        cookie["sid"] = "chosen by somebody else"
    outside = copied(client, app)

    sign_in(client, member)

    assert is_signed_in(client)
    assert not is_signed_in(outside)


def test_a_cookie_copied_before_signing_out_is_worth_nothing_after(
    signed_in: FlaskClient, app: Flask
) -> None:
    copy = copied(signed_in, app)
    assert is_signed_in(copy)

    assert post(signed_in, "/nl/sign-out", page=PLACE).status_code == 303

    assert not is_signed_in(copy)
    assert not is_signed_in(signed_in)


def test_the_session_cookie_is_locked_to_the_host_over_tls(https_app: Flask) -> None:
    with https_app.app_context():
        email = with_password(make_member()).email
        db.session.remove()
    browser = FlaskClient(https_app)
    page = browser.get("/en/sign-in", base_url=CAMPUS)
    fields = {"email": email, "password": PASSWORD, "csrf_token": csrf_token(page.text)}
    headers = {"Referer": f"{CAMPUS}/en/sign-in"}
    entered = browser.post("/en/sign-in", base_url=CAMPUS, data=fields, headers=headers)
    inside = browser.get("/nl/me/password", base_url=CAMPUS)

    assert entered.status_code == 303
    assert inside.status_code == 200
    cookies = [
        cookie
        for answer in (page, entered, inside)
        for cookie in answer.headers.getlist("Set-Cookie")
    ]
    assert [one for one in cookies if one.startswith("__Host-session=")]
    for cookie in cookies:
        flags = {flag.strip().partition("=")[0].lower() for flag in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path"} <= flags, cookie
        assert "domain" not in flags, cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/;" in cookie + ";"


def test_without_tls_only_this_machine_itself_may_be_served() -> None:
    with pytest.raises(SettingsError, match="CAMPUS_BASE_URL"):
        Settings.from_env({"CAMPUS_SECRET_KEY": KEY, "CAMPUS_BASE_URL": "http://campus.example"})

    Settings.from_env({"CAMPUS_SECRET_KEY": KEY, "CAMPUS_BASE_URL": "http://127.0.0.1:8000"})


@pytest.mark.parametrize("key", GUESSES)
def test_a_forged_cookie_signs_nobody_in(app: Flask, member: Actor, key: str) -> None:
    sign_in(app.test_client(), member)
    session = db.session.scalars(select(LoginSession)).one()
    genuine = {"sid": "x", "_user_id": person_of(member).fs_uniquifier, "_fresh": True}
    assert forged(app, genuine, key=str(app.secret_key), session=session) is True

    assert forged(app, genuine, key=key, session=session) is False


def forged(app: Flask, cookie: dict[str, object], *, key: str, session: LoginSession) -> bool:
    """Whether a cookie signed with `key` is let in, whose session is there."""
    with unit_of_work():
        db.session.merge(session).sid_digest = rules.digest(str(cookie["sid"]))
    faker = Flask("faker")
    faker.secret_key = key
    signer = SecureCookieSessionInterface().get_signing_serializer(faker)
    value = signer.dumps(cookie) if signer else "e30.unsigned.unsigned"
    browser = app.test_client()
    browser.set_cookie("session", str(value))
    return is_signed_in(browser)


@pytest.mark.parametrize("key", [*GUESSES, *sorted(WEAK_KEYS), "short", "k" * 31])
def test_a_weak_key_stops_the_start(key: str) -> None:
    with pytest.raises(SettingsError, match="CAMPUS_SECRET_KEY"):
        Settings.from_env({"CAMPUS_SECRET_KEY": key})

    Settings.from_env({"CAMPUS_SECRET_KEY": KEY})


# --- CSRF, origin, methods -----------------------------------------------------------------------


def test_every_form_needs_its_token(signed_in: FlaskClient, app: Flask) -> None:
    for address in addresses(app, "POST"):
        for fields in ({}, {"csrf_token": "x"}, {"csrf_token": ""}):
            assert signed_in.post(address, data=fields).status_code == 400, address

    assert post(signed_in, "/nl/sign-out", page=PLACE).status_code == 303


def test_a_token_of_somebody_else_does_not_count(signed_in: FlaskClient, app: Flask) -> None:
    other = app.test_client()
    sign_in(other, with_password(make_member()))
    stolen = csrf_token(other.get(PLACE).text)

    assert other.post(PLACE, data={"csrf_token": stolen}).status_code == 422
    assert signed_in.post(PLACE, data={"csrf_token": stolen}).status_code == 400


def test_signing_in_needs_a_token_too(client: FlaskClient, member: Actor) -> None:
    pair = {"email": member.email, "password": PASSWORD}

    assert client.post("/nl/sign-in", data=pair).status_code == 400
    assert not is_signed_in(client)
    assert post(client, "/nl/sign-in", **pair).status_code == 303


@pytest.mark.parametrize(
    "header",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
    ],
    ids=str,
)
def test_what_another_site_sends_is_refused_also_with_the_token(
    signed_in: FlaskClient, header: dict[str, str]
) -> None:
    fields = {"csrf_token": csrf_token(signed_in.get(PLACE).text)}

    assert signed_in.post("/nl/sign-out", data=fields, headers=header).status_code == 403
    assert is_signed_in(signed_in)
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert signed_in.post("/nl/sign-out", data=fields, headers=ours).status_code == 303


def test_looking_changes_nothing(signed_in: FlaskClient, app: Flask, member: Actor) -> None:
    pages = [*addresses(app, "GET"), *addresses(app, "POST"), *booked(member)]
    staff = app.test_client()
    sign_in(staff, make_staff())
    before = rows()

    for browser in (signed_in, staff, app.test_client()):
        for page in pages:
            assert browser.get(page).status_code < 500, page
            assert browser.head(page).status_code < 500, page

    assert rows() == before
    assert is_signed_in(signed_in)


def test_a_method_cannot_be_put_in_place_of_another(signed_in: FlaskClient) -> None:
    fields = {"_method": "POST", "csrf_token": csrf_token(signed_in.get(PLACE).text)}
    override = {"X-HTTP-Method-Override": "POST"}

    assert signed_in.get("/nl/sign-out", query_string=fields, headers=override).status_code == 405
    for method in ("TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH"):
        answer = signed_in.open(PLACE, method=method, data=fields)
        assert answer.status_code == 405, method
    assert is_signed_in(signed_in)
    assert signed_in.post("/nl/sign-out", data=fields).status_code == 303


def test_a_page_takes_no_json(signed_in: FlaskClient, app: Flask) -> None:
    token = csrf_token(signed_in.get(PLACE).text)
    for address in addresses(app, "POST"):
        for body in ('"x"', "[]", "{}", "nonsense", "[" * 5000):
            answer = signed_in.post(
                address,
                data=body,
                content_type="application/json",
                headers={"X-CSRFToken": token},
            )
            assert answer.status_code == 415, (address, body[:9])

    assert signed_in.post("/nl/sign-out", data={"csrf_token": token}).status_code == 303


# --- accounts ------------------------------------------------------------------------------------


def test_nobody_learns_which_addresses_are_known(app: Flask, member: Actor) -> None:
    inactive, fresh = with_password(make_member()), make_person()
    with unit_of_work():
        person_of(inactive).active = False
    addresses = [member.email, inactive.email, fresh.email, "nobody@campus.example"]

    entered = {answered(app, "/nl/sign-in", email, password=GOOD) for email in addresses}
    asked = {answered(app, "/nl/sign-in/forgotten", email) for email in addresses}

    assert len(entered) == len(asked) == 1
    assert {status for status, _page, _names in entered} == {422}
    assert {status for status, _page, _names in asked} == {303}


def answered(app: Flask, address: str, email: str, **more: str) -> tuple[int, str, str]:
    """Return status, pages and names of headers of an answer, without the address."""
    browser = app.test_client()
    with time_machine.travel(NOW, tick=False):
        answer = post(browser, address, email=email, **more)
        after = browser.get(answer.location) if answer.location else answer
    page = re.sub(r'value="[^"]{60,}"|nonce-[\w-]+|X-CSRFToken[^}]*', "", answer.text + after.text)
    return answer.status_code, page.replace(email, ""), " ".join(sorted(answer.headers.keys()))


@pytest.mark.parametrize("case", ["right", "wrong", "unknown", "none yet", "inactive"])
def test_signing_in_computes_one_hash_whoever_it_is(
    client: FlaskClient, member: Actor, case: str
) -> None:
    email = {"unknown": "nobody@campus.example", "none yet": make_person().email}.get(
        case, member.email
    )
    if case == "inactive":
        with unit_of_work():
            person_of(member).active = False
    client.get("/nl/sign-in")

    with hashes_counted() as hashes:
        password = PASSWORD if case in {"right", "inactive"} else GOOD
        answer = post(client, "/nl/sign-in", email=email, password=password)

    assert answer.status_code == (303 if case == "right" else 422)
    assert len(hashes) == 1


def test_fifteen_wrong_passwords_end_in_a_wait(client: FlaskClient, member: Actor) -> None:
    statuses = [post(client, "/nl/sign-in", email=member.email, password=GOOD) for _ in range(15)]

    assert [answer.status_code for answer in statuses[:5]] == [422] * 5
    waiting = [answer for answer in statuses if answer.status_code == 429]
    assert waiting
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in waiting)


def test_the_password_is_nowhere_but_hashed(client: FlaskClient, member: Actor) -> None:
    post(client, "/nl/sign-in/forgotten", email=member.email)
    link = link_in(db.session.scalars(select(Message)).one().text)
    assert post(client, link, password=GOOD).status_code == 303
    post(client, "/nl/sign-in", email=member.email, password=GOOD)
    assert is_signed_in(client)

    everything = [
        str(row)
        for table in Base.metadata.sorted_tables
        for row in db.session.execute(select(table)).all()
    ]
    assert not [row for row in everything if GOOD in row or PASSWORD in row]
    stored = person_of(member).password or ""
    assert stored.startswith("$argon2id$v=19$")


# --- operations ----------------------------------------------------------------------------------


def test_an_error_says_nothing_of_what_is_inside(
    signed_in: FlaskClient, app: Flask, member: Actor
) -> None:
    failures = [(what, answer) for what, answer in every_answer(app, member, signed_in)]

    for what, answer in failures:
        if answer.status_code >= 400:  # type: ignore[attr-defined]
            shown = answer.text  # type: ignore[attr-defined]
            assert TRACES.search(shown) is None, (what, TRACES.search(shown))
            assert PASSWORD not in shown
    (last,) = [answer for what, answer in failures if what == "500"]
    assert last.status_code == 500  # type: ignore[attr-defined]
    assert re.search(r"\b[0-9a-f]{8}\b", last.text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_health_says_states_and_nothing_else(client: FlaskClient, page: str) -> None:
    answer = client.get(page)

    assert answer.status_code == 200
    assert len(answer.text) < 200
    assert TRACES.search(answer.text) is None
    assert not re.search(r"\d+\.\d+|sqlite|postgres", answer.text, re.IGNORECASE)
    assert "Set-Cookie" not in answer.headers


def test_a_proxy_is_believed_only_when_it_is_counted(
    client: FlaskClient, member: Actor, https_app: Flask
) -> None:
    pair = {"email": member.email, "password": GOOD}
    forward = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    token = csrf_token(client.get("/nl/sign-in").text)
    client.post("/nl/sign-in", data={"csrf_token": token, **pair}, headers=forward)
    assert db.session.scalars(select(AuthAttempt.network)).all() == ["127.0.0.1/32"]

    browser = FlaskClient(https_app)
    forward["Referer"] = f"{CAMPUS}/nl/sign-in"
    page = browser.get("/nl/sign-in", base_url=CAMPUS, headers=forward)
    fields = {"csrf_token": csrf_token(page.text), **pair}
    behind = browser.post("/nl/sign-in", base_url=CAMPUS, data=fields, headers=forward)
    assert behind.status_code == 422
    with https_app.app_context():
        assert set(db.session.scalars(select(AuthAttempt.network))) == {"203.0.113.9/32"}


@pytest.mark.parametrize(
    ("address", "network", "place"),
    [
        ("192.0.2.17", "192.0.2.17/32", "192.0.2.0/24"),
        ("2001:db8::1", "2001:db8::/64", "2001:db8::/64"),
        ("2001:db8:0:0:9::1", "2001:db8::/64", "2001:db8::/64"),
        ("::ffff:192.0.2.17", "192.0.2.17/32", "192.0.2.0/24"),
        ("unix:", "", ""),
        (None, "", ""),
    ],
)
def test_a_network_is_an_address_or_what_one_household_has(
    address: str | None, network: str, place: str
) -> None:
    assert network_of(address) == network
    assert place_of(address) == place


def test_every_dependency_is_locked_with_its_hash() -> None:
    root = Path(__file__).resolve().parents[2]
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    needed = re.findall(r'(?m)^    "([a-z0-9-]+)>=', project.split("[project.opt")[0])
    lock = (root / "requirements.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"(?m)^([a-z0-9-]+)==.*\\\n((?:    --hash=\S+.*\n)+)", lock))

    assert set(needed) <= set(locked)
    assert all("--hash=sha256:" in hashes for hashes in locked.values())
