"""The doctor's page: what was checked, how long ago, what is wrong; asked for, and at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text, update

from campus import clock
from campus.bookings.models import Booking
from campus.db import db, unit_of_work
from campus.errors import Finding, Text
from campus.home import faults, jobs, rules, service
from campus.home.models import Examination
from campus.journal.models import Entry
from campus.members.models import Actor
from campus.occupancy.models import Occupancy
from tests.bookings.visits import Visit, page_of, visit
from tests.conftest import unguarded
from tests.factories import (
    DAY,
    NOW,
    make_booking,
    make_house,
    make_member,
    make_space,
    make_staff,
    period,
)

pytestmark = pytest.mark.usefixtures("database")
NIGHT = clock.instant(DAY, time(4))
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def morning() -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def member() -> Actor:
    make_house()
    return make_member()


@pytest.fixture
def desk(client: FlaskClient, member: Actor) -> Visit:
    return visit(client, make_staff())


def looks() -> list[Examination]:
    db.session.rollback()
    return list(db.session.scalars(select(Examination).order_by(Examination.id)))


# --- the page ---------------------------------------------------------------------------------


def test_the_page_is_closed_to_members_and_visitors(client: FlaskClient, member: Actor) -> None:
    assert client.get("/nl/staff/doctor").status_code == 303
    visitor = visit(client, member)
    assert visitor.get("/staff/doctor").status_code == 403
    assert visitor.post("/staff/doctor").status_code == 403
    assert looks() == []


def test_before_the_first_night_the_page_says_so(desk: Visit) -> None:
    page = page_of(desk.get("/staff/doctor"))

    assert "Nothing was checked yet." in page
    assert "No worker runs" in page
    assert "Check now" in page


def test_a_check_that_is_asked_for_is_made_by_the_worker(desk: Visit, member: Actor) -> None:
    make_booking(member, make_space(), period(9, 11))

    asked = desk.post("/staff/doctor")
    waiting = page_of(desk.get("/staff/doctor"))
    jobs.examine(NOW + MINUTE)
    done = page_of(desk.get("/staff/doctor"))

    assert asked.status_code == 303
    assert "A check was asked for at 08:10." in waiting
    assert "Check now" not in waiting
    assert "Everything was as it should be." in done
    assert "Rixt Visser asked for it." in done
    assert "Bookings: each has its claims, and each claim its booking or closure 1" in done
    assert db.session.scalars(select(Entry.verb).where(Entry.verb == "doctor.ask")).all() == [
        "doctor.ask"
    ]
    assert "look into the data asked for the campus" in page_of(desk.get("/staff/journal"))


def test_asked_for_twice_it_is_made_once(desk: Visit) -> None:
    desk.post("/staff/doctor")
    desk.post("/staff/doctor")

    assert len(looks()) == 1


def test_faults_stand_first_with_what_to_do(desk: Visit, member: Actor) -> None:
    booking = make_booking(member, make_space(), period(9, 11))
    with unit_of_work():
        db.session.execute(delete(Occupancy))
    desk.post("/staff/doctor")
    jobs.examine(NOW)

    page = page_of(desk.get("/staff/doctor"))

    assert "1 thing is not as it should be." in page
    assert f"Booking {booking.code} holds no place. Change its time, which takes one" in page
    assert "What is written as a command is for whoever runs the campus’s machine." in page
    assert page.index("1 fault") < page.index("sound")


def test_an_old_check_is_no_comfort(desk: Visit) -> None:
    with unit_of_work():
        days_ago = NOW - timedelta(days=3)
        db.session.add(Examination(asked_at=days_ago, begun_at=days_ago, ended_at=days_ago))

    assert "But that was a while ago: ask for a check." in page_of(desk.get("/staff/doctor"))


# --- at night ---------------------------------------------------------------------------------


def test_the_worker_looks_once_a_night_by_itself() -> None:
    for minutes in (0, 1, 60):
        jobs.examine(NIGHT + minutes * MINUTE)
    jobs.examine(NIGHT + timedelta(hours=6))

    (made,) = looks()
    assert (made.asked_by_id, made.begun_at) == (None, NIGHT)
    assert len(rules.findings_of(made.findings)) == 13


@pytest.mark.parametrize(
    ("at", "last_at", "is_due"),
    [
        (NIGHT, None, True),
        (NIGHT, NIGHT - timedelta(hours=20), True),
        (NIGHT, NIGHT - 10 * MINUTE, False),
        (clock.instant(DAY, time(3, 29)), None, False),
        (clock.instant(DAY, time(6)), None, False),
        (NOW, None, False),
    ],
)
def test_it_is_due_at_night_only(at: datetime, last_at: datetime | None, is_due: bool) -> None:
    assert rules.is_due(at, last_at=last_at) is is_due


def test_one_whose_worker_died_is_made_again_after_an_hour() -> None:
    begun = NOW - 61 * MINUTE
    with unit_of_work():
        db.session.add(Examination(asked_at=begun, begun_at=begun))

    jobs.examine(NOW)

    assert [one.ended_at for one in looks()] == [NOW]


def test_one_that_another_worker_is_making_is_left_to_it() -> None:
    begun = NOW - 59 * MINUTE
    with unit_of_work():
        db.session.add(Examination(asked_at=begun, begun_at=begun))

    jobs.examine(NOW)

    assert [(one.begun_at, one.ended_at) for one in looks()] == [(begun, None)]


def test_what_was_found_long_ago_is_forgotten() -> None:
    with unit_of_work():
        for days in (100, 10):
            at = NOW - timedelta(days=days)
            db.session.add(Examination(asked_at=at, begun_at=at, ended_at=at))
        db.session.add(Examination(asked_at=NOW))

    jobs.examine(NOW)

    assert [one.asked_at for one in looks()] == [NOW - timedelta(days=10), NOW]


def test_an_idle_worker_takes_no_lock() -> None:
    assert service.is_examination_due(NOW) is False


# --- what it finds ----------------------------------------------------------------------------


def test_findings_are_kept_with_their_values() -> None:
    values = {"day": date(2027, 3, 28), "at": time(2, 30), "num": 3, "code": "x%y"}
    fault = Text("On %(day)s at %(at)s, %(num)s of %(code)s.", values)
    finding = Finding("hours", Text("Hours"), 5, [fault], 0.25)

    assert rules.findings_of(rules.kept([finding])) == [finding]


def test_what_cannot_be_read_is_a_fault_and_stops_nothing(member: Actor) -> None:
    make_booking(member, make_space(), period(9, 11))
    is_sqlite = db.engine.dialect.name == "sqlite"
    odd = "'yesterday'" if is_sqlite else "'infinity'"
    unguarded(text(f"UPDATE booking SET updated_at = {odd}"))  # noqa: S608 - ours

    found = {one.code: one for one in faults.examine(NOW)}

    assert len(found) == 13
    assert "none of campus's" in str(found["tables"].faults[0])
    assert "Repair what is wrong with the tables first." in str(found["texts"].faults[0])


def test_a_look_that_the_database_gives_up_is_a_fault_and_stops_nothing(
    desk: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given_up(_now: datetime) -> list[Text]:
        db.session.execute(text("SELECT * FROM lost"))
        return []

    lost = replace(faults.LOOKS[3], faults=given_up)
    monkeypatch.setattr(faults, "LOOKS", (lost, *faults.LOOKS[4:]))
    desk.post("/staff/doctor")

    jobs.examine(NOW)

    (made,) = looks()
    first, second, *_ = rules.findings_of(made.findings)[1:]
    assert made.ended_at == NOW
    assert "The database gave this up" in str(first.faults[0])
    assert second.faults == []


def test_of_many_faults_some_are_told(member: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MOST", 2)
    room = make_space()
    for hour in range(9, 14):
        make_booking(make_member(), room, period(hour, hour + 1))
    with unit_of_work():
        db.session.execute(update(Booking).values(ical_full="torn"))

    found = {one.code: one for one in faults.examine(NOW)}

    assert len(found["texts"].faults) == 3
    assert str(found["texts"].faults[-1]) == "… and 3 more like these."
