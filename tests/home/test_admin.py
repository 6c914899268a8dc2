"""The journal and the outbox, for staff alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campus.db import db, unit_of_work
from campus.journal import service as journal
from campus.members.models import Duty, Person
from campus.outbox.models import Letter, Message
from campus.outbox.service import enqueue
from tests.bookings.visits import Visit, page_of, statements, visit
from tests.factories import (
    NOW,
    make_booking,
    make_house,
    make_member,
    make_space,
    make_staff,
    period,
)

PAGES = ("/staff/journal", "/staff/outbox", "/staff/outbox/1", "/staff/today")
MOST = 10


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def desk(client: FlaskClient, duty: Duty = Duty.FRONT_DESK) -> Visit:
    return visit(client, make_staff(duty))


def make_message(about: str = "booking:abc/1", key: str = "one", **more: object) -> int:
    letter = Letter(
        recipient="femke@terpdata.example",
        person_id=None,
        language="nl",
        subject=f"Geboekt: {key}",
        text=f"De tekst van {key}.",
    )
    with unit_of_work():
        enqueue(letter, about=about, dedupe_key=key, now=NOW)
        message = db.session.scalars(select(Message).where(Message.dedupe_key == key)).one()
        for name, value in more.items():
            setattr(message, name, value)
        return message.id


@pytest.mark.parametrize("path", PAGES)
def test_staff_pages_are_closed_to_members_and_visitors(
    client: FlaskClient, database: None, path: str
) -> None:
    visitor = client.get(f"/nl{path}")
    make_house()
    member = visit(client, make_member()).get(path)

    assert (visitor.status_code, member.status_code) == (303, 403)
    assert "people who run the campus" in page_of(member)


def test_a_member_cannot_send_a_message_again(client: FlaskClient, database: None) -> None:
    number = make_message(dead_at=NOW)
    make_house()

    answer = visit(client, make_member()).post(f"/staff/outbox/{number}/retry")

    assert answer.status_code == 403
    assert db.session.get_one(Message, number).dead_at is not None


# --- journal ----------------------------------------------------------------------------------


def test_the_journal_says_who_did_what_in_words(client: FlaskClient, database: None) -> None:
    make_house()
    member = make_member(name="Femke Postma")
    booking = make_booking(member, make_space("1.32"), period(9, 17))

    answer = desk(client).get("/staff/journal")

    assert f"Femke Postma booking made booking {booking.code}" in page_of(answer)
    assert "version 1" in page_of(answer)
    assert f'href="/en/bookings/{booking.code}"' in answer.get_data(as_text=True)
    assert "Rixt Visser signed in Rixt Visser" in page_of(answer)


def test_what_nobody_foresaw_stands_in_the_journal_as_it_is(
    client: FlaskClient, database: None
) -> None:
    make_house()
    with unit_of_work():
        journal.record(actor_id=None, verb="oven.bake", subject="bread:1", now=NOW, loaves=2)
        journal.record(actor_id=987654, verb="booking.book", subject="booking:x", now=NOW)

    page = page_of(desk(client).get("/staff/journal"))

    assert "the campus itself oven.bake bread:1 loaves 2" in page
    assert "? booking made booking x" in page


def test_the_journal_speaks_of_things_in_words(client: FlaskClient, database: None) -> None:
    make_house()
    with unit_of_work():
        for verb, subject in (
            ("person.sign_in_failed", "person:unknown"),
            ("organisation.add", "organisation:hunze-health"),
            ("outbox.retry", "message:3"),
        ):
            journal.record(actor_id=None, verb=verb, subject=subject, now=NOW)
        journal.record(
            actor_id=None, verb="demo.load", subject="site:demo", now=NOW, scale=1, seed=7
        )

    answer = desk(client).get("/staff/journal")
    page = page_of(answer)

    assert "somebody not signed in a sign-in failed somebody unknown here" in page
    assert "the campus itself organisation added organisation hunze-health" in page
    assert "the campus itself mail sent again mail 3" in page
    assert 'href="/en/staff/outbox/3"' in answer.text
    assert "demo campus loaded the campus scale 1, starting number 7" in page


def test_the_journal_turns_pages_without_losing_an_entry(
    client: FlaskClient, database: None
) -> None:
    make_house()
    who = desk(client)
    with unit_of_work():
        for number in range(60):
            journal.record(actor_id=None, verb=f"deed-{number:02}", subject="x:1", now=NOW)

    first = who.get("/staff/journal")
    older = first.get_data(as_text=True).partition("?before=")[2].partition('"')[0]
    second = page_of(who.get(f"/staff/journal?before={older}"))

    assert "deed-59" in page_of(first)
    assert "deed-10" in page_of(first)
    assert "deed-09" not in page_of(first)
    assert "deed-09" in second
    assert "deed-10" not in second
    assert "Newest" in second


@pytest.mark.parametrize("before", ["", "x", "-1", "0", "99999999999999999999"])
def test_a_page_that_does_not_exist_is_empty_or_the_first(
    client: FlaskClient, database: None, before: str
) -> None:
    make_house()

    assert desk(client).get(f"/staff/journal?before={before}").status_code == 200


def test_the_journal_asks_the_same_for_one_entry_and_for_many(
    client: FlaskClient, database: None
) -> None:
    make_house()
    who = desk(client)
    with statements() as few:
        who.get("/staff/journal")
    for _ in range(5):
        make_booking(make_member(), make_space(), period(9, 17))

    with statements() as many:
        who.get("/staff/journal")

    assert len(few) == len(many) <= MOST


# --- outbox -----------------------------------------------------------------------------------


def test_the_outbox_lists_every_state_in_words(client: FlaskClient, database: None) -> None:
    make_house()
    make_message(key="a")
    make_message(key="b", sent_at=NOW)
    make_message(key="c", withdrawn_at=NOW)
    make_message(key="d", dead_at=NOW, last_error="550 no such mailbox")
    make_message(key="e", last_error="try later")

    page = page_of(desk(client).get("/staff/outbox"))

    assert "2 messages wait, 1 was given up." in page
    assert "Geboekt: a waiting" in page
    assert "Geboekt: b sent" in page
    assert "Geboekt: c taken back" in page
    assert "Geboekt: d given up 550 no such mailbox" in page
    assert "Geboekt: e will be tried again try later" in page


def test_the_outbox_says_when_no_mail_is_set_up(client: FlaskClient, app: Flask) -> None:
    make_house()
    who = desk(client)
    settings = app.extensions["campus.settings"]

    without = page_of(who.get("/staff/outbox"))
    app.extensions["campus.settings"] = replace(settings, mail_url="smtp://127.0.0.1:1")
    try:
        with_mail = page_of(who.get("/staff/outbox"))
    finally:
        app.extensions["campus.settings"] = settings

    assert "No mail server is set" in without
    assert "No mail server is set" not in with_mail


def test_an_empty_outbox_says_so(client: FlaskClient, database: None) -> None:
    make_house()

    assert "No mail has been written yet." in page_of(desk(client).get("/staff/outbox"))


def test_staff_read_what_a_mail_says(client: FlaskClient, database: None) -> None:
    make_house()
    number = make_message()

    assert "De tekst van one." in page_of(desk(client).get(f"/staff/outbox/{number}"))


def test_only_a_system_administrator_reads_a_personal_link(
    client: FlaskClient, database: None
) -> None:
    make_house()
    number = make_message(about="person:abc")

    at_the_desk = page_of(desk(client).get(f"/staff/outbox/{number}"))
    administrator = page_of(
        desk(client.application.test_client(), Duty.SYSADMIN).get(f"/staff/outbox/{number}")
    )

    assert "De tekst" not in at_the_desk
    assert "Only a system administrator" in at_the_desk
    assert "De tekst van one." in administrator


@pytest.mark.parametrize("number", ["0", "424242", "x", "99999999999999999999"])
def test_a_message_that_does_not_exist_is_not_found(
    client: FlaskClient, database: None, number: str
) -> None:
    make_house()

    assert desk(client).get(f"/staff/outbox/{number}").status_code == 404


def test_a_message_that_was_given_up_is_sent_again(client: FlaskClient, database: None) -> None:
    make_house()
    later = NOW + timedelta(hours=6)
    number = make_message(dead_at=NOW, run_at=later, first_tried_at=NOW - timedelta(days=3))
    who = desk(client)

    answer = who.post(f"/staff/outbox/{number}/retry")

    message = db.session.get_one(Message, number)
    assert answer.status_code == 303
    assert (message.dead_at, message.run_at) == (None, NOW)
    assert f"mail sent again mail {number}" in page_of(who.get("/staff/journal"))


def test_a_message_that_waits_or_left_is_not_sent_again(
    client: FlaskClient, database: None
) -> None:
    make_house()
    who = desk(client)
    numbers = [make_message(key="a"), make_message(key="b", sent_at=NOW)]

    assert [who.post(f"/staff/outbox/{number}/retry").status_code for number in numbers] == [
        403,
        403,
    ]


def test_a_message_without_its_text_says_so_and_is_not_sent_again(
    client: FlaskClient, database: None
) -> None:
    make_house()
    number = make_message(dead_at=NOW, recipient="", subject="", text="")
    who = desk(client)

    assert "The text is no longer kept." in page_of(who.get(f"/staff/outbox/{number}"))
    assert who.post(f"/staff/outbox/{number}/retry").status_code == 403


def test_markup_in_a_mail_is_shown_as_text(client: FlaskClient, database: None) -> None:
    make_house()
    number = make_message(text="<script>alert(1)</script>", subject="<b>x</b>")

    page = desk(client).get(f"/staff/outbox/{number}").get_data(as_text=True)

    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;x" in page


def test_names_in_the_journal_are_those_of_today(client: FlaskClient, database: None) -> None:
    make_house()
    member = make_member(name="Femke Postma")
    make_booking(member, make_space("1.32"), period(9, 17))
    with unit_of_work():
        db.session.get_one(Person, member.person_id).name = "Femke de Vries"

    assert "Femke de Vries booking made" in page_of(desk(client).get("/staff/journal"))
