"""Doctor: texts, counters and feeds that do not say what is so are found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from campus.bookings.calendar import RENDER_VERSION
from campus.bookings.models import Booking
from campus.db import db, unit_of_work
from campus.db.counters import Counter
from campus.feeds import faults
from campus.feeds.models import Feed, Scope
from campus.members.models import Actor, Person
from campus.spaces.models import Space
from tests.factories import DAY, NOW, at, make_booking, make_space, period
from tests.feeds.conftest import subscribe

HOUR = timedelta(hours=1)


def texts() -> list[str]:
    return [str(fault) for fault in faults.faults_of_texts(NOW)]


def counters() -> list[str]:
    return [str(fault) for fault in faults.faults_of_counters()]


# --- texts ------------------------------------------------------------------------------------


def test_what_the_verbs_write_is_sound(room: Space, femke: Actor) -> None:
    make_booking(femke, room, period(9, 10), title="Terpen")
    several = period(9, 17).starts_at, at(17, day=DAY + timedelta(days=4))
    make_booking(femke, make_space("1.32"), type(period(9, 10))(*several))

    assert (texts(), counters(), faults.faults()) == ([], [], [])


@pytest.mark.parametrize("column", ["ical_full", "ical_busy"])
def test_a_text_that_says_something_else_is_found(room: Space, femke: Actor, column: str) -> None:
    booking = make_booking(femke, room, period(9, 10))
    with unit_of_work():
        db.session.execute(update(Booking).values({column: "BEGIN:VEVENT\r\nEND:VEVENT\r\n"}))

    (found,) = texts()
    assert f"something else of booking {booking.code} than the booking does" in found
    assert "campus feeds retell" in found


def test_a_person_renamed_behind_the_back_of_the_texts_is_found(room: Space, femke: Actor) -> None:
    make_booking(femke, room, period(9, 10))
    with unit_of_work():
        db.session.execute(update(Person).values(name="Femke de Vries"))

    assert len(texts()) == 1


@pytest.mark.parametrize("version", [0, RENDER_VERSION - 1, RENDER_VERSION + 1])
def test_a_text_of_another_version_heals_and_is_no_fault(
    room: Space, femke: Actor, version: int
) -> None:
    make_booking(femke, room, period(9, 10))
    with unit_of_work():
        db.session.execute(update(Booking).values(ical_version=version, ical_full="old"))

    assert texts() == []


def test_many_wrong_texts_are_one_fault(
    room: Space, femke: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "MANY", 1)
    for hour in (9, 11):
        make_booking(femke, room, period(hour, hour + 1))
    with unit_of_work():
        db.session.execute(update(Booking).values(ical_full="torn"))

    (found,) = texts()
    assert "of 2 bookings than those do" in found
    assert "campus feeds retell" in found


def test_of_what_no_feed_shows_any_more_each_day_others_are_looked_at(
    room: Space, femke: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "OLDER", 2)
    for hour in range(9, 15):
        make_booking(femke, room, period(hour, hour + 1))
    with unit_of_work():
        db.session.execute(update(Booking).values(ical_full="torn"))

    later = NOW + timedelta(days=200)
    per_day = [faults.faults_of_texts(later + timedelta(days=n)) for n in range(3)]
    told = faults.texts_of(later)

    assert (told.shown, told.older, told.some) == (0, 6, 2)
    assert [len(found) for found in per_day] == [2, 2, 2]
    assert len({fault.values["code"] for found in per_day for fault in found}) == 6


def test_retelling_makes_them_sound_again(app: Flask, room: Space, femke: Actor) -> None:
    make_booking(femke, room, period(9, 10))
    with unit_of_work():
        db.session.execute(update(Booking).values(ical_full="torn"))
        db.session.execute(update(Counter).values(changed_at=NOW - HOUR))
    assert texts()
    assert counters()

    answer = app.test_cli_runner().invoke(args=["feeds", "retell"])

    assert answer.exit_code == 0
    assert "of 1 bookings is written anew" in answer.output
    assert (texts(), counters()) == ([], [])


# --- counters ---------------------------------------------------------------------------------


def test_a_booking_changed_behind_the_back_of_its_counters_is_found(
    room: Space, femke: Actor
) -> None:
    make_booking(femke, room, period(9, 10))
    with unit_of_work():
        db.session.execute(update(Booking).values(updated_at=NOW + HOUR))

    found = counters()
    assert len(found) == 6
    for key in ("campus", "kind:meeting_room", f"person:{femke.person_id}", f"space:{room.id}"):
        assert any(f"The counter {key} has not counted" in one for one in found)


def test_what_came_all_at_once_before_anything_was_counted_is_sound(
    room: Space, femke: Actor
) -> None:
    make_booking(femke, room, period(9, 10))
    with unit_of_work():
        db.session.execute(delete(Counter))

    assert counters() == []


# --- feeds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "key", "harm"),
    [
        (Scope.SPACE, "hunze", {"key_id": 987654}),
        (Scope.FLOOR, "1", {"key_id": 987654}),
        (Scope.KIND, "desk", {"key": "boat"}),
    ],
)
def test_a_feed_of_a_place_that_is_not_there_is_found(
    room: Space, femke: Actor, scope: Scope, key: str, harm: dict[str, object]
) -> None:
    subscribe(femke, scope, key)
    subscribe(femke, Scope.MINE)
    assert faults.faults() == []
    with unit_of_work():
        db.session.execute(update(Feed).where(Feed.scope == scope).values(**harm))

    (found,) = (str(fault) for fault in faults.faults())
    assert f"of {femke.email} shows a place that is not there." in found
