"""Somebody books, moves or closes while staff close: one wins, nothing overlaps or breaks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from flask import Flask
from sqlalchemy import select

from campus.bookings import queries as booked
from campus.bookings import service as bookings
from campus.bookings.models import Asked, Booking
from campus.closures import queries, service
from campus.closures.models import Choice
from campus.closures.rules import digest_of
from campus.closures.verdict import Answer, Closing
from campus.db import carry_out, db, unit_of_work
from campus.members.models import Actor, Person
from campus.members.queries import actor_of
from campus.spaces.models import Closure, SpaceKind
from campus.spaces.queries import space_by_code
from tests.closures.scenes import claims_of, close, closing_of, look, wrongs
from tests.factories import (
    NOW,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_person,
    make_space,
    make_staff,
    period,
    tomorrow,
)
from tests.races import outcomes, wait_until_awaited

RUNNERS = 16
NOBODY_MET = digest_of([])
WHEN = period(8, 20, day=tomorrow())
REFUSED = {"done", "taken", "stale", "rule", "conflict"}


def person(name: str) -> Actor:
    """Return one of the racers as an actor."""
    return actor_of(db.session.scalars(select(Person).where(Person.name == name)).one())


def close_now(number: int) -> None:
    """Close a room, having looked at it as it is."""
    staff = person("Rixt")
    closing = Closing([space_by_code("hunze").id], WHEN)
    answer = Answer(seen=look(closing).digest, idem=f"closing-{number:04}")
    carry_out(lambda: service.close_spaces(actor=staff, closing=closing, answer=answer, now=NOW))


def book_now(number: int) -> None:
    """Book an hour in that room, or in the one next to it."""
    member = person(f"P{number % 4}")
    hour = 8 + number % 10

    def work() -> None:
        space = space_by_code("hunze" if number % 4 == 1 else "near")
        asked = Asked(space=space, period=period(hour, hour + 1, day=tomorrow()))
        bookings.book(actor=member, asked=asked, now=NOW, idem=f"booking-{number:05}")

    carry_out(work)


def move_now(number: int) -> None:
    """Move what somebody has in the room next to it into the room, or back."""
    member = person("P0")
    code = db.session.scalars(select(Booking.code).order_by(Booking.id)).first() or ""

    def work() -> None:
        booking = booked.booking_to_change(code, actor=member)
        other = "near" if booking.space.code == "hunze" else "hunze"
        asked = Asked(space=space_by_code(other), period=booking.period)
        bookings.change(
            actor=member, booking=booking, asked=asked, revision=booking.revision, now=NOW
        )

    carry_out(work)


def all_at_once(number: int) -> None:
    """Let some close, some book and some move."""
    (close_now, book_now, move_now, book_now)[number % 4](number)


def test_booking_moving_and_closing_at_once_never_overlap(app: Flask) -> None:
    make_house()
    make_staff(name="Rixt")
    racers = [make_member(make_organisation(), person=make_person(f"P{n}")) for n in range(4)]
    hunze, _ = (
        make_space(code, kind=SpaceKind.MEETING_ROOM, capacity=4) for code in ("hunze", "near")
    )
    make_booking(racers[0], hunze, period(18, 20, day=tomorrow()))
    url: str = app.config["SQLALCHEMY_DATABASE_URI"]

    found = outcomes(url, all_at_once, runners=RUNNERS, rounds=3)

    assert set(found) <= REFUSED, found
    assert found["done"] >= 1
    assert wrongs() == []


def close_with_one_key(number: int) -> None:
    """The same form sent several times at once."""
    staff = person("Rixt")
    closing = Closing([space_by_code("hunze").id], WHEN)
    answer = Answer(seen=NOBODY_MET, idem="the-same-key")
    carry_out(lambda: service.close_spaces(actor=staff, closing=closing, answer=answer, now=NOW))


def test_the_same_form_sent_at_once_closes_once_and_each_sending_hears_yes(app: Flask) -> None:
    make_house()
    make_staff(name="Rixt")
    make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    url: str = app.config["SQLALCHEMY_DATABASE_URI"]

    found = outcomes(url, close_with_one_key, runners=8)

    assert found == {"done": 8}
    assert db.session.query(Closure).count() == 1


def close_anew(number: int) -> None:
    """Two of staff close the same room, each with a form of their own."""
    staff = person(f"S{number % 2}")
    closing = Closing([space_by_code("hunze").id], WHEN)
    answer = Answer(seen=NOBODY_MET, idem=f"closing-{number:05}")
    carry_out(lambda: service.close_spaces(actor=staff, closing=closing, answer=answer, now=NOW))


def test_of_two_of_staff_who_close_a_room_at_once_one_is_told_it_is_closed(app: Flask) -> None:
    make_house()
    for number in range(2):
        make_staff(name=f"S{number}")
    make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    url: str = app.config["SQLALCHEMY_DATABASE_URI"]

    found = outcomes(url, close_anew, runners=2)

    assert found == {"done": 1, "rule": 1}
    assert wrongs() == []


def test_what_is_opened_while_the_worker_looks_stays_open(app: Flask) -> None:
    make_house()
    make_staff(name="Rixt")
    member = make_member()
    hunze = make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    booking = make_booking(member, hunze, period(10, 12, day=tomorrow()))
    code = close(person("Rixt"), closing_of([hunze], WHEN), Choice.KEEP)
    with unit_of_work():
        going = booked.booking_to_change(booking.code, actor=member)
        bookings.cancel(actor=member, booking=going, reason="", now=NOW)
    begun = Event()

    def settle_now() -> int:
        with app.app_context(), unit_of_work():
            seen = queries.unfinished(NOW) if can_read_meanwhile else []
            begun.set()
            assert not can_read_meanwhile or seen
            return service.settle(now=NOW)

    can_read_meanwhile = db.engine.dialect.name == "postgresql"  # SQLite lets one in at a time
    with ThreadPoolExecutor(1) as threads:
        with unit_of_work():
            service.reopen(actor=person("Rixt"), code=code, revision=1, now=NOW)
            db.session.flush()
            filled = threads.submit(settle_now)
            if can_read_meanwhile:
                begun.wait(30)
                wait_until_awaited(filled)
        assert filled.result(30) == 0
    db.session.rollback()

    assert claims_of(code) == []
    assert wrongs() == []
