"""A server told to end, or killed, while people book: what a page confirmed is there, once."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

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
from tests.trouble.serving import (
    PATIENCE,
    UNANSWERED,
    Answer,
    Browser,
    Campus,
    Fields,
)

CLIENTS = 4
CLICKS = 5
KILLS = 4
HORIZON = timedelta(days=60)  # of rooms; see tests.factories
QUARTERS = [(hour, quarter) for hour in range(8, 20) for quarter in (0, 15, 30, 45)]


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Campus]]:
    """Campuses by the URL of their database, served until the last test of this file."""
    campuses: dict[str, Campus] = {}
    yield campuses
    for campus in campuses.values():
        campus.stop()


@pytest.fixture
def campus(
    app: Flask, served: dict[str, Campus], tmp_path_factory: pytest.TempPathFactory
) -> Campus:
    """A campus that is served, on either database."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url not in served:
        served[url] = Campus(url, tmp_path_factory.mktemp("served"))
        served[url].start(workers=2)
    return served[url]


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
    db.session.rollback()  # PostgreSQL ends who holds a transaction for half a minute
    return sorted(opening.periods)


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
        browsers = [Browser(campus, who.email) for who in people]
        self.confirmed: dict[str, str] = {}  # key of a form: code of a booking
        self.unanswered: list[tuple[Browser, Fields]] = []
        self.refused: list[str] = []
        self._one_more = threading.Semaphore(0)
        self._no_more = threading.Event()
        self._threads = [
            threading.Thread(target=self._book, args=(browser, forms(f"room-{number}", days)))
            for number, browser in enumerate(browsers)
        ]
        for thread in self._threads:
            thread.start()

    def wait_for(self, number: int) -> None:
        """Wait until so many more were confirmed."""
        for _ in range(number):
            assert self._one_more.acquire(timeout=PATIENCE), (len(self.confirmed), self.refused)

    def until_unanswered(self) -> None:
        """Let everybody go on until a form is not answered: the campus is about to end."""
        self._no_more.set()

    def finish(self) -> None:
        """Wait for everybody's last form."""
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def send_again(self) -> None:
        """Send what nobody answered once more, as it was."""
        for browser, fields in self.unanswered:
            answer = browser.book(fields)
            assert answer.code, answer.page
            self.confirmed[fields["idem"]] = answer.code

    def _book(self, browser: Browser, asked: Iterator[dict[str, str]]) -> None:
        for fields in asked:
            try:
                answer = browser.book(fields)
            except UNANSWERED:
                self.unanswered.append((browser, fields))
                if self._no_more.is_set():
                    return
                continue
            if answer.code:
                self.confirmed[fields["idem"]] = answer.code
                self._one_more.release()
            else:
                self.refused.append(f"{answer.status} {answer.page}")


@contextmanager
def booking(campus: Campus, people: list[Actor]) -> Iterator[Clients]:
    """People book during this block; at its end the campus ends in their midst, and comes back."""
    clients = Clients(campus, people)
    try:
        yield clients
    finally:
        clients.until_unanswered()
        campus.tell(signal.SIGTERM)
        ended = campus.stop()
        clients.finish()
    assert ended == 0
    assert clients.refused == []
    assert clients.unanswered
    campus.start(workers=1)
    clients.send_again()


def assert_all_is_there_once(clients: Clients, app: Flask) -> None:
    """Assert that what was confirmed is there, and that all that is there is whole."""
    db.session.rollback()
    kept = {booking.idem: booking for booking in db.session.scalars(select(Booking))}
    assert {idem: booking.code for idem, booking in kept.items()} == clients.confirmed
    ids = Counter(booking.id for booking in kept.values())
    subjects = Counter(f"booking:{booking.code}" for booking in kept.values())
    entries = select(Entry.subject).where(Entry.verb == "booking.book")
    assert Counter(db.session.scalars(select(Occupancy.booking_id))) == ids
    assert Counter(db.session.scalars(select(BookingChange.booking_id))) == ids
    assert Counter(db.session.scalars(entries)) == subjects
    letters = db.session.scalars(select(Message.about))
    assert Counter(about.removesuffix("/1") for about in letters) == subjects
    doctor = app.test_cli_runner().invoke(args=["doctor"])
    assert doctor.exit_code == 0, doctor.output


def test_one_form_sent_five_times_at_once_is_one_booking(
    campus: Campus, people: list[Actor]
) -> None:
    asked = forms("room-0", open_days())
    one, wish = next(asked), {**next(asked), "space": "", "any": "meeting_room"}
    browser = Browser(campus, people[0].email)

    answers = [at_once(CLICKS, partial(browser.book, form)) for form in (one, wish)]

    for of_one_form in answers:
        assert [answer.status for answer in of_one_form] == [303] * CLICKS
        assert len({answer.code for answer in of_one_form}) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Booking)) == len(answers)
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == len(answers)


def test_a_server_told_to_end_while_people_book_keeps_its_word(
    campus: Campus, people: list[Actor], app: Flask
) -> None:
    with booking(campus, people) as clients:
        clients.wait_for(15)
        campus.tell(signal.SIGHUP)
        clients.wait_for(25)

    assert_all_is_there_once(clients, app)
    assert "Traceback" not in campus.log.read_text()


@pytest.mark.drill
def test_reloads_and_killed_workers_lose_nothing_confirmed(
    campus: Campus, people: list[Actor], app: Flask
) -> None:
    chance = random.Random(1)  # noqa: S311 - a drill, not a secret
    with booking(campus, people) as clients:
        for _ in range(KILLS):
            clients.wait_for(20)
            os.kill(chance.choice(campus.workers()), signal.SIGKILL)
            clients.wait_for(20)
            campus.tell(signal.SIGHUP)

    assert_all_is_there_once(clients, app)


def at_once(number: int, deed: Callable[[], Answer]) -> list[Answer]:
    """Do the same in so many threads at the same moment."""
    ready = threading.Barrier(number)

    def do(_number: int) -> Answer:
        ready.wait(PATIENCE)
        return deed()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(do, range(number)))
