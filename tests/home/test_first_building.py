"""From an empty database to a building in use, by the commands of docs/first-building.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from campus import clock
from campus.bookings.models import Booking
from campus.closures.models import Choice
from campus.closures.verdict import Closing
from campus.db import db
from campus.errors import Spoken
from campus.members.models import Duty
from campus.occupancy.models import Occupancy
from campus.settings import Settings
from campus.spaces.models import Floor, OpeningHours, Space, SpaceKind
from tests.backups.conftest import PROGRAMS
from tests.closures.scenes import close
from tests.factories import make_booking, make_member, make_staff, period, tomorrow
from tests.home.test_cli import run

pytestmark = pytest.mark.usefixtures("database")

DATA = Path("tests/data")
ROOMS = 254
ON_PLANS = {"APB-0": 57, "APB-1": 96, "APB-2": 101}
TALKS, REFUSED, HALLS = 672, 2, 26
CORRIDOR = ("APB.1001", "APB.1002", "APB.1003")


@pytest.fixture
def at_home(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A campus with a data folder of its own, and the programs that copy its database."""
    before: Settings = app.extensions["campus.settings"]
    app.extensions["campus.settings"] = replace(
        before, data_dir=tmp_path / "data", pg_bin=str(PROGRAMS)
    )
    (tmp_path / "data").mkdir()
    yield app
    app.extensions["campus.settings"] = before
    clock.set_campus_zone(before.zone)


def done(app: Flask, *arguments: str) -> str:
    """Run a command that must succeed, and return what it said."""
    code, said = run(app, *arguments)
    assert code == 0, said
    return said


def count(table: type[Booking] | type[Space]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def move_in(app: Flask) -> None:
    """Import TU Dresden's building with its plans, and FOSDEM's schedule into other rooms."""
    rixt = make_staff(Duty.CAMPUS_MANAGER)
    rooms = str(DATA / "rooms" / "tud-apb-rooms.csv")
    assert "254 new spaces" in done(app, "spaces", "import", rooms, "--map", "docs/maps/tud.toml")
    for level, (floor, drawn) in enumerate(ON_PLANS.items()):
        drawing = str(DATA / "plans" / f"tud-apb-level{level}.svg")
        said = done(app, "floors", "import", drawing, "--floor", floor, "--code", "APB.{id}")
        assert f"{drawn} spaces have their shape in the drawing." in said
    done(app, "organisations", "add", "FOSDEM", "--code", "fosdem")
    said = done(
        app, "bookings", "import", str(DATA / "fosdem-2024.csv"),
        "--map", "docs/maps/fosdem.toml", "--by", rixt.email, "--organisation", "fosdem",
        "--create-spaces", "event_space",
    )  # fmt: skip
    assert f"{TALKS} booked, {REFUSED} refused" in said
    assert "UB4.136 is taken then by" in said


def test_a_real_building_is_moved_into_closed_in_part_copied_and_sound(
    at_home: Flask, tmp_path: Path
) -> None:
    move_in(at_home)
    assert (count(Space), count(Booking)) == (ROOMS + HALLS, TALKS)
    shaped = db.session.scalars(select(Space.id).where(Space.plan_width.is_not(None))).all()
    assert len(shaped) == sum(ON_PLANS.values()) == ROOMS
    assert all(floor.drawing_below for floor in db.session.scalars(select(Floor)))
    assert db.session.scalars(select(OpeningHours.weekday)).all() == list(range(5))

    corridor = list(db.session.scalars(select(Space).where(Space.code.in_(CORRIDOR))))
    booking = make_booking(make_member(), corridor[0], period(9, 10, day=tomorrow()))
    whole_day = period(8, 18, day=tomorrow())
    close(
        make_staff(),
        Closing([room.id for room in corridor], whole_day, reason=Spoken("lekkage", "a leak")),
        Choice.MOVE,
    )
    moved = db.session.scalars(select(Booking).where(Booking.code == booking.code)).one()
    assert moved.space.code not in CORRIDOR
    assert moved.space.kind is SpaceKind.MEETING_ROOM
    closed = select(Occupancy.space_id).where(Occupancy.closure_id.is_not(None))
    assert set(db.session.scalars(closed)) == {room.id for room in corridor}
    db.session.rollback()

    file = str(tmp_path / "campus.tar")
    done(at_home, "backup", file)
    assert "It can be restored." in done(at_home, "restore", file, "--check")
    assert "Everything is as it should be." in done(at_home, "doctor")


def test_a_second_time_changes_nothing(at_home: Flask) -> None:
    move_in(at_home)
    rooms = str(DATA / "rooms" / "tud-apb-rooms.csv")

    again = done(at_home, "spaces", "import", rooms, "--map", "docs/maps/tud.toml")

    assert f"{ROOMS} unchanged spaces." in again
    assert count(Space) == ROOMS + HALLS
