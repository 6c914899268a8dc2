"""The mail server is down for days and comes back: every booking's mail arrives, once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from campus.db import db
from campus.outbox.models import Message
from tests.drills.cluster import HOST, free_port
from tests.drills.conftest import counted
from tests.drills.counting import (
    assert_all_is_there_once,
    forms,
    open_days,
    people_with_rooms,
)
from tests.drills.crowd import booking
from tests.drills.waiting import PATIENCE, size, until
from tests.factories import make_staff
from tests.members.doors import with_password
from tests.trouble.serving import Browser, Campus, environment

CLIENTS = 2
# Hours. Mails wait for a moment in which the booking can be undone, and are given up after 72.
SOON, BACK, TOO_LATE = 0.1, 66, 73

pytestmark = pytest.mark.drill


class MailServer:
    """A mail server that can be killed and started again, and what it has taken."""

    def __init__(self, folder: Path) -> None:
        self.port, self._file = free_port(), folder / "mails"
        self._file.touch()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Take mails from now on."""
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "tests.drills.postbox", str(self.port), str(self._file)],
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        """Kill it, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def taken(self) -> list[str]:
        """Return the Message-ID of each mail it took."""
        return [line.split()[0] for line in self._file.read_text().splitlines()]


class Post:
    """The mail server, and `campus worker` at any hour after now."""

    def __init__(self, url: str, folder: Path) -> None:
        self.server = MailServer(folder)
        self._environment = {
            **environment(url, folder),
            "CAMPUS_MAIL_URL": f"smtp://{HOST}:{self.server.port}",
        }

    def begin(self, hours: float) -> subprocess.Popen[bytes]:
        """Let a worker do what is due in some hours."""
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "tests.drills.later", str(hours), "worker", "--once"],
            env=self._environment,
            stderr=subprocess.DEVNULL,
        )

    def work(self, hours: float) -> None:
        """Let a worker do what is due in some hours, and end."""
        assert self.begin(hours).wait(PATIENCE) == 0


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The address of a fresh database."""
    return f"sqlite:///{tmp_path}/campus.sqlite3"


@pytest.fixture
def app(url: str) -> Iterator[Flask]:
    """An application over it."""
    with counted(url) as app:
        yield app


@pytest.fixture
def post(url: str, tmp_path: Path) -> Iterator[Post]:
    """A mail server that is down."""
    post = Post(url, tmp_path)
    yield post
    post.server.kill()


def test_what_waited_for_days_arrives_and_nothing_twice(
    app: Flask, url: str, post: Post, serve: Callable[[str], Campus]
) -> None:
    people = people_with_rooms(CLIENTS)
    with booking(serve(url), people) as crowd:
        crowd.wait_for(size(10, 200))
    for hours in range(1, BACK, size(32, 3)):
        post.work(hours)

    post.server.start()
    worker = post.begin(BACK)
    until(lambda: len(post.server.taken()) >= size(3, 50))
    post.server.kill()  # and goes again, with a mail in its hands perhaps
    worker.wait(PATIENCE)
    post.server.start()
    for hours in (BACK + 1, BACK + 2):
        post.work(hours)

    assert_all_is_there_once(crowd.confirmed, app)
    letters = db.session.scalars(select(Message)).all()
    assert all(letter.sent_at and not letter.dead_at for letter in letters)
    taken = post.server.taken()
    assert set(taken) == {f"<outbox-{letter.id}@localhost>" for letter in letters}
    assert len(taken) <= len(letters) + 1  # the one in its hands, under the same Message-ID


def test_what_was_given_up_is_sent_when_staff_say_so(
    app: Flask, url: str, post: Post, serve: Callable[[str], Campus]
) -> None:
    (who,) = people_with_rooms(1)
    front_desk = with_password(make_staff())
    campus = serve(url)
    code = Browser(campus, who.email).book(next(forms("room-0", open_days()))).code
    for hours in (SOON, TOO_LATE):
        post.work(hours)
    post.server.start()
    post.work(TOO_LATE + 24)
    db.session.rollback()
    letter = db.session.scalars(select(Message)).one()
    given_up, unasked = letter.dead_at, post.server.taken()

    retry = Browser(campus, front_desk.email).post(f"/en/staff/outbox/{letter.id}/retry", {})
    post.work(TOO_LATE + 24)

    assert code in letter.about
    assert given_up
    assert unasked == []
    assert retry.status == 303
    assert post.server.taken() == [f"<outbox-{letter.id}@localhost>"]
