"""Thousands of calendars that look at once: each is answered, and people go on booking."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from campus import clock
from campus.bookings.models import Booking
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.feeds.models import Feed, Scope
from campus.feeds.rules import digest_of
from campus.members.models import Actor
from campus.spaces.models import SpaceKind
from tests.drills.counting import open_days
from tests.drills.waiting import IS_FULL
from tests.factories import make_booking, make_house, make_member, make_space
from tests.members.doors import with_password
from tests.trouble.serving import HOST, PATIENCE, UNANSWERED, Browser, Campus

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("database")]

SUBSCRIBERS = 10_000 if IS_FULL else 1_000
AT_ONCE = 64
PEOPLE = 10
HOUR = timedelta(hours=1)
BUSY = 5  # times that a program asks again after a connection was refused


@pytest.fixture
def campus(app: Flask, tmp_path: Path) -> Iterator[Campus]:
    """A campus served by two processes."""
    served = Campus(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path)
    served.start(workers=2)
    yield served
    served.stop()


def subscribed(people: Sequence[Actor]) -> list[str]:
    """Return the addresses of many calendars, of some people."""
    addresses = []
    with unit_of_work():
        for number in range(SUBSCRIBERS):
            who, token = people[number % len(people)], f"{number:043}"
            addresses.append(f"/feeds/{token}.ics")
            db.session.execute(
                insert(Feed).values(
                    person_id=who.person_id,
                    organisation_id=who.organisation_id,
                    scope=Scope.MINE,
                    name="Agenda",
                    language="nl",
                    token_digest=digest_of(token),
                    idem=f"poll-{number:08}",
                    created_at=clock.now(),
                )
            )
    return addresses


class Poller:
    """Programs that fetch over connections that stay open, as calendars do."""

    def __init__(self, port: int) -> None:
        self.port, self.own = port, threading.local()
        self.opened: list[http.client.HTTPConnection] = []
        self.tags: dict[str, str] = {}

    def fetch(self, address: str) -> int:
        """Return the status of one fetch; a tag that is known is shown."""
        headers = {"User-Agent": "Thunderbird/128"}
        if address in self.tags:
            headers["If-None-Match"] = self.tags[address]
        for attempt in range(BUSY):
            try:
                answer = self._asked(address, headers)
            except UNANSWERED:
                self.own.connection.close()
                self.own.connection = None
                if attempt == BUSY - 1:
                    raise
            else:
                self.tags[address] = answer.headers["ETag"]
                return answer.status
        raise AssertionError

    def _asked(self, address: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        connection = getattr(self.own, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
            self.own.connection = connection
            self.opened.append(connection)
        connection.request("GET", address, headers=headers)
        answer: http.client.HTTPResponse = connection.getresponse()
        answer.read()
        return answer

    def all(self, addresses: Sequence[str]) -> Counter[int]:
        """Return how many answers there were of each status, all asked for at once."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answered = Counter(pool.map(self.fetch, addresses))
        while self.opened:
            self.opened.pop().close()
        return answered


def bookings_by(browser: Browser, days: Sequence[date], over: threading.Event) -> Iterator[int]:
    """Book room b hour after hour until all have been answered; yield the status of each."""
    slots = ((day, hour) for day in days for hour in range(8, 20))
    numbers = count(1)
    while not over.is_set():
        day, hour = next(slots)
        fields = {
            "space": "b",
            "day": day.isoformat(),
            "from": f"{hour:02}:00",
            "to": f"{hour + 1:02}:00",
            "idem": f"polled-{next(numbers):08}",
        }
        yield browser.book(fields).status


def test_every_calendar_is_answered_and_bookings_go_on(campus: Campus) -> None:
    make_house()
    room, _free = (make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("a", "b"))
    people = [with_password(make_member(name=f"P{number}")) for number in range(PEOPLE)]
    days = open_days()
    for who, day in zip(people, days, strict=False):
        starts = clock.wall(day, time(9))
        make_booking(who, room, Period(starts, starts + HOUR), now=clock.now())
    addresses, poller, over = subscribed(people), Poller(campus.port), threading.Event()
    browser = Browser(campus, people[0].email)

    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(lambda: Counter(bookings_by(browser, days, over)))
        first = poller.all(addresses)
        over.set()
        bookings = made.result()
    second, third = poller.all(addresses), poller.all(addresses)

    assert first == {200: SUBSCRIBERS}
    assert second[200] + second[304] == SUBSCRIBERS  # the tenth who books has news
    assert third == {304: SUBSCRIBERS}
    assert list(bookings) == [303]
    kept = db.session.scalar(select(func.count()).where(Booking.idem.like("polled-%")))
    assert kept == bookings[303]
