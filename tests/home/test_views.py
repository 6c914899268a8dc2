"""My campus, help, light or dark, and whether the campus is ready."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, update

from campus.db import db, unit_of_work
from campus.home import service
from campus.home.service import Readiness, Schema
from campus.members.models import Membership, Role
from campus.outbox.models import Job, Letter
from campus.outbox.service import enqueue
from campus.spaces.models import OpeningHours, SpaceKind
from tests.bookings.visits import page_of, statements, visit
from tests.factories import (
    NOW,
    csrf_token,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_space,
    period,
    tomorrow,
)

MOST_FOR_ME = 8


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# --- my campus --------------------------------------------------------------------------------


def test_my_campus_is_for_who_is_signed_in(client: FlaskClient, database: None) -> None:
    answer = client.get("/nl/me")

    assert answer.status_code == 303
    assert "/nl/sign-in" in answer.location


def test_the_next_booking_stands_on_top_and_the_others_follow(
    client: FlaskClient, database: None
) -> None:
    make_house()
    member = make_member()
    first = make_booking(member, make_space("1.32"), period(9, 17))
    later = make_booking(member, make_space("1.40"), period(9, 17, day=tomorrow()))

    answer = visit(client, member).get("/me")
    page = page_of(answer)

    assert page.index("today 09:00–17:00".capitalize()) < page.index("Soon and later")
    assert page.index("Soon and later") < page.index("1.40")
    assert f"/en/bookings/{first.code}/cancel" in answer.get_data(as_text=True)
    assert f"/en/bookings/{later.code}" in answer.get_data(as_text=True)
    assert "Your day: Desk 1.32 09:00–17:00" in answer.get_data(as_text=True)


def test_a_running_booking_offers_to_give_back_the_rest(
    client: FlaskClient, database: None
) -> None:
    make_house()
    member = make_member()
    running = make_booking(member, make_space("1.32"), period(8, 17))
    who = visit(client, member)

    page = who.get("/me")
    answer = who.post(f"/bookings/{running.code}/release")

    assert f'action="/en/bookings/{running.code}/release"' in page.get_data(as_text=True)
    assert answer.status_code == 303
    assert "Nothing booked yet" in page_of(who.get("/me"))


def test_who_may_no_longer_change_a_booking_is_not_offered_to(
    client: FlaskClient, database: None
) -> None:
    make_house()
    member = make_member()
    running = make_booking(member, make_space("1.32"), period(8, 17))
    with unit_of_work():
        db.session.execute(update(Membership).values(ended_at=NOW))

    page = visit(client, member).get("/me").get_data(as_text=True)

    assert f'href="/en/bookings/{running.code}"' in page
    assert f"/en/bookings/{running.code}/release" not in page


def test_somebody_without_bookings_reads_what_is_free(client: FlaskClient, database: None) -> None:
    make_house()
    make_space()

    page = page_of(visit(client, make_member()).get("/me"))

    assert "Nothing booked yet" in page
    assert "1 of 1 desks is free, now." in page


def test_what_is_past_is_shown_when_asked_for(client: FlaskClient, database: None) -> None:
    make_house()
    member, desk = make_member(), make_space("1.32")
    gone = make_booking(member, desk, period(9, 17, day=tomorrow()))
    who = visit(client, member)
    who.post(f"/bookings/{gone.code}/cancel")

    assert "1.32" not in page_of(who.get("/me"))
    assert "Desk 1.32" in page_of(who.get("/me?all=1"))
    assert "cancelled" in page_of(who.get("/me?all=1"))


def test_colleagues_with_a_desk_today_are_named_and_outsiders_are_not(
    client: FlaskClient, database: None
) -> None:
    make_house()
    organisation = make_organisation("Terpdata")
    me = make_member(organisation)
    make_booking(
        make_member(organisation, name="Jelle Hoekstra"), make_space("1.17"), period(8, 17)
    )
    make_booking(
        make_member(organisation, name="Tomasz Nowak"), make_space("2.11"), period(13, 17)
    )
    make_booking(make_member(name="Sanne Veldkamp"), make_space("1.18"), period(8, 17))
    make_booking(me, make_space("1.19"), period(8, 17))

    page = page_of(visit(client, me).get("/me"))

    assert "Jelle, 1.17" in page
    assert "Tomasz, 2.11 from 13:00" in page
    assert "Sanne" not in page
    assert "Femke, 1.19" not in page


def test_rooms_of_the_organisation_are_shown_with_what_they_are_for(
    client: FlaskClient, database: None
) -> None:
    make_house()
    organisation = make_organisation("Terpdata")
    me = make_member(organisation)
    room = make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    make_booking(
        make_member(organisation, name="Jelle Hoekstra"), room, period(11, 12), title="Roadmap"
    )

    page = page_of(visit(client, me).get("/me"))

    assert "Terpdata today hunze 11:00–12:00 Roadmap, Jelle Hoekstra" in page


def test_somebody_without_an_organisation_has_a_page(client: FlaskClient, database: None) -> None:
    make_house()
    member = make_member(role=Role.MEMBER)
    with unit_of_work():
        db.session.execute(update(Membership).values(ended_at=NOW))

    assert visit(client, member).get("/me").status_code == 200


def test_my_campus_asks_the_same_of_the_database_for_one_booking_and_for_thirty(
    client: FlaskClient, database: None
) -> None:
    make_house()
    organisation = make_organisation()
    member = make_member(organisation)
    rooms = [make_space(kind=SpaceKind.MEETING_ROOM) for _ in range(15)]
    make_booking(member, rooms[0], period(9, 10))
    who = visit(client, member)
    with statements() as few:
        who.get("/me?all=1")
    for room in rooms:
        make_booking(member, room, period(13, 14))
        make_booking(make_member(organisation), make_space(), period(9, 17))

    with statements() as many:
        who.get("/me?all=1")

    assert len(few) == len(many) <= MOST_FOR_ME


def test_an_empty_page_asks_little_too(client: FlaskClient, database: None) -> None:
    make_house()
    make_space()
    who = visit(client, make_member())

    with statements() as asked:
        who.get("/me?all=1")

    assert len(asked) <= MOST_FOR_ME


# --- help, theme ------------------------------------------------------------------------------


def test_help_says_the_rules_as_the_database_has_them(client: FlaskClient, database: None) -> None:
    make_house()

    page = page_of(client.get("/en/help"))

    assert "mornings 08:00–13:00, afternoons 13:00–18:00" in page
    assert "At most 5 days in one booking." in page
    assert "By the quarter of an hour, from 15 minutes to 8 hours." in page
    assert "Open Monday to Friday 08:00–20:00; not on public holidays." in page


def test_help_names_hours_that_differ_within_the_week(client: FlaskClient, database: None) -> None:
    make_house()
    with unit_of_work():
        db.session.execute(delete(OpeningHours).where(OpeningHours.weekday == 2))
        db.session.add(OpeningHours(weekday=5, opens=time(10), closes=time(0)))

    page = page_of(client.get("/en/help"))

    assert (
        "Monday to Tuesday 08:00–20:00, Thursday to Friday 08:00–20:00, Saturday 10:00–00:00"
        in page
    )


def test_help_is_there_before_anything_is_set(client: FlaskClient, database: None) -> None:
    assert client.get("/nl/help").status_code == 200


@pytest.mark.parametrize(
    ("chosen", "cookie"), [("dark", "dark"), ("light", "light"), ("auto", None), ("pink", None)]
)
def test_light_or_dark_is_remembered_and_leads_back(
    client: FlaskClient, database: None, chosen: str, cookie: str | None
) -> None:
    token = csrf_token(client.get("/nl/help").get_data(as_text=True))

    answer = client.post(
        "/nl/theme", data={"theme": chosen, "next": "/nl/help", "csrf_token": token}
    )

    kept = client.get_cookie("theme")
    assert (answer.status_code, answer.location) == (303, "/nl/help")
    assert (kept.value if kept else None) == cookie


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil", ""])
def test_the_theme_never_leads_to_another_site(
    client: FlaskClient, database: None, target: str
) -> None:
    token = csrf_token(client.get("/nl/help").get_data(as_text=True))

    answer = client.post("/nl/theme", data={"theme": "dark", "next": target, "csrf_token": token})

    assert answer.location == "/nl/"


# --- health -----------------------------------------------------------------------------------


def test_healthz_asks_nothing_of_the_database(client: FlaskClient, database: None) -> None:
    with statements() as asked:
        answer = client.get("/healthz")

    assert (answer.status_code, answer.text, asked) == (200, "ok\n", [])


def test_readyz_answers_in_words(client: FlaskClient, database: None) -> None:
    with unit_of_work():
        db.session.add(Job(name="a", next_run_at=NOW, locked_until=NOW, last_run_at=NOW))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "database": "answers",
        "migrations": "at head",
        "disk": "has room",
        "worker": "works",
        "oldest_message": "none",
    }


def test_a_silent_worker_and_late_mail_are_words_and_no_more(
    client: FlaskClient, app: Flask
) -> None:
    settings = app.extensions["campus.settings"]
    letter = Letter(recipient="a@b.example", person_id=None, language="nl", subject="s", text="t")
    with unit_of_work():
        enqueue(letter, about="x", dedupe_key="x", now=NOW - timedelta(minutes=11))

    without = client.get("/readyz")
    app.extensions["campus.settings"] = replace(settings, mail_url="smtp://127.0.0.1:1")
    try:
        late = client.get("/readyz")
    finally:
        app.extensions["campus.settings"] = settings

    assert (without.status_code, late.status_code) == (200, 200)
    assert without.json is not None
    assert late.json is not None
    assert without.json["oldest_message"] == "waits, mail is not set up"
    assert (late.json["worker"], late.json["oldest_message"]) == ("silent", "waits too long")


@pytest.mark.parametrize(
    ("revision", "word"), [("0000-before", "newer than this program"), (None, "not there yet")]
)
def test_a_schema_that_is_not_this_ones_is_not_ready(
    client: FlaskClient, database: None, revision: str | None, word: str
) -> None:
    known = db.session.scalars(db.text("SELECT version_num FROM alembic_version")).one()
    set_revision(revision)
    try:
        answer = client.get("/readyz")
    finally:
        set_revision(known)

    assert answer.status_code == 503
    assert answer.json is not None
    assert (answer.json["status"], answer.json["migrations"]) == ("not ready", word)


def set_revision(revision: str | None) -> None:
    with unit_of_work():
        db.session.execute(db.text("DELETE FROM alembic_version"))
        if revision is not None:
            db.session.execute(
                db.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision}
            )


def test_a_full_disk_is_not_ready(
    client: FlaskClient, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(100, 96, 4))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["disk"] == "nearly full"


def test_a_database_that_does_not_answer_is_not_ready_and_holds_nobody_up(
    client: FlaskClient, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ANSWER_WITHIN", 0.05)
    answered = threading.Event()

    def keep_waiting(*_statement: object) -> None:
        if threading.current_thread().name == "readiness":
            answered.wait(timeout=60)

    event.listen(db.engine, "before_cursor_execute", keep_waiting)
    try:
        answer = client.get("/readyz")
    finally:
        answered.set()
        for thread in threading.enumerate():
            if thread.name == "readiness":
                thread.join()
        event.remove(db.engine, "before_cursor_execute", keep_waiting)

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == "does not answer"


def test_readiness_needs_all_three() -> None:
    ready = Readiness(answers=True, schema=Schema.HEAD, has_room=True)

    assert ready.is_ready
    assert not replace(ready, answers=False).is_ready
    assert not replace(ready, schema=Schema.BEHIND).is_ready
    assert not replace(ready, has_room=False).is_ready
