"""What the page asks the database, against counting by hand; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from campus import clock
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.finder import queries
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind
from campus.spaces.models import Closure, Space, SpaceKind
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_space,
    period,
    tomorrow,
)

DESK = [SpaceKind.DESK]
WEEK_AGO = DAY - timedelta(days=7)


@pytest.fixture
def house(database: None) -> None:
    make_house()


@contextmanager
def counted() -> Iterator[list[str]]:
    """Count the questions that reach the database."""
    asked: list[str] = []

    def note(*args: object) -> None:
        if not str(args[2]).startswith("BEGIN"):
            asked.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def close(space: Space, starts_at: datetime, ends_at: datetime | None) -> None:
    """Take a space out of use."""
    with unit_of_work():
        closure = Closure(space_id=space.id, starts_at=starts_at, ends_at=ends_at, created_at=NOW)
        db.session.add(closure)
        db.session.flush()
        occupancy.claim(
            owner=Owner(OwnerKind.CLOSURE, closure.id),
            spaces=[db.session.merge(space)],
            periods=[Period(starts_at, ends_at)],
        )


def test_what_is_taken_of_each_day_is_summed_by_the_database(house: None) -> None:
    desks = [make_space() for _ in range(4)]
    make_booking(make_member(name="A B"), desks[0], period(9, 12))
    make_booking(make_member(name="C D"), desks[1], period(8, 20))
    make_booking(make_member(name="E F"), desks[1], period(10, 11, day=tomorrow()))
    close(desks[2], at(15), None)
    close(desks[3], at(19) - timedelta(days=30), at(9, day=tomorrow()))
    room = make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    make_booking(make_member(name="G H"), room, period(9, 10))
    days = {DAY: period(8, 20), tomorrow(): period(8, 20, day=tomorrow())}

    taken = queries.seconds_taken(days, kinds=DESK)

    hours = {day: round(seconds / 3600, 3) for day, seconds in taken.items()}
    assert hours == {DAY: 3 + 12 + 5 + 12, tomorrow(): 1 + 12 + 1}


def test_no_days_ask_nothing(house: None) -> None:
    assert queries.seconds_taken({}, kinds=DESK) == {}


def test_how_somebody_last_sat_is_what_has_begun_not_what_is_planned(house: None) -> None:
    member = make_member()
    before, planned, room = make_space(), make_space(), make_space(kind=SpaceKind.PHONE_BOOTH)
    make_booking(member, before, period(9, 12, day=WEEK_AGO), now=at(8, day=WEEK_AGO))
    make_booking(member, planned, period(9, 12, day=tomorrow()))
    make_booking(member, room, period(8, 9))

    _, habit = queries.rules_and_habit(DESK, person_id=member.person_id, now=NOW)

    assert habit is not None
    assert habit.space_id == before.id
    assert [f"{hour:%H:%M}" for hour in habit.hours] == ["09:00", "12:00"]


def test_who_is_new_has_the_habit_of_the_first_booking_or_none(house: None) -> None:
    member, desk = make_member(), make_space()
    _, none = queries.rules_and_habit(DESK, person_id=member.person_id, now=NOW)
    make_booking(member, desk, period(9, 12, day=tomorrow()))

    found, habit = queries.rules_and_habit(DESK, person_id=member.person_id, now=NOW)

    assert none is None
    assert habit is not None
    assert habit.space_id == desk.id
    assert found[SpaceKind.DESK].one_per_person
    assert SpaceKind.MEETING_ROOM in found


def test_a_claim_tells_whose_only_to_whoever_it_is(house: None) -> None:
    owner, other = make_member(), make_member(name="Jelle Hoekstra")
    booking = make_booking(owner, make_space(), period(9, 12), title="Geheim plan")

    seen = {
        person_id: queries.claims(clock.day_period(DAY), person_id=person_id)
        for person_id in (owner.person_id, other.person_id, None)
    }

    assert [claim.code for claims in seen.values() for claim in claims] == [booking.code, "", ""]
    assert "Geheim" not in repr(seen)


def test_spaces_come_with_their_parts_and_zones(house: None) -> None:
    left, right = (make_space(name, kind=SpaceKind.MEETING_ROOM) for name in ("left", "right"))
    whole = make_space("whole", kind=SpaceKind.EVENT_SPACE, parts=(left, right))

    lots = {lot.code: lot for lot in queries.house(with_islands=True).lots}

    assert lots["whole"].parts == (left.id, right.id)
    assert lots["left"].parts == (left.id,)
    assert lots["whole"].id == whole.id


def test_claims_of_years_ago_are_not_read(house: None) -> None:
    desk = make_space()
    days = [DAY - timedelta(days=7 * n) for n in range(1, 5)]
    for day in days:
        make_booking(make_member(name="A B"), desk, period(9, 12, day=day), now=at(8, day=day))
    make_booking(make_member(name="C D"), desk, period(9, 12))

    with counted() as asked:
        claims = queries.claims(clock.day_period(DAY), person_id=None)

    assert [claim.period for claim in claims] == [period(9, 12)]
    assert len(asked) == 1
