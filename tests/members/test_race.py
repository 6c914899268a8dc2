"""Many at once at the door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campus.app import create_app
from campus.db import db
from campus.members import login
from campus.members.models import AuthAttempt, Person
from tests.factories import PASSWORD, csrf_token, make_member
from tests.members.doors import GOOD, person_of, with_password

pytestmark = pytest.mark.usefixtures("database")
MANY = 12


def at_once(app: Flask, work: Callable[[FlaskClient, int], int]) -> Counter[int]:
    """Let many browsers do something at the same time; return how often each status came."""
    browsers = [FlaskClient(app) for _ in range(MANY)]
    with ThreadPoolExecutor(MANY) as threads:
        return Counter(threads.map(work, browsers, range(MANY)))


def token(browser: FlaskClient, page: str) -> str:
    return csrf_token(browser.get(page).get_data(as_text=True))


def test_many_guesses_at_once_are_no_more_than_five(app: Flask) -> None:
    email = with_password(make_member()).email

    def guess(browser: FlaskClient, number: int) -> int:
        fields = {"email": email, "password": f"guess number {number}"}
        fields["csrf_token"] = token(browser, "/nl/sign-in")
        return browser.post("/nl/sign-in", data=fields).status_code

    with time_machine.travel(datetime(2026, 11, 26, 9, tzinfo=UTC), tick=False):
        assert at_once(app, guess) == {422: 5, 429: MANY - 5}
    assert db.session.scalar(select(func.count()).select_from(AuthAttempt)) == 5


def test_many_right_passwords_at_once_all_sign_in(app: Flask) -> None:
    email = with_password(make_member()).email

    def enter(browser: FlaskClient, _number: int) -> int:
        fields = {"email": email, "password": PASSWORD}
        fields["csrf_token"] = token(browser, "/nl/sign-in")
        return browser.post("/nl/sign-in", data=fields).status_code

    assert at_once(app, enter) == {303: MANY}


def test_a_link_sets_one_password_however_often_it_is_sent_at_once(app: Flask) -> None:
    person = person_of(with_password(make_member()))
    link = f"/nl/sign-in/reset/{login.reset_token(person)}"
    passwords = [f"{GOOD} {number}{number}" for number in range(MANY)]

    ready = Barrier(MANY)

    def choose(browser: FlaskClient, number: int) -> int:
        fields = {"password": passwords[number], "csrf_token": token(browser, link)}
        ready.wait()
        return browser.post(link, data=fields).status_code

    answers = at_once(app, choose)

    db.session.rollback()
    assert answers[303] == 1
    assert set(answers) <= {303, 409, 410}
    stored = db.session.get_one(Person, person.id).password
    assert sum(login.is_right(password, stored) for password in passwords) == 1


def test_two_processes_count_together(app: Flask) -> None:
    email = with_password(make_member()).email
    twin = create_app(app.extensions["campus.settings"])
    statuses = []

    with time_machine.travel(datetime(2026, 11, 26, 9, tzinfo=UTC), tick=False):
        for number in range(6):
            browser = (app if number % 2 else twin).test_client()
            fields = {"email": email, "password": GOOD}
            fields["csrf_token"] = token(browser, "/nl/sign-in")
            statuses.append(browser.post("/nl/sign-in", data=fields).status_code)
    with twin.app_context():
        db.engine.dispose()

    assert statuses == [422] * 5 + [429]
