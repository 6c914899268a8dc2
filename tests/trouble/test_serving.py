"""A server told to end, or killed, while people book: what a page confirmed is there, once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from campus.bookings.models import Booking
from campus.db import db
from campus.members.models import Actor
from campus.occupancy.models import Occupancy
from tests.drills.counting import assert_all_is_there_once, forms, open_days, people_with_rooms
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
    return people_with_rooms(CLIENTS)


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

    assert_all_is_there_once(clients.confirmed, app)
    assert "Traceback" not in campus.log.read_text()


def at_once(number: int, deed: Callable[[], Answer]) -> list[Answer]:
    """Do the same in so many threads at the same moment."""
    ready = threading.Barrier(number)

    def do(_number: int) -> Answer:
        ready.wait(PATIENCE)
        return deed()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(do, range(number)))
