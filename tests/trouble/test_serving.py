"""A server told to end, or killed, while people book: what a page confirmed is there, once."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from campus import clock
from campus.bookings.models import Booking, BookingChange
from campus.db import db
from campus.journal.models import Entry
from campus.members.models import Actor
from campus.occupancy.models import Occupancy
from campus.outbox.models import Message
from campus.spaces import queries as spaces
from campus.spaces.models import SpaceKind
from tests.factories import make_house, make_member, make_space
from tests.members.doors import with_password
from tests.trouble.serving import PATIENCE, UNANSWERED, Browser, Campus, Fields, served

CLIENTS = 4
CLICKS = 5
HORIZON = timedelta(days=60)  # of rooms; see tests.factories
QUARTERS = [(hour, quarter) for hour in range(8, 20) for quarter in (0, 15, 30, 45)]


@pytest.fixture
def people(database: None) -> list[Actor]:
    """Members with a password, each with a room of the same number."""
    make_house()
    for number in range(CLIENTS):
        make_space(f"room-{number}", kind=SpaceKind.MEETING_ROOM)
    return [with_password(make_member(name=f"P{number}")) for number in range(CLIENTS)]


def open_days() -> list[date]:
    """Return the days that can be booked, by the clock on the wall: the server has no other."""
    first = clock.today(clock.now()) + timedelta(days=1)
    opening = spaces.opening(SpaceKind.MEETING_ROOM, first=first, last=first + HORIZON / 2)
    return sorted(day for day, period in opening.periods.items() if period is not None)


def forms(room: str, days: list[date]) -> Iterator[dict[str, str]]:
    """Return one form after the other: every quarter of an hour of a room."""
    for number, (day, (hour, minute)) in enumerate(itertools.product(days, QUARTERS)):
        ends = hour * 60 + minute + 15
        yield {
            "space": room,
            "day": day.isoformat(),
            "from": f"{hour:02}:{minute:02}",
            "to": f"{ends // 60:02}:{ends % 60:02}",
            "title": f"Overleg {number}",
            "idem": f"{room}-{number:06}",
        }


class Clients:
    """People who book one after the other, all at once, and keep what they were told."""

    def __init__(self, campus: Campus, people: list[Actor]) -> None:
        days = open_days()
        self.browsers = [Browser(campus, who.email) for who in people]
        self.confirmed: dict[str, str] = {}
        self.unanswered: list[tuple[Browser, Fields]] = []
        self.other: list[str] = []
        self._one_more = threading.Semaphore(0)
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=self._book, args=(browser, forms(f"room-{number}", days)))
            for number, browser in enumerate(self.browsers)
        ]
        for thread in self._threads:
            thread.start()

    def wait_for(self, number: int) -> None:
        """Wait until so many more were confirmed."""
        for _ in range(number):
            assert self._one_more.acquire(timeout=PATIENCE), (len(self.confirmed), self.other)

    def finish(self) -> None:
        """Let everybody hear of their last form, and stop."""
        self._is_over.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def send_again(self) -> None:
        """Send what nobody answered once more, as it was."""
        for browser, fields in self.unanswered:
            answer = browser.book(fields)
            assert answer.code, answer.page
            self.confirmed[fields["idem"]] = answer.code

    def _book(self, browser: Browser, asked: Iterator[dict[str, str]]) -> None:
        while not self._is_over.is_set():
            fields = next(asked)
            try:
                answer = browser.book(fields)
            except UNANSWERED:
                self.unanswered.append((browser, fields))
                continue
            if answer.code:
                self.confirmed[fields["idem"]] = answer.code
                self._one_more.release()
            else:
                self.other.append(f"{answer.status} {answer.page}")


def assert_all_is_there_once(clients: Clients, app: Flask) -> None:
    """Assert that what was confirmed is there, and that all that is there is whole."""
    db.session.rollback()
    kept = {booking.idem: booking for booking in db.session.scalars(select(Booking))}
    assert {idem: booking.code for idem, booking in kept.items()} == clients.confirmed
    codes, ids = [b.code for b in kept.values()], [b.id for b in kept.values()]
    once = Counter(codes)
    assert Counter(db.session.scalars(select(Occupancy.booking_id))) == Counter(ids)
    assert Counter(db.session.scalars(select(BookingChange.booking_id))) == Counter(ids)
    assert Counter(told(Entry.subject.startswith("booking:"))) == prefixed(once, "booking:{}")
    letters = Counter(db.session.scalars(select(Message.about)))
    assert letters == prefixed(once, "booking:{}/1")
    doctor = app.test_cli_runner().invoke(args=["doctor"])
    assert doctor.exit_code == 0, doctor.output
