"""Loading the demo into a database."""

from __future__ import annotations

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
from campus.errors import Conflict
from campus.members.models import Organisation, Person
from campus.occupancy import service as occupancy
from campus.occupancy.models import Occupancy
from campus.spaces.models import Closure, Space, SpaceFeature, SpaceKind
from tests.conftest import empty
from tests.factories import NOW, make_organisation, make_person

THURSDAY = date(2026, 11, 26)


def loaded(*, seed: int = 1) -> Loaded:
    """Load the demo around a Thursday."""
    with unit_of_work():
        return service.load(
            today=THURSDAY, seed=seed, scale=1, password="een-goed-lang-wachtwoord", now=NOW
        )


def count(table: type[object]) -> int:
    """Return how many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("database")
def test_the_demo_is_written_whole_and_the_ledger_is_sound() -> None:
    found = loaded()

    assert (found.spaces, found.organisations, found.people) == (180, 81, 300)
    assert (count(Space), count(Organisation), count(Person)) == (180, 81, 300)
    assert count(Booking) == found.bookings > 2000
    assert count(SpaceFeature) > 800
    assert occupancy.faults() == []


@pytest.mark.usefixtures("database")
def test_every_standing_booking_holds_its_space_and_a_cancelled_one_nothing() -> None:
    loaded()
    held = set(db.session.scalars(select(Occupancy.booking_id)))

    for state, is_held in ((BookingState.CONFIRMED, True), (BookingState.CANCELLED, False)):
        ids = set(db.session.scalars(select(Booking.id).where(Booking.state == state)))
        assert ids
        assert (ids <= held) if is_held else not (ids & held)


@pytest.mark.usefixtures("database")
def test_every_booking_has_a_history() -> None:
    found = loaded()
    verbs = db.session.execute(
        select(BookingChange.verb, func.count()).group_by(BookingChange.verb)
    )

    made = dict(verbs.tuples().all())
    assert made[Verb.BOOK] == found.bookings
    assert 0 < made[Verb.CANCEL] < found.bookings / 10


@pytest.mark.usefixtures("database")
def test_an_evening_in_the_combined_room_takes_both_its_parts() -> None:
    loaded()
    [whole] = db.session.scalars(select(Space).where(Space.kind == SpaceKind.EVENT_SPACE))
    evening = db.session.scalars(select(Booking).where(Booking.space_id == whole.id)).first()
    assert evening is not None

    claims = db.session.scalars(select(Occupancy).where(Occupancy.booking_id == evening.id)).all()

    assert {claim.space_id for claim in claims} == {part.id for part in whole.parts}
    assert all(claim.starts_at < evening.starts_at for claim in claims)


@pytest.mark.usefixtures("database")
def test_one_room_is_closed_today() -> None:
    loaded()
    closure = db.session.scalars(select(Closure)).one()

    assert closure.space.code == CLOSED
    assert clock.today(closure.starts_at) == THURSDAY


@pytest.mark.usefixtures("database")
def test_only_the_log_ins_have_a_password() -> None:
    loaded()
    able = set(db.session.scalars(select(Person.email).where(Person.password.is_not(None))))

    assert able == set(LOG_INS)


@pytest.mark.usefixtures("database")
def test_the_same_seed_gives_the_same_codes() -> None:
    loaded()
    first = _codes()
    empty()

    loaded()

    assert _codes() == first


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("make", [make_organisation, make_person])
def test_a_database_with_content_is_refused_and_left_alone(make: object) -> None:
    assert callable(make)
    make()

    with pytest.raises(Conflict, match="needs an empty one"):
        loaded()

    assert count(Space) == count(Booking) == 0


def test_the_command_says_what_it_loaded_and_how_to_sign_in(app: Flask) -> None:
    runner = app.test_cli_runner()

    first = runner.invoke(args=["demo", "--today", "2026-11-26"])
    second = runner.invoke(args=["demo"])

    assert first.exit_code == 0, first.output
    assert "180 spaces, 81 organisations, 300 people" in first.output
    assert all(email in first.output for email in LOG_INS)
    assert second.exit_code == 1
    assert "needs an empty one" in second.output


def _codes() -> list[str]:
    return list(db.session.scalars(select(Booking.code).order_by(Booking.id)))
