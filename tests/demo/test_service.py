"""Loading the demo into a database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from campus import clock
from campus.bookings.models import Booking, BookingChange, BookingState, Verb
from campus.db import db, unit_of_work
from campus.demo import service
from campus.demo.cast import CLOSED
from campus.demo.people import LOG_INS
from campus.demo.service import Loaded
from campus.members.models import Organisation, Person
from campus.occupancy import service as occupancy
from campus.occupancy.models import Occupancy
from campus.spaces.models import Closure, Space, SpaceFeature, SpaceKind
from tests.conftest import empty
from tests.factories import NOW

THURSDAY = date(2026, 11, 26)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(request: pytest.FixtureRequest) -> Iterator[Loaded]:
    """The demo around a Thursday, loaded once into each database; tests here only read."""
    app: Flask = request.getfixturevalue(f"{request.param}_app")
    with app.app_context():
        with unit_of_work():
            found = service.load(
                today=THURSDAY, seed=1, scale=1, password="een-goed-lang-wachtwoord", now=NOW
            )
        yield found
        db.session.rollback()
        empty()


def count(table: type[object]) -> int:
    """Return how many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_demo_is_written_whole_and_the_ledger_is_sound(loaded: Loaded) -> None:
    assert (loaded.spaces, loaded.organisations, loaded.people) == (180, 81, 300)
    assert (count(Space), count(Organisation), count(Person)) == (180, 81, 300)
    assert count(Booking) == loaded.bookings > 2000
    assert count(SpaceFeature) > 800
    assert occupancy.faults() == []


@pytest.mark.usefixtures("loaded")
def test_every_standing_booking_holds_its_space_and_a_cancelled_one_nothing() -> None:
    held = set(db.session.scalars(select(Occupancy.booking_id)))

    for state, is_held in ((BookingState.CONFIRMED, True), (BookingState.CANCELLED, False)):
        ids = set(db.session.scalars(select(Booking.id).where(Booking.state == state)))
        assert ids
        assert (ids <= held) if is_held else not (ids & held)


def test_every_booking_has_a_history(loaded: Loaded) -> None:
    verbs = db.session.execute(
        select(BookingChange.verb, func.count()).group_by(BookingChange.verb)
    )

    made = {verb: number for verb, number in verbs}  # noqa: C416 - rows are not pairs to mypy
    assert made[Verb.BOOK] == loaded.bookings
    assert 0 < made[Verb.CANCEL] < loaded.bookings / 10


@pytest.mark.usefixtures("loaded")
def test_an_evening_in_the_combined_room_takes_both_its_parts() -> None:
    [whole] = db.session.scalars(select(Space).where(Space.kind == SpaceKind.EVENT_SPACE))
    evening = db.session.scalars(select(Booking).where(Booking.space_id == whole.id)).first()
    assert evening is not None

    claims = db.session.scalars(select(Occupancy).where(Occupancy.booking_id == evening.id)).all()

    assert {claim.space_id for claim in claims} == {part.id for part in whole.parts}
    assert all(claim.starts_at < evening.starts_at for claim in claims)


@pytest.mark.usefixtures("loaded")
def test_one_room_is_closed_today() -> None:
    closure = db.session.scalars(select(Closure)).one()

    assert closure.space.code == CLOSED
    assert clock.today(closure.starts_at) == THURSDAY


@pytest.mark.usefixtures("loaded")
def test_only_the_log_ins_have_a_password() -> None:
    able = set(db.session.scalars(select(Person.email).where(Person.password.is_not(None))))

    assert able == set(LOG_INS)
