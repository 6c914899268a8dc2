"""Doctor: lost guards, rows that name nothing and instants that cannot be read are found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text, update

from campus.bookings.models import Booking
from campus.db import db, faults, unit_of_work
from tests.conftest import lowered_guards, unguarded
from tests.factories import make_booking, make_house, make_member, make_space, period

pytestmark = pytest.mark.usefixtures("database")


def said() -> list[str]:
    return [str(fault) for fault in faults.faults()]


def booked() -> Booking:
    make_house()
    return make_booking(make_member(), make_space(), period(9, 11))


def test_what_the_verbs_leave_behind_is_sound() -> None:
    booked()

    assert said() == []


@contextmanager
def without_the_guard_of_the_ledger() -> Iterator[None]:
    if db.engine.dialect.name == "sqlite":
        name = "occupancy_no_overlap_update"
        found = text("SELECT sql FROM sqlite_master WHERE name = :name")
        again = str(db.session.scalar(found, {"name": name}))
        lower = f"DROP TRIGGER {name}"
    else:
        lower = "ALTER TABLE occupancy DROP CONSTRAINT occupancy_no_overlap"
        again = (
            "ALTER TABLE occupancy ADD CONSTRAINT occupancy_no_overlap EXCLUDE USING gist"
            " (space_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)"
        )
    with unit_of_work():
        db.session.execute(text(lower))
    try:
        yield
    finally:
        with unit_of_work():
            db.session.execute(text(again.replace(":", "\\:")))


def test_a_lost_guard_of_the_ledger_is_found() -> None:
    with without_the_guard_of_the_ledger():
        (found,) = said()

    assert "lost its guard occupancy_no_overlap" in found
    assert "Restore the last backup" in found
    assert said() == []


def test_a_lost_guard_of_the_journal_is_found() -> None:
    with unit_of_work():
        again = lowered_guards()
    found = said()
    with unit_of_work():
        for guard in again:
            db.session.execute(text(guard))

    assert found
    assert all("lost its guard journal_append_only" in one for one in found)
    assert said() == []


def test_a_column_that_is_not_there_is_found() -> None:
    with unit_of_work():
        db.session.execute(text("ALTER TABLE closure RENAME COLUMN was_until_on TO was"))
    found = said()
    with unit_of_work():
        db.session.execute(text("ALTER TABLE closure RENAME COLUMN was TO was_until_on"))

    assert found == [
        "The table closure has no column was_until_on, which this campus reads. Restore the last"
        " sound backup; it migrates by itself."
    ]
    assert said() == []


def test_a_row_that_names_nobody_is_found() -> None:
    booking = booked()
    nobody = update(Booking).values(person_id=booking.person_id + 1000)
    unguarded(nobody)
    found = said()
    unguarded(nobody.values(person_id=booking.person_id))

    assert found == [
        "1 row of the table booking names a person that is not there (person_id)."
        " Restore the last sound backup."
    ]


def test_an_instant_of_another_form_is_found() -> None:
    booked()
    is_sqlite = db.engine.dialect.name == "sqlite"
    odd = "'2026-11-26T10:00:00+01:00'" if is_sqlite else "'infinity'"
    unguarded(text(f"UPDATE booking SET ends_at = {odd}".replace(":", "\\:")))  # noqa: S608

    found = said()

    assert "1 row of the table booking holds an instant that is none of campus's" in found[0]
