"""An import that is stopped, or that runs twice at once, leaves whole bookings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from campus.bookings import faults
from campus.bookings.models import Booking
from campus.db import db, unit_of_work
from campus.members.models import Actor, Duty
from campus.spaces import service as spaces
from campus.spaces.models import BookingRule, OpeningHours, SpaceKind
from tests.conftest import KEY
from tests.factories import make_house, make_organisation, make_staff
from tests.races import wait_until_awaited

ROOT = Path(__file__).resolve().parent.parent.parent
# A shell that runs tests in the background lets its children ignore ^C.
RUN = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    " from campus.app import main; main()"
)


@pytest.fixture
def rixt(database: None) -> Actor:
    """Somebody who works for the campus, and an organisation."""
    make_house()
    make_organisation("Terpdata")
    return make_staff(Duty.CAMPUS_MANAGER)


def schedule(folder: Path, rows: int) -> Path:
    """Return a schedule of many hours in ten rooms."""
    file = folder / "rooster.csv"
    lines = ["id,room,start,end"]
    for number in range(rows):
        day, rest = divmod(number, 100)
        hour, room = divmod(rest, 10)
        on = date(2027, 1, 1) + timedelta(days=day)
        lines.append(f"{number},zaal-{room},{on} {8 + hour}:00,{on} {9 + hour}:00")
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def started(app: Flask, file: Path, by: Actor) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    code = db.session.execute(
        db.text("SELECT code FROM organisation WHERE name = 'Terpdata'")
    ).scalar_one()
    db.session.rollback()
    chosen = ("--by", by.email, "--organisation", code, "--create-spaces", "meeting_room")
    return subprocess.Popen(  # noqa: S603 - this program, with arguments of its own
        [sys.executable, "-c", RUN, "bookings", "import", str(file), *chosen, "--json"],
        cwd=ROOT,
        env={
            **os.environ,
            "CAMPUS_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
            "CAMPUS_DATA_DIR": str(file.parent),
            "CAMPUS_SECRET_KEY": KEY,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_what_was_booked_before_it_was_stopped_stays_and_the_next_run_goes_on(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    file = schedule(tmp_path, 2_000)
    stopped = started(app, file, rixt)
    assert stopped.stderr is not None
    assert "of 2,000 rows" in stopped.stderr.readline()

    stopped.send_signal(signal.SIGINT)
    _, said = stopped.communicate(timeout=60)

    db.session.rollback()
    booked = db.session.query(Booking).count()
    assert stopped.returncode == 1
    assert f"Stopped. {booked:,} bookings are booked whole and stay" in said
    assert 0 < booked < 2_000
    assert faults.faults() == []
    answer = json.loads(started(app, file, rixt).communicate(timeout=120)[0])
    assert (answer["unchanged"], answer["booked"]) == (booked, 2_000 - booked)


def test_of_two_imports_at_once_each_row_is_booked_once(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    file = schedule(tmp_path, 1_000)

    both = [started(app, file, rixt) for _ in range(2)]
    said = [one.communicate(timeout=120) for one in both]

    assert [one.returncode for one in both] == [0, 0], said
    answers = [json.loads(out) for out, _ in said]

    db.session.rollback()
    assert sum(one["booked"] for one in answers) == 1_000
    assert sum(one["unchanged"] for one in answers) == 1_000
    assert all(one["refused"]["count"] == 0 for one in answers)
    assert faults.faults() == []


def test_an_import_waits_for_who_settles_rules_and_hours(
    app: Flask, database: None, tmp_path: Path
) -> None:
    make_organisation("Terpdata")
    rixt = make_staff(Duty.CAMPUS_MANAGER)
    file = schedule(tmp_path, 10)
    with unit_of_work():
        for number in range(10):
            spaces.add_space(
                code=f"zaal-{number}", name="Zaal", kind=SpaceKind.MEETING_ROOM, floor=None
            )

    def run() -> str:
        with app.app_context():
            return started(app, file, rixt).communicate(timeout=60)[0]

    with ThreadPoolExecutor(1) as threads:
        with unit_of_work():
            spaces.hold()
            spaces.settle_terms({SpaceKind.MEETING_ROOM})
            other = threads.submit(run)
            if db.engine.dialect.name == "postgresql":  # SQLite lets one in at a time
                wait_until_awaited(other)
        assert json.loads(other.result(60))["booked"] == 10

    db.session.rollback()
    assert db.session.query(BookingRule).count() == 1
    assert db.session.query(OpeningHours).count() == 5
