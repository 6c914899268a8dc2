"""kill -9 of writers, again and again: nothing confirmed is lost, nothing overlaps."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from campus.bookings.faults import faults as booking_faults
from campus.bookings.models import Booking
from campus.db import db
from campus.journal.models import Entry
from campus.occupancy import service as occupancy
from campus.spaces.models import SpaceKind
from tests.factories import make_house, make_member, make_space

WRITERS = 4
ROUNDS = 8
_seeds = itertools.count(1)


def start_writer(url: str, log: Path) -> subprocess.Popen[bytes]:
    """Start a writer whose confirmations are appended to `log`."""
    with log.open("ab") as file:
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "tests.writers", url, str(next(_seeds))], stdout=file
        )


def confirmed(log: Path) -> set[str]:
    """Return every code that a writer said was booked; a torn last line says nothing."""
    return {line for line in log.read_text().split("\n")[:-1] if line}


def wait_for_more(log: Path, than: int) -> None:
    """Wait until writers confirmed something new."""
    until = time.monotonic() + 60
    while len(confirmed(log)) <= than and time.monotonic() < until:
        time.sleep(0.05)


@pytest.mark.drill
def test_killed_writers_lose_nothing_confirmed_and_leave_nothing_half(
    app: Flask, tmp_path: Path
) -> None:
    make_house()
    for number in range(6):
        make_space(f"room-{number}", kind=SpaceKind.MEETING_ROOM)
    for _ in range(4):
        make_member()
    url, log = app.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "confirmed"
    log.touch()
    chance = random.Random(1)  # noqa: S311 - a drill, not a secret
    running = [start_writer(url, log) for _ in range(WRITERS)]

    for _ in range(ROUNDS):
        wait_for_more(log, len(confirmed(log)) + 20)
        victim = running.pop(chance.randrange(len(running)))
        victim.kill()
        victim.wait()
        running.append(start_writer(url, log))
    for writer in running:
        writer.kill()
        writer.wait()

    db.session.rollback()  # what this session read before is of a moment long gone
    kept = set(db.session.scalars(select(Booking.code)))
    assert len(confirmed(log)) > ROUNDS * 20
    assert confirmed(log) - kept == set()
    assert occupancy.faults() == []
    assert booking_faults() == []
    told = set(db.session.scalars(select(Entry.subject)))
    assert {f"booking:{code}" for code in kept} == told
