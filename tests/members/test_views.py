"""Signing in and out, passwords forgotten, set by a link and changed, through the forms."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_security.core import _default_messages as library
from sqlalchemy import func, select

from campus.db import db, unit_of_work
from campus.journal.models import Entry
from campus.members import login, service
from campus.members.models import Actor, AuthAttempt, LoginSession
from campus.outbox.models import Message
from campus.spaces.models import SpaceKind
from tests.factories import (
    NOW,
    PASSWORD,
    at,
    csrf_token,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_person,
    make_space,
    make_staff,
    period,
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

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
SENTENCE = "E-mail en wachtwoord horen niet bij elkaar"


@pytest.fixture
def member() -> Actor:
    """A member with a password."""
    return with_password(make_member())


def verbs() -> list[str]:
    """Return what the journal says happened, without what the builders did."""
    return list(db.session.scalars(select(Entry.verb).order_by(Entry.id)))


def letters() -> list[Message]:
    """Return the letters in the outbox, first ones first."""
    return list(db.session.scalars(select(Message).order_by(Message.id)))


# --- signing in and out -----------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_the_right_pair_signs_in(client: FlaskClient, member: Actor) -> None:
    answer = post(client, "/nl/sign-in", email=member.email, password=PASSWORD)

    assert answer.status_code == 303
    assert answer.location == "/nl/me"
    assert is_signed_in(client)
    assert verbs() == ["person.sign_in"]


@pytest.mark.usefixtures("database")
def test_capitals_and_spaces_around_an_address_do_not_matter(
    client: FlaskClient, member: Actor
) -> None:
    post(client, "/nl/sign-in", email=f"  {member.email.upper()} ", password=PASSWORD)

    assert is_signed_in(client)


@pytest.mark.parametrize(
    "case", ["wrong", "unknown", "empty", "none yet", "inactive", "no address"]
)
@pytest.mark.usefixtures("database")
def test_every_failure_gets_the_same_sentence(
    client: FlaskClient, member: Actor, case: str
) -> None:
    email, password = member.email, PASSWORD
    if case == "wrong":
        password = GOOD
    elif case == "unknown":
        email = "nobody@campus.example"
    elif case == "empty":
        password = ""
    elif case == "none yet":
        email = make_person().email
    elif case == "inactive":
        with unit_of_work():
            person_of(member).active = False
    else:
        email = "nonsense"

    answer = post(client, "/nl/sign-in", email=email, password=password)

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert page.count(SENTENCE) == page.count('role="alert"') == 1
    assert password == "" or password not in page
    assert not is_signed_in(client)


@pytest.mark.usefixtures("database")
def test_an_address_and_a_password_typed_wrong_are_journalled_without_them(
    client: FlaskClient, member: Actor
) -> None:
    post(client, "/nl/sign-in", email="nobody@campus.example", password=GOOD)
    post(client, "/nl/sign-in", email=member.email, password=GOOD)

    first, second = db.session.scalars(select(Entry).order_by(Entry.id))
    assert (first.verb, first.person_id) == ("person.sign_in_failed", None)
    assert first.subject == "person:unknown"
    assert second.subject == f"person:{person_of(member).code}"
    for entry in (first, second):
        written = f"{entry.verb} {entry.subject} {entry.details}"
        assert "@" not in written
        assert GOOD not in written


@pytest.mark.usefixtures("database")
def test_signing_in_again_leaves_no_second_session_behind(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    sign_in(client, member)
    before = copied(client, app)
    page = client.get(PLACE).get_data(as_text=True)

    client.post(
        "/nl/sign-in",
        data={"csrf_token": csrf_token(page), "email": member.email, "password": PASSWORD},
    )

    assert is_signed_in(client)
    assert not is_signed_in(before)
    assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 1


@pytest.mark.usefixtures("database")
def test_signing_out_ends_this_session_and_no_other(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    other = app.test_client()
    sign_in(client, member)
    sign_in(other, member)

    answer = post(client, "/nl/sign-out", page=PLACE)

    assert answer.status_code == 303
    assert answer.location == "/nl/"
    assert not is_signed_in(client)
    assert is_signed_in(other)
    assert verbs()[-1] == "person.sign_out"


@pytest.mark.usefixtures("database")
def test_a_visitor_who_signs_out_is_none_the_wiser(client: FlaskClient) -> None:
    answer = post(client, "/nl/sign-out", page="/nl/sign-in")

    assert answer.status_code == 303
    assert verbs() == []


@pytest.mark.usefixtures("database")
def test_who_is_signed_in_already_goes_on(client: FlaskClient, member: Actor) -> None:
    sign_in(client, member)

    assert client.get("/nl/sign-in").location == "/nl/me"
    assert client.get("/nl/sign-in?next=/nl/me/password").location == PLACE


@pytest.mark.usefixtures("database")
def test_a_member_stays_signed_in_when_the_browser_closes_and_staff_do_not(
    app: Flask, member: Actor
) -> None:
    staff = with_password(make_staff())

    def expires(actor: Actor) -> bool:
        browser = app.test_client()
        answer = post(browser, "/nl/sign-in", email=actor.email, password=PASSWORD)
        assert answer.status_code == 303
        return "Expires=" in answer.headers["Set-Cookie"]

    assert expires(member)
    assert not expires(staff)


# --- haste ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_the_sixth_wrong_password_must_wait_and_the_right_one_too(
    client: FlaskClient, member: Actor
) -> None:
    with time_machine.travel(NOW, tick=False) as now:
        for _ in range(5):
            wrong = post(client, "/nl/sign-in", email=member.email, password=GOOD)
            assert wrong.status_code == 422
        refused = post(client, "/nl/sign-in", email=member.email, password=PASSWORD)

        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "2"
        assert "Wacht 2 seconden" in refused.get_data(as_text=True)
        assert not is_signed_in(client)

        now.shift(2)
        post(client, "/nl/sign-in", email=member.email, password=PASSWORD)
        assert is_signed_in(client)


@pytest.mark.usefixtures("database")
def test_waits_grow_and_do_not_lock_anybody_out(client: FlaskClient, member: Actor) -> None:
    waits: list[int] = []
    with time_machine.travel(NOW, tick=False) as now:
        while len(waits) < 12:
            answer = post(client, "/nl/sign-in", email=member.email, password=GOOD)
            if answer.status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))
                now.shift(waits[-1])

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


@pytest.mark.usefixtures("database")
def test_an_unknown_address_waits_as_a_known_one_does(client: FlaskClient, member: Actor) -> None:
    def answers(email: str) -> list[int]:
        return [
            post(client, "/nl/sign-in", email=email, password=GOOD).status_code for _ in range(7)
        ]

    with time_machine.travel(NOW, tick=False):
        assert answers("nobody@campus.example") == answers(member.email)


@pytest.mark.usefixtures("database")
def test_signing_in_forgets_the_failures_before_it(client: FlaskClient, member: Actor) -> None:
    for password in (GOOD, GOOD, PASSWORD):
        post(client, "/nl/sign-in", email=member.email, password=password)

    assert db.session.scalar(select(func.count()).select_from(AuthAttempt)) == 0


@pytest.mark.usefixtures("database")
def test_a_network_that_tries_many_accounts_must_wait(client: FlaskClient, member: Actor) -> None:
    with time_machine.travel(NOW, tick=False):
        for number in range(30):
            email = f"person-{number}@campus.example"
            assert post(client, "/nl/sign-in", email=email, password=GOOD).status_code == 422
        refused = post(client, "/nl/sign-in", email=member.email, password=PASSWORD)
        elsewhere = client.post(
            "/nl/sign-in",
            data={
                "csrf_token": csrf_token(refused.get_data(as_text=True)),
                "email": member.email,
                "password": PASSWORD,
            },
            environ_base={"REMOTE_ADDR": "192.0.2.7"},
        )

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert "Wacht 60 minuten" in refused.get_data(as_text=True)
    assert elsewhere.status_code == 303


# --- nobody signed in -------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_a_visitor_signs_in_and_goes_on_where_he_was(client: FlaskClient, member: Actor) -> None:
    sent = client.get("/en/me/password?a=b%20c&d=%C3%A9")

    assert sent.status_code == 303
    shown = client.get(sent.location).get_data(as_text=True)
    assert "Sign in first; then you go on where you were." in shown
    going = re.findall(r'name="next" value="([^"]*)"', shown)
    answer = post(
        client,
        "/en/sign-in",
        email=member.email,
        password=PASSWORD,
        next=going[0].replace("&amp;", "&"),
    )
    assert answer.location == "/en/me/password?a=b%20c&d=%C3%A9"


@pytest.mark.usefixtures("database")
def test_a_wrong_password_on_the_way_keeps_the_way(client: FlaskClient, member: Actor) -> None:
    answer = post(client, "/nl/sign-in", email=member.email, password=GOOD, next=PLACE)

    assert f'name="next" value="{PLACE}"' in answer.get_data(as_text=True)


@pytest.mark.usefixtures("database")
def test_a_script_of_a_page_is_told_where_to_sign_in(client: FlaskClient) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://localhost/nl/me?all=1"}

    answer = client.get(PLACE, headers=asked)
    poll = client.get(PLACE, headers={**asked, "X-Poll": "1"})

    assert answer.status_code == poll.status_code == 401
    assert answer.headers["HX-Redirect"] == "/nl/sign-in?next=/nl/me?all%3D1"
    assert "HX-Redirect" not in poll.headers
    assert poll.headers["HX-Reswap"] == "none"


# --- forgotten --------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_a_forgotten_password_is_set_by_a_link(client: FlaskClient, member: Actor) -> None:
    asked = post(client, "/nl/sign-in/forgotten", email=member.email)
    shown = client.get(asked.location).get_data(as_text=True)
    (letter,) = letters()
    link = link_in(letter.text)
    looked = client.get(link)
    saved = post(client, link, password=GOOD)

    assert member.email in shown
    assert looked.status_code == 200
    assert saved.status_code == 303
    assert "Je wachtwoord is bewaard" in client.get(saved.location).get_data(as_text=True)
    assert post(client, "/nl/sign-in", email=member.email, password=PASSWORD).status_code == 422
    assert post(client, "/nl/sign-in", email=member.email, password=GOOD).status_code == 303
    assert verbs()[:2] == ["person.ask_reset", "person.set_password"]
    assert [one.subject for one in letters()] == [
        "Kies een nieuw wachtwoord",
        "Je wachtwoord is gewijzigd",
    ]


@pytest.mark.usefixtures("database")
def test_a_new_password_signs_every_browser_out(client: FlaskClient, member: Actor) -> None:
    sign_in(client, member)
    assert is_signed_in(client)
    with unit_of_work():
        service.set_password(person_of(member), hashed=login.hashed(GOOD), verb="x", now=NOW)

    assert not is_signed_in(client)
    assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 0


@pytest.mark.usefixtures("database")
def test_only_somebody_active_is_sent_a_link(client: FlaskClient, member: Actor) -> None:
    gone = with_password(make_member())
    with unit_of_work():
        person_of(gone).active = False

    for email in (member.email, gone.email, "nobody@campus.example"):
        assert post(client, "/nl/sign-in/forgotten", email=email).status_code == 303

    assert [letter.recipient for letter in letters()] == [member.email]


@pytest.mark.usefixtures("database")
def test_looking_at_a_link_uses_nothing_up_and_setting_does(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    post(client, "/nl/sign-in/forgotten", email=member.email)
    link = link_in(letters()[0].text)
    for _ in range(3):
        assert app.test_client().get(link).status_code == 200
    assert post(client, link, password=GOOD).status_code == 303

    gone = client.get(link)

    assert gone.status_code == 410
    assert "Deze link werkt niet meer" in gone.get_data(as_text=True)


@pytest.mark.usefixtures("database")
def test_a_link_works_for_an_hour(client: FlaskClient, member: Actor) -> None:
    with time_machine.travel(NOW, tick=False) as now:
        post(client, "/nl/sign-in/forgotten", email=member.email)
        link = link_in(letters()[0].text)
        now.shift(HOUR)
        assert client.get(link).status_code == 200
        now.shift(SECOND)
        assert client.get(link).status_code == 410


@pytest.mark.usefixtures("database")
def test_the_link_of_a_first_password_works_for_a_week(client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as now:
        link = f"/nl/sign-in/reset/{login.reset_token(make_person())}"
        now.shift(timedelta(days=7))
        assert "Welkom, Femke Postma" in client.get(link).get_data(as_text=True)
        now.shift(SECOND)
        assert client.get(link).status_code == 410


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "A" + t, lambda _t: "x.y.z"])
@pytest.mark.usefixtures("database")
def test_a_link_that_is_not_ours_opens_nothing(client: FlaskClient, member: Actor, change) -> None:  # type: ignore[no-untyped-def]
    token = login.reset_token(person_of(member))
    assert client.get(f"/nl/sign-in/reset/{token}").status_code == 200

    assert client.get(f"/nl/sign-in/reset/{change(token)}").status_code == 410


@pytest.mark.usefixtures("database")
def test_a_link_dies_when_the_person_is_no_longer_active(
    client: FlaskClient, member: Actor
) -> None:
    link = f"/nl/sign-in/reset/{login.reset_token(person_of(member))}"
    assert client.get(link).status_code == 200
    with unit_of_work():
        person_of(member).active = False

    assert client.get(link).status_code == 410


@pytest.mark.parametrize("email", ["", "x" * 255 + "@campus.example"])
@pytest.mark.usefixtures("database")
def test_an_address_that_is_none_gets_a_sentence(client: FlaskClient, email: str) -> None:
    answer = post(client, "/nl/sign-in/forgotten", email=email)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)


@pytest.mark.usefixtures("database")
def test_asking_for_links_again_and_again_must_wait(client: FlaskClient, member: Actor) -> None:
    with time_machine.travel(NOW, tick=False):
        answers = [
            post(client, "/nl/sign-in/forgotten", email=member.email).status_code for _ in range(6)
        ]
        unknown = [
            post(client, "/nl/sign-in/forgotten", email="nobody@campus.example").status_code
            for _ in range(6)
        ]

    assert answers == unknown == [303] * 5 + [429]
    assert len(letters()) == 5


@pytest.mark.usefixtures("database")
def test_asking_for_a_link_does_not_slow_signing_in_down(
    client: FlaskClient, member: Actor
) -> None:
    with time_machine.travel(NOW, tick=False):
        for _ in range(6):
            post(client, "/nl/sign-in/forgotten", email=member.email)

        assert (
            post(client, "/nl/sign-in", email=member.email, password=PASSWORD).status_code == 303
        )


@pytest.mark.usefixtures("database")
def test_a_letter_is_in_the_language_of_its_reader(client: FlaskClient) -> None:
    person = make_person("Ada", language="en")
    with unit_of_work():
        db.session.merge(person).password = login.hashed(PASSWORD)

    post(client, "/nl/sign-in/forgotten", email=person.email)

    (letter,) = letters()
    assert letter.subject == "Choose a new password"
    assert "/en/sign-in/reset/" in letter.text
    assert "/en/sign-in/reset/" in letter.html
    assert "werkt" not in letter.text + letter.html


# --- changing ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_changing_a_password_signs_out_all_other_browsers(
    client: FlaskClient, app: Flask, member: Actor
) -> None:
    other = app.test_client()
    sign_in(client, member)
    sign_in(other, member)
    before = copied(client, app)

    answer = post(client, PLACE, current=PASSWORD, password=GOOD)

    assert answer.status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert not is_signed_in(before)
    assert verbs()[-1] == "person.change_password"
    assert letters()[-1].subject == "Je wachtwoord is gewijzigd"
    assert post(other, "/nl/sign-in", email=member.email, password=GOOD).status_code == 303


@pytest.mark.usefixtures("database")
def test_changing_a_password_asks_for_the_present_one_and_counts_wrong_ones(
    client: FlaskClient, member: Actor
) -> None:
    sign_in(client, member)

    with time_machine.travel(NOW, tick=False):
        sign_in(client, member)
        answers = [post(client, PLACE, current=GOOD, password=GOOD) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Dit is niet je huidige wachtwoord." in answers[0].get_data(as_text=True)
    assert verbs().count("person.change_password_failed") == 5
    assert letters() == []


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Vul een nieuw wachtwoord in."),
        ("kort", "Gebruik minstens 12 tekens."),
        ("x" * 257, "Gebruik hoogstens 256 tekens."),
        ("Noorderkwartier2026", "makkelijk te raden"),
        ("Terpdata2026!!", "makkelijk te raden"),
    ],
)
@pytest.mark.usefixtures("database")
def test_a_bad_new_password_gets_its_reason(
    client: FlaskClient, password: str, sentence: str
) -> None:
    member = make_member(make_organisation("Terpdata"))
    sign_in(client, member)

    answer = post(client, PLACE, current=PASSWORD, password=password)

    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert "Je wachtwoord is gewijzigd" not in [one.subject for one in letters()]


# --- words ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_a_dutch_page_holds_no_words_of_the_library(client: FlaskClient, member: Actor) -> None:
    link = f"/nl/sign-in/reset/{login.reset_token(person_of(member))}"
    pages = [
        post(client, "/nl/sign-in", email="", password="").text,
        post(client, "/nl/sign-in", email="x" * 300, password="x" * 300).text,
        post(client, "/nl/sign-in/forgotten", email="").text,
        post(client, "/nl/sign-in/forgotten", email="x" * 300).text,
        post(client, link, password="").text,
        post(client, link, password="kort").text,
    ]
    sign_in(client, member)
    pages += [
        post(client, PLACE, current="", password="").text,
        post(client, PLACE, current="x" * 300, password="kort").text,
        post(client, PLACE, current=PASSWORD, password="kort").text,
    ]
    theirs = {str(message) for message, _kind in library.values()}
    theirs |= {"This field is required", "Field must be", "Invalid email", "characters"}

    assert len(theirs) > 80
    for page in pages:
        assert not [words for words in theirs if words in page]


# --- beside the form --------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_beside_the_form_a_visitor_sees_rooms_and_no_names(client: FlaskClient) -> None:
    member = make_member(make_organisation("Terpdata"))
    make_house()
    room = make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    make_booking(member, room, period(9, 11), title="Geheim overleg")

    with time_machine.travel(at(10), tick=False):
        shown = client.get("/nl/sign-in").get_data(as_text=True)
    with time_machine.travel(at(7), tick=False):
        early = client.get("/nl/sign-in").get_data(as_text=True)

    assert "<b>Hunze</b>" in shown
    assert "bezet tot 11:00" in shown
    for secret in ("Terpdata", "Geheim", member.name):
        assert secret not in shown
    assert "<b>Hunze</b>" not in early
