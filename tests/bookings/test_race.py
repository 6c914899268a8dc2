"""Whatever races, one wins, the others are told so, and nothing overlaps."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campus.bookings import queries, service
from campus.bookings.models import Asked, Booking
from campus.clock import Period
from campus.db import carry_out, db
from campus.members.models import Actor, Person
from campus.members.queries import actor_of
from campus.occupancy import service as occupancy
from campus.occupancy.models import Occupancy
from campus.spaces.models import SpaceKind
from campus.spaces.queries import space_by_code
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_person,
    make_space,
    period,
)
from tests.races import outcomes

MANY = 64
QUARTER = timedelta(minutes=15)


def url_of(app: Flask) -> str:
    """Return the database URL of an application."""
    url: str = app.config["SQLALCHEMY_DATABASE_URI"]
    return url


def member(number: int) -> Actor:
    """Return one of the racers as an actor."""
    return actor_of(db.session.scalars(select(Person).where(Person.name == f"P{number}")).one())


def make_racers(number: int) -> None:
    """Make racers in two organisations."""
    organisations = [make_organisation(), make_organisation("Veenlab")]
    for n in range(number):
        make_member(organisations[n % 2], person=make_person(f"P{n}"))


def book(number: int, code: str, when: Period, *, idem: str = "") -> None:
    """Book as a door does: one unit of work, once more when two requests crossed."""

    def work() -> None:
        asked = Asked(space=space_by_code(code), period=when)
        key = idem or f"race-{number:06}"
        service.book(actor=member(number % 1000), asked=asked, now=NOW, idem=key)

    carry_out(work)


def book_the_same(number: int) -> None:
    """All want the same hours; each round another day's."""
    book(number, "hunze", _on(number // 1000, 10 * 4, 8))


def book_overlapping(number: int) -> None:
    """All want hours that overlap, no two the same."""
    turn, racer = divmod(number, 1000)
    book(number, "hunze", _on(turn, 8 * 4 + racer % 8, 9 + racer % 5))


def _on(turn: int, first: int, quarters: int) -> Period:
    day = [DAY + timedelta(days=n) for n in range(14) if (DAY + timedelta(days=n)).weekday() < 5]
    start = at(0, day=day[turn]) + first * QUARTER
    return Period(start, start + quarters * QUARTER)


@pytest.mark.parametrize("deed", [book_the_same, book_overlapping], ids=["same", "overlapping"])
def test_of_sixty_four_one_wins_and_the_others_hear_it_is_taken(app: Flask, deed) -> None:  # type: ignore[no-untyped-def]
    make_house()
    make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    make_racers(MANY)

    rounds = 2
    found = outcomes(url_of(app), deed, runners=MANY, rounds=rounds)

    assert set(found) == {"done", "taken"}, found
    assert found["done"] >= rounds
    if deed is book_the_same:
        assert found["done"] == rounds
    assert occupancy.faults() == []
    assert _count(Occupancy) == _count(Booking) == found["done"]


def swap(number: int) -> None:
    """Two bookings want each other's room; the rooms are named in opposite order."""

    def work() -> None:
        code, other = _codes(number)
        actor = member(number % 1000)
        booking = queries.booking_by_code(code, actor=actor)
        wanted = queries.booking_by_code(other, actor=member((number + 1) % 2)).space.code
        service.change(
            actor=actor,
            booking=booking,
            asked=Asked(space=space_by_code(wanted), period=booking.period),
            revision=booking.revision,
            now=NOW,
        )

    carry_out(work)


def _codes(number: int) -> tuple[str, str]:
    codes = list(db.session.scalars(select(Booking.code).order_by(Booking.id)))
    return codes[number % 2], codes[(number + 1) % 2]


def test_two_bookings_that_swap_rooms_end_in_a_refusal_and_never_in_an_error(app: Flask) -> None:
    make_house()
    rooms = [make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("west", "east")]
    make_racers(2)
    for number, room in enumerate(rooms):
        make_booking(member(number), room, period(10, 12))

    found = outcomes(url_of(app), swap, runners=2, rounds=10)

    assert set(found) <= {"done", "taken", "conflict"}, found
    assert occupancy.faults() == []
    assert _count(Occupancy) == 2


def book_with_one_key(number: int) -> None:
    """The same form sent five times at once."""
    book(0, "hunze", period(10, 12), idem="the-same-key")


def test_the_same_form_sent_at_once_books_once_and_each_sending_hears_yes(app: Flask) -> None:
    make_house()
    make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    make_racers(1)

    found = outcomes(url_of(app), book_with_one_key, runners=8)

    assert found == Counter({"done": 8})
    assert _count(Booking) == 1


def book_own_desk(number: int) -> None:
    """One person grabs a different desk in each tab."""

    def work() -> None:
        asked = Asked(space=space_by_code(f"2.{number:02}"), period=period(9, 17))
        service.book(actor=member(0), asked=asked, now=NOW, idem=f"desk-{number:06}")

    carry_out(work)


def test_one_person_gets_one_desk_however_many_are_asked_for_at_once(app: Flask) -> None:
    make_house()
    for number in range(8):
        make_space(f"2.{number:02}")
    make_racers(1)

    found = outcomes(url_of(app), book_own_desk, runners=8)

    assert found == Counter({"done": 1, "rule": 7})


def book_part_or_whole(number: int) -> None:
    """Some want a part, some the whole room."""
    book(number, ("west", "whole", "east")[number % 3], period(10, 12))


def test_a_combined_room_and_its_parts_are_never_both_sold(app: Flask) -> None:
    make_house()
    west, east = (make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("west", "east"))
    make_space("whole", kind=SpaceKind.MEETING_ROOM, parts=(west, east))
    make_racers(24)

    found = outcomes(url_of(app), book_part_or_whole, runners=24)

    assert set(found) == {"done", "taken"}, found
    assert _count(Occupancy) == 2
    assert occupancy.faults() == []


def _count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0
