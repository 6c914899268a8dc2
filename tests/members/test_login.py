"""Sessions: how they begin, what they cost, how they end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from campus.app import create_app
from campus.db import db, unit_of_work
from campus.errors import Forbidden
from campus.members import jobs, login, rules, service
from campus.members.models import (
    Actor,
    AuthAttempt,
    Duty,
    LoginSession,
    Membership,
    Organisation,
    Relation,
    Role,
)
from tests.conftest import settings
from tests.factories import (
    NOW,
    PASSWORD,
    actor_for,
    make_member,
    make_organisation,
    make_person,
    make_staff,
    sign_in,
)
from tests.members.doors import PLACE, copied, is_signed_in, person_of, statements

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
EXPECTED: dict[str, object] = {
    "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
    "SESSION_PROTECTION": None,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 19456,
        "argon2__rounds": 2,
        "argon2__parallelism": 1,
    },
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
    "SECURITY_PASSWORD_COMPLEXITY_CHECKER": None,
    "SECURITY_PASSWORD_CHECK_BREACHED": None,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_REGISTERABLE": False,
    "SECURITY_CONFIRMABLE": False,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_CHANGE_EMAIL": False,
    "SECURITY_TRACKABLE": True,
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=1),
    "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
    "SECURITY_TWO_FACTOR": False,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": False,
    "SECURITY_WEBAUTHN": False,
    "SECURITY_FRESHNESS": timedelta(minutes=15),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
    "SECURITY_FRESHNESS_ALLOW_AUTH_TOKEN": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_LOGOUT_CSRF": True,
    "SECURITY_UNIFIED_SIGNIN": False,
    "SECURITY_OAUTH_ENABLE": False,
    "SECURITY_PASSWORDLESS": False,
    "SECURITY_REFRESH_TOKEN": False,
    "SECURITY_REDIRECT_ALLOW_SUBDOMAINS": False,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_CSRF_SSL_STRICT": True,
    "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 200_000,
    "MAX_FORM_PARTS": 200,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/",
    "SESSION_COOKIE_DOMAIN": None,
    "SERVER_NAME": None,
    "TRUSTED_HOSTS": ["127.0.0.1", "::1", "localhost"],
}


@pytest.fixture
def member(client: FlaskClient) -> Actor:
    """A member, signed in at `NOW`."""
    member = make_member()
    with time_machine.travel(NOW, tick=False):
        sign_in(client, member)
    return member


@pytest.mark.parametrize("name", EXPECTED)
def test_the_configuration_is_as_decided(sqlite_app: Flask, name: str) -> None:
    assert sqlite_app.config[name] == EXPECTED[name]


def test_a_password_is_kept_at_the_cost_that_was_decided(tmp_path: Path) -> None:
    with create_app(settings(f"sqlite:///{tmp_path}/campus.sqlite3")).app_context():
        kept = login.hashed(PASSWORD)

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_library_serves_no_page_and_adds_no_command(app: Flask, client: FlaskClient) -> None:
    assert "security" not in app.blueprints
    assert not {"users", "roles"} & set(app.cli.commands)
    for path in ("/login", "/logout", "/register", "/reset", "/change", "/verify", "/nl/login"):
        assert client.get(path).status_code == 404, path


def test_knowing_who_asks_takes_one_query(client: FlaskClient, member: Actor) -> None:
    with time_machine.travel(NOW, tick=False), statements() as asked:
        assert is_signed_in(client)

    assert len([one for one in asked if "login_session" in one]) == 1
    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_a_visitor_and_a_static_file_cost_no_query(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    with time_machine.travel(NOW, tick=False):
        page = client.get(PLACE).get_data(as_text=True)
    static = page.split('rel="stylesheet" href="')[1].split('"')[0]

    with time_machine.travel(NOW, tick=False), statements() as asked:
        with client.get(static) as answer:
            assert answer.status_code == 200
        visitor = app.test_client().get("/nl/sign-in/forgotten")

    assert visitor.status_code == 200
    assert [one for one in asked if "login_session" in one] == []
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Set-Cookie" not in answer.headers


def test_the_last_use_is_written_once_a_minute(client: FlaskClient, member: Actor) -> None:
    def used(after: timedelta) -> list[str]:
        with time_machine.travel(NOW + after, tick=False), statements() as asked:
            assert is_signed_in(client)
        return [one for one in asked if one.startswith("UPDATE login_session")]

    assert used(59 * SECOND) == []
    assert len(used(60 * SECOND)) == 1
    assert used(61 * SECOND) == []
    assert len(used(121 * SECOND)) == 1


def test_a_page_that_asks_by_itself_keeps_no_session_alive(
    client: FlaskClient, member: Actor
) -> None:
    with time_machine.travel(NOW + 11 * 60 * MINUTE, tick=False):
        assert client.get(PLACE, headers={"X-Poll": "1"}).status_code == 200

    assert db.session.scalar(select(LoginSession.last_seen_at)) == NOW


@pytest.mark.parametrize("is_staff", [True, False], ids=["staff", "member"])
def test_a_session_ends_when_it_was_left_alone(client: FlaskClient, is_staff: bool) -> None:
    actor = make_staff() if is_staff else make_member()
    idle = rules.IDLE_STAFF if is_staff else rules.IDLE_MEMBER
    with time_machine.travel(NOW, tick=False):
        sign_in(client, actor)

    with time_machine.travel(NOW + idle - SECOND, tick=False):
        assert is_signed_in(client)
    with time_machine.travel(NOW + idle - SECOND + idle, tick=False):
        assert not is_signed_in(client)


@pytest.mark.parametrize("is_staff", [True, False], ids=["staff", "member"])
def test_a_session_ends_at_last_however_busy_it_is(client: FlaskClient, is_staff: bool) -> None:
    actor = make_staff() if is_staff else make_member()
    idle = rules.IDLE_STAFF if is_staff else rules.IDLE_MEMBER
    end = rules.expires_at(is_staff=is_staff, now=NOW)
    at = NOW
    with time_machine.travel(at, tick=False):
        sign_in(client, actor)

    while at < end - SECOND:
        at = min(at + idle - SECOND, end - SECOND)
        with time_machine.travel(at, tick=False):
            assert is_signed_in(client), at
    with time_machine.travel(end, tick=False):
        assert not is_signed_in(client)


def test_a_session_of_somebody_no_longer_active_ends(client: FlaskClient, member: Actor) -> None:
    with time_machine.travel(NOW, tick=False):
        assert is_signed_in(client)
        with unit_of_work():
            person_of(member).active = False

        assert not is_signed_in(client)


def test_ending_sessions_ends_them_in_every_browser(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    other = app.test_client()
    with time_machine.travel(NOW, tick=False):
        sign_in(other, member)
        assert is_signed_in(client)
        assert is_signed_in(other)

        with unit_of_work():
            service.end_sessions(person_of(member))

        assert not is_signed_in(client)
        assert not is_signed_in(other)


def test_a_cookie_counts_only_while_it_names_the_person_as_now(
    client: FlaskClient, member: Actor
) -> None:
    with time_machine.travel(NOW, tick=False):
        assert is_signed_in(client)
        with unit_of_work():
            person_of(member).fs_uniquifier = "another"

        assert not is_signed_in(client)


@time_machine.travel(NOW, tick=False)
def test_a_database_dump_signs_nobody_in(client: FlaskClient, member: Actor) -> None:
    stored = db.session.scalar(select(LoginSession.sid_digest))
    assert is_signed_in(client)

    with client.session_transaction() as cookie:
        assert rules.digest(cookie["sid"]) == stored
        cookie["sid"] = stored

    assert not is_signed_in(client)


def test_a_member_of_several_acts_for_the_one_joined_first(client: FlaskClient) -> None:
    first, second = make_organisation("Terpdata"), make_organisation("Hunze Health")
    member = make_member(first)
    make_member(second, person=person_of(member), role=Role.ORG_ADMIN)

    assert acting(client, member) == member


def test_a_membership_that_ended_no_longer_counts(client: FlaskClient) -> None:
    member = make_member()
    with unit_of_work():
        db.session.scalars(select(Membership)).one().ended_at = NOW

    acts = acting(client, member)

    assert acts.organisation_id is None
    assert acts.role is None


def test_staff_act_for_the_campus_also_when_they_joined_another_first(
    client: FlaskClient,
) -> None:
    member = make_member()
    campus = make_organisation("Noorderkwartier", relation=Relation.CAMPUS)
    with unit_of_work():
        for duty in (Duty.CAMPUS_MANAGER, Duty.SYSADMIN):
            service.create_staff(person_of(member), duty=duty, campus_name="", now=NOW)

    expected = actor_for(
        person_of(member), campus, Role.MEMBER, frozenset({Duty.CAMPUS_MANAGER, Duty.SYSADMIN})
    )
    assert acting(client, member) == expected


def test_an_associated_organisation_does_not_live_here(client: FlaskClient) -> None:
    member = make_member(make_organisation(relation=Relation.ASSOCIATED))

    assert acting(client, member).is_resident is False


def test_somebody_without_an_organisation_can_sign_in(client: FlaskClient, app: Flask) -> None:
    person = make_person()
    nobody = actor_for(person, Organisation(id=0, name="", code="x"), None)

    assert acting(client, nobody).organisation_id is None


def acting(client: FlaskClient, actor: Actor) -> Actor:
    """Sign in and return who the pages then know."""
    seen: list[Actor] = []
    app: Any = client.application

    def look() -> None:
        if found := login.current_actor():
            seen.append(found)

    app.before_request_funcs[None].append(look)
    try:
        sign_in(client, actor)
        assert is_signed_in(client)
    finally:
        app.before_request_funcs[None].remove(look)
    return seen[-1]


def test_only_staff_pass_where_staff_are_required(app: Flask) -> None:
    with app.test_request_context("/nl/"):
        g.actor = make_staff()
        login.require_staff()
        g.actor = make_member()
        with pytest.raises(Forbidden, match="run the campus"):
            login.require_staff()
        g.actor = None
        with pytest.raises(login.SignInNeeded):
            login.require_staff()


def test_a_copied_cookie_is_another_browser_with_the_same_session(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    with time_machine.travel(NOW, tick=False):
        assert is_signed_in(copied(client, app))


def test_sessions_and_failures_that_mean_nothing_any_more_are_deleted(
    client: FlaskClient, member: Actor
) -> None:
    with unit_of_work():
        db.session.add(AuthAttempt(account="a", network="n", at=NOW))

    jobs.prune(NOW + rules.IDLE_MEMBER)
    assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 1
    jobs.prune(NOW + rules.IDLE_MEMBER + SECOND)
    assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 0
    assert db.session.scalar(select(func.count()).select_from(AuthAttempt)) == 1
    jobs.prune(NOW + rules.FORGOTTEN_AFTER + SECOND)
    assert db.session.scalar(select(func.count()).select_from(AuthAttempt)) == 0


def test_a_page_is_shown_while_the_database_cannot_be_written(
    client: FlaskClient, member: Actor
) -> None:
    with time_machine.travel(NOW + 2 * MINUTE, tick=False), read_only():
        assert is_signed_in(client)

    assert db.session.scalar(select(LoginSession.last_seen_at)) == NOW


@contextmanager
def read_only() -> Iterator[None]:
    """Let every connection that is taken from now on refuse to write."""
    on, off = ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
    if db.engine.dialect.name == "postgresql":
        on, off = (f"SET default_transaction_read_only = {value}" for value in ("on", "off"))

    def refuse(connection: Any, *_more: object) -> None:
        connection.execute(on)
        connection.commit()

    def allow(connection: Any, *_more: object) -> None:
        connection.execute(off)
        connection.commit()

    db.session.remove()
    event.listen(db.engine, "checkout", refuse)
    event.listen(db.engine, "checkin", allow)
    try:
        yield
    finally:
        event.remove(db.engine, "checkout", refuse)
        event.remove(db.engine, "checkin", allow)
