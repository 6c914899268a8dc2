"""Doctor: each way in which bookings, closures and the ledger could drift apart is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from campus.bookings import faults, service
from campus.bookings.models import Asked, Booking, BookingState
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.members.models import Actor
from campus.occupancy.models import Occupancy
from campus.spaces.models import Space, SpaceKind, SpaceState
from tests.conftest import unguarded
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_space,
    make_staff,
    period,
    tomorrow,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def member(database: None) -> Actor:
    make_house()
    return make_member()


def said() -> list[str]:
    return [str(fault) for fault in faults.faults()]


def test_what_the_verbs_leave_behind_is_sound(member: Actor) -> None:
    east, west = (make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("east", "west"))
    whole = make_space(
        "whole",
        kind=SpaceKind.EVENT_SPACE,
        parts=(east, west),
        buffer_before_minutes=30,
        buffer_after_minutes=15,
    )
    make_booking(member, whole, period(10, 12))
    make_booking(member, make_space(), Period(at(9), at(17, day=DAY + timedelta(days=4))))
    gone = make_booking(member, east, period(14, 15))
    running = make_booking(member, west, period(8, 9, day=tomorrow()))
    with unit_of_work():
        service.cancel(actor=member, booking=db.session.merge(gone), reason="", now=NOW)
    with unit_of_work():
        service.release(
            actor=member, booking=db.session.merge(running), now=at(8, 20, day=tomorrow())
        )

    assert said() == []


def test_a_booking_given_back_on_its_second_day_is_sound(member: Actor) -> None:
    long = make_booking(member, make_space(), Period(at(9), at(17, day=DAY + timedelta(days=5))))
    with unit_of_work():
        service.release(actor=member, booking=db.session.merge(long), now=at(10, day=tomorrow()))

    assert said() == []


def test_a_room_given_back_early_keeps_no_time_to_clear(member: Actor) -> None:
    room = make_space(kind=SpaceKind.MEETING_ROOM, buffer_after_minutes=30)
    running = make_booking(member, room, period(8, 12))
    with unit_of_work():
        service.release(actor=member, booking=db.session.merge(running), now=at(9))

    assert said() == []


def test_days_that_staff_book_outside_the_hours_hold_the_open_ones(member: Actor) -> None:
    desk, staff = make_space(), make_staff()
    with unit_of_work():
        days = Period(at(6), at(22, day=tomorrow()))
        asked = Asked(space=db.session.merge(desk), period=days, anyway=True)
        service.book(actor=staff, asked=asked, now=NOW, idem="days-and-days")

    assert said() == []


def drop_claim(booking: Booking) -> None:
    db.session.execute(delete(Occupancy).where(Occupancy.booking_id == booking.id))


def cancel_only_the_booking(booking: Booking) -> None:
    db.session.execute(update(Booking).values(state=BookingState.CANCELLED))


def move_the_claim(booking: Booking) -> None:
    db.session.execute(update(Occupancy).values(ends_at=booking.ends_at + HOUR))


def cut_the_claim(booking: Booking) -> None:
    db.session.execute(update(Occupancy).values(ends_at=booking.ends_at - HOUR))


def claim_another_space(booking: Booking) -> None:
    other = make_space_now()
    db.session.execute(update(Occupancy).values(space_id=other))


def name_another_organisation(booking: Booking) -> None:
    db.session.execute(update(Occupancy).values(organisation_id=None))


def make_space_now() -> int:
    space = Space(code="other", name="other", kind=SpaceKind.MEETING_ROOM)
    db.session.add(space)
    db.session.flush()
    return space.id


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (drop_claim, "holds no place"),
        (cancel_only_the_booking, "is cancelled and still holds a place"),
        (move_the_claim, "holds its place at another time"),
        (cut_the_claim, "holds its place at another time"),
        (claim_another_space, "holds a place that is not its own"),
        (name_another_organisation, "names another organisation"),
    ],
)
def test_every_drift_is_found(member: Actor, harm: Callable[[Booking], None], words: str) -> None:
    booking = make_booking(member, make_space(kind=SpaceKind.MEETING_ROOM), period(9, 11))

    with unit_of_work():
        harm(db.session.merge(booking))

    assert [words in one and booking.code in one for one in said()] == [True]


def test_half_of_a_combined_room_is_found(member: Actor) -> None:
    east, west = (make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("east", "west"))
    whole = make_space("whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    make_booking(member, whole, period(9, 11))
    with unit_of_work():
        db.session.execute(delete(Occupancy).where(Occupancy.space_id == west.id))

    assert len(said()) == 1
    assert "only part of its place" in said()[0]


def test_a_day_of_several_that_reaches_too_far_is_found(member: Actor) -> None:
    long = make_booking(member, make_space(), Period(at(9), at(17, day=tomorrow())))
    with unit_of_work():
        db.session.execute(
            update(Occupancy)
            .where(Occupancy.ends_at == long.ends_at)
            .values(ends_at=long.ends_at + HOUR)
        )

    assert "holds its place at another time" in said()[0]


def test_a_claim_for_nobody_is_found(member: Actor) -> None:
    booking = make_booking(member, make_space(), period(9, 11))
    unguarded(update(Occupancy).values(booking_id=booking.id + 1000))
    row = db.session.scalars(select(Occupancy.id)).one()

    assert f"Ledger row {row} takes a space for nobody." in said()[-1]
    assert said()[-1].endswith(f"WHERE id = {row}.")


# --- days and spaces --------------------------------------------------------------------------


def said_of_days() -> list[str]:
    return [str(fault) for fault in faults.faults_of_days(NOW)]


def test_days_and_nights_that_the_verbs_book_are_sound(member: Actor) -> None:
    make_booking(member, make_space(), Period(at(9), at(17, day=DAY + timedelta(days=4))))
    room = make_space(kind=SpaceKind.MEETING_ROOM, buffer_after_minutes=30)
    make_booking(member, room, period(9, 10))

    assert said_of_days() == []


def test_a_booking_between_two_minutes_is_found(member: Actor) -> None:
    booking = make_booking(member, make_space(), period(9, 11))
    with unit_of_work():
        db.session.execute(update(Booking).values(ends_at=at(11) + timedelta(seconds=30)))

    assert f"Booking {booking.code} begins or ends between two minutes" in said_of_days()[0]


def test_a_day_that_reaches_over_the_midnight_of_the_campus_is_found(member: Actor) -> None:
    booking = make_booking(member, make_space(), Period(at(9), at(17, day=tomorrow())))
    assert said_of_days() == []
    with unit_of_work():  # cut at midnight UTC, which is 01:00 here
        db.session.execute(
            update(Occupancy)
            .where(Occupancy.starts_at == booking.starts_at)
            .values(ends_at=at(1, day=tomorrow()))
        )

    assert [f"Booking {booking.code} holds its place over midnight" in said_of_days()[0]] == [True]
    assert "CAMPUS_ZONE" in said_of_days()[0]


@pytest.mark.parametrize(
    "gone",
    [
        {"state": SpaceState.RETIRED},
        {"available_until_on": DAY + timedelta(days=1)},
        {"available_from_on": DAY + timedelta(days=2)},
    ],
)
def test_a_coming_booking_in_a_space_that_is_gone_is_found(
    member: Actor, gone: dict[str, object]
) -> None:
    desk = make_space("1.32")
    today = make_booking(member, desk, period(9, 11))
    coming = make_booking(make_member(), desk, period(9, 11, day=tomorrow()))
    with unit_of_work():
        db.session.execute(update(Space).values(**gone))
        db.session.execute(
            update(Booking).where(Booking.id == today.id).values(state=BookingState.CANCELLED)
        )

    (fault,) = said_of_days()
    assert f"Booking {coming.code} is for 1.32, which is not in use on that day." in fault


def test_another_organisation_with_the_same_space_is_no_fault(member: Actor) -> None:
    room = make_space(kind=SpaceKind.MEETING_ROOM)
    make_booking(member, room, period(9, 10))
    make_booking(make_member(make_organisation("Fjild")), room, period(10, 11))

    assert said() == []
