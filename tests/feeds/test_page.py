"""The page about calendars: an address is shown once, renewed, revoked; others' are not there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campus.db import carry_out, db
from campus.feeds import service
from campus.feeds.models import Feed, Scope
from campus.feeds.service import Wanted
from campus.members.models import Actor, Person
from campus.members.queries import actor_of
from campus.spaces.models import Space
from tests.factories import NOW, csrf_token, make_person, make_space, make_staff, sign_in
from tests.feeds.conftest import feed_row, fetch, subscribe
from tests.races import outcomes

ADDRESS = re.compile(r'value="http://localhost/feeds/([\w-]{43})\.ics"')


@pytest.fixture
def browser(client: FlaskClient, femke: Actor) -> FlaskClient:
    """Femke's browser."""
    sign_in(client, femke)
    return client


def page(browser: FlaskClient) -> str:
    return browser.get("/nl/me/feeds").get_data(as_text=True)


def ask(browser: FlaskClient, **fields: str) -> tuple[int, str]:
    """Send the form and return the status, and the page that answers or follows."""
    sent = {"csrf_token": csrf_token(page(browser)), "idem": "key-12345678", **fields}
    answer = browser.post("/nl/me/feeds", data=sent)
    is_led_on = answer.status_code == 303
    return answer.status_code, page(browser) if is_led_on else answer.get_data(as_text=True)


def test_an_address_is_shown_once(app: Flask, browser: FlaskClient) -> None:
    status, shown = ask(browser, scope="mine")

    found = ADDRESS.search(shown)
    assert status == 303
    assert found is not None
    assert fetch(app, found[1]).status_code == 200
    for button in (
        "webcal://localhost/feeds/",
        "calendar.google.com/calendar/r?cid=webcal%3A%2F%2F",
        "outlook.office.com/calendar/0/addfromweb?url=http%3A%2F%2F",
    ):
        assert button in shown
    assert ADDRESS.search(page(browser)) is None
    assert "Mijn boekingen" in page(browser)


def test_the_same_form_twice_makes_one_feed_and_the_second_address_counts(
    app: Flask, browser: FlaskClient
) -> None:
    first, second = (ADDRESS.findall(ask(browser, scope="mine")[1])[0] for _ in range(2))

    assert db.session.query(Feed).count() == 1
    assert fetch(app, first).status_code == 404
    assert fetch(app, second).status_code == 200


def subscribe_at_once(number: int) -> None:
    """Send one form as a browser does that sends it twice at the same moment."""
    person = db.session.query(Person).filter_by(name="Femke Postma").one()
    me = actor_of(person)

    def work() -> None:
        wanted = Wanted(Scope.MINE, "Agenda")
        service.create_feed(actor=me, wanted=wanted, idem=f"at-once-{number // 1000}", now=NOW)

    carry_out(work)


def test_a_form_sent_many_times_at_once_makes_one_feed(app: Flask, femke: Actor) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]

    found = outcomes(url, subscribe_at_once, runners=8, rounds=3)

    assert found == {"done": 24}
    assert db.session.query(Feed).count() == 3


def test_a_feed_is_called_what_it_shows_or_as_somebody_likes(
    browser: FlaskClient, room: Space
) -> None:
    make_space("1.32", name="1.32")
    ask(browser, scope="space", key="hunze", idem="key-00000001")
    ask(browser, scope="space", key="1.32", idem="key-00000002")
    ask(browser, scope="floor", key="1", idem="key-00000003")
    ask(browser, scope="kind", key="desk", idem="key-00000004")
    ask(browser, scope="organisation", idem="key-00000005")
    ask(browser, scope="mine", name="Van\tmij\n\n", idem="key-00000006")

    db.session.rollback()
    names = [feed.name for feed in db.session.query(Feed).order_by(Feed.id)]

    assert names == ["Hunze", "Bureau 1.32", "Wierde", "Bureaus", "Terpdata", "Van mij"]


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"scope": "nonsense"}, 422, "Kies waarop je je wilt abonneren."),
        ({"scope": ""}, 422, "Kies waarop je je wilt abonneren."),
        ({"scope": "space", "key": "nowhere"}, 404, "nowhere"),
        ({"scope": "space", "key": ""}, 404, "Er is geen plek"),
        ({"scope": "floor", "key": "99"}, 404, "99"),
        ({"scope": "kind", "key": "sauna"}, 404, "Er is geen soort plek die sauna heet."),
        ({"scope": "campus"}, 403, "wie voor de campus werkt"),
        ({"scope": "mine", "name": "x" * 81}, 422, "80"),
        ({"scope": "mine", "idem": ""}, 422, "sleutel"),
    ],
)
def test_what_cannot_be_subscribed_to_is_a_sentence(
    browser: FlaskClient, fields: dict[str, str], status: int, words: str
) -> None:
    answered, shown = ask(browser, **fields)

    assert answered == status
    assert words in shown
    assert db.session.query(Feed).count() == 0


def test_a_new_address_is_shown_and_the_old_one_gone(app: Flask, browser: FlaskClient) -> None:
    old = ADDRESS.findall(ask(browser, scope="mine")[1])[0]
    token = csrf_token(page(browser))

    browser.post(f"/nl/me/feeds/{feed_row().code}/renew", data={"csrf_token": token})

    new = ADDRESS.findall(page(browser))[0]
    assert [fetch(app, one).status_code for one in (old, new)] == [410, 200]
    assert ADDRESS.search(page(browser)) is None  # loaded again: not shown, and as good as before
    assert fetch(app, new).status_code == 200


def test_a_second_calendar_of_one_kind_has_a_name_of_its_own(browser: FlaskClient) -> None:
    for number in range(3):
        ask(browser, scope="mine", idem=f"key-0000000{number}")

    db.session.rollback()
    names = [feed.name for feed in db.session.query(Feed).order_by(Feed.id)]

    assert names == ["Mijn boekingen", "Mijn boekingen 2", "Mijn boekingen 3"]


def test_a_feed_is_renamed_and_calendars_learn_of_it(app: Flask, browser: FlaskClient) -> None:
    token = ADDRESS.findall(ask(browser, scope="mine")[1])[0]
    tag = fetch(app, token).headers["ETag"]
    sent = {"csrf_token": csrf_token(page(browser)), "name": "Van  de telefoon"}

    answer = browser.post(f"/nl/me/feeds/{feed_row().code}/name", data=sent)

    read = fetch(app, token, If_None_Match=tag)
    assert answer.status_code == 303
    assert "Het heet nu Van de telefoon." in page(browser)
    assert read.status_code == 200
    assert ": Van de telefoon" in read.get_data(as_text=True)


@pytest.mark.parametrize(("name", "words"), [(" ", "Geef een naam."), ("x" * 81, "80")])
def test_a_feed_without_a_name_keeps_the_one_it_has(
    browser: FlaskClient, name: str, words: str
) -> None:
    ask(browser, scope="mine")
    sent = {"csrf_token": csrf_token(page(browser)), "name": name}

    answer = browser.post(f"/nl/me/feeds/{feed_row().code}/name", data=sent)

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert feed_row().name == "Mijn boekingen"


def test_a_revoked_feed_is_on_the_page_no_more(app: Flask, browser: FlaskClient) -> None:
    token = ADDRESS.findall(ask(browser, scope="mine")[1])[0]
    sent = {"csrf_token": csrf_token(page(browser))}
    code = feed_row().code

    answer = browser.post(f"/nl/me/feeds/{code}/revoke", data=sent)

    assert answer.status_code == 303
    assert "Mijn boekingen is ingetrokken" in page(browser)
    assert fetch(app, token).status_code == 410
    assert f"f-{code}" not in page(browser)
    assert browser.post(f"/nl/me/feeds/{code}/renew", data=sent).status_code == 404


@pytest.mark.parametrize("verb", ["name", "renew", "revoke"])
def test_the_feed_of_somebody_else_is_not_there(
    app: Flask, browser: FlaskClient, piet: Actor, verb: str
) -> None:
    theirs = subscribe(piet, Scope.MINE)
    sent = {"csrf_token": csrf_token(page(browser)), "name": "Mijn"}

    answer = browser.post(f"/nl/me/feeds/{feed_row().code}/{verb}", data=sent)

    assert answer.status_code == 404
    assert fetch(app, theirs).status_code == 200


def test_when_and_by_what_it_was_fetched_is_told(app: Flask, browser: FlaskClient) -> None:
    token = ADDRESS.findall(ask(browser, scope="mine")[1])[0]
    assert "Nog niet opgehaald." in page(browser)

    fetch(app, token, User_Agent="iOS/18.1 (22B83) dataaccessd/1.0")

    assert "Laatst opgehaald do 26 november 08:10 door Apple Agenda." in page(browser)


def test_staff_are_offered_more_and_visitors_are_asked_to_sign_in(
    client: FlaskClient, femke: Actor
) -> None:
    assert client.get("/nl/me/feeds").status_code == 303

    sign_in(client, make_staff())

    assert "De hele campus" in page(client)
    assert "Wie er vandaag komt" in page(client)


def test_who_belongs_nowhere_is_told_whom_to_ask(client: FlaskClient, femke: Actor) -> None:
    alone = Actor(make_person("Alleen").id, "Alleen", "", "nl", None, "", None)
    email = db.session.execute(db.text("SELECT email FROM person WHERE name = 'Alleen'")).scalar()
    db.session.rollback()
    sign_in(client, Actor(alone.person_id, "Alleen", str(email), "nl", None, "", None))

    assert "Alleen leden van een organisatie kunnen zich abonneren." in page(client)


def test_no_more_than_forty(browser: FlaskClient, femke: Actor) -> None:
    for number in range(40):
        subscribe(femke, Scope.MINE, name=f"Agenda {number}")

    status, shown = ask(browser, scope="mine")

    assert status == 422
    assert "Je hebt 40 agenda" in shown
