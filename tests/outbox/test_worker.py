"""The worker: every message once, whatever stops it; jobs go on whatever fails."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session
from flask import Flask
from sqlalchemy import select

from campus import clock
from campus.db import db, unit_of_work
from campus.outbox import cli, service
from campus.outbox.delivery import MemorySender, Sender
from campus.outbox.models import Job, Letter, Message, Periodic
from campus.settings import Settings
from tests.factories import NOW, make_person
from tests.outbox.test_delivery import Postbox, free_port, running

ROOT = Path(__file__).resolve().parent.parent.parent
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=300)  # due on any clock this test runs by


class BrokenSender:
    """A mail server that takes nothing."""

    def __init__(self) -> None:
        self.tries = 0

    def send(self, mail: EmailMessage) -> None:
        """Fail."""
        self.tries += 1
        raise ConnectionRefusedError(111, "Connection refused")


def everybody(_person_id: int) -> bool:
    return True


def worker(
    app: Flask,
    sender: Sender | None,
    *,
    jobs: tuple[Periodic, ...] = (),
    now: datetime = NOW,
) -> cli.Worker:
    wiring = cli.Wiring(jobs, everybody)
    return cli.Worker(app, wiring, sender, threading.Event(), now=lambda: now)


def enqueue(count: int = 1, *, now: datetime = NOW) -> None:
    with unit_of_work():
        for number in range(count):
            letter = Letter(f"p{number}@campus.example", None, "nl", f"Brief {number}", "Dag.")
            service.enqueue(letter, about=f"thing:{number}", dedupe_key=f"{number}", now=now)


def messages() -> list[Message]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_what_is_due_is_sent_and_marked(app: Flask) -> None:
    enqueue(3)
    sender = MemorySender()

    is_more = worker(app, sender).round()

    assert not is_more
    assert [mail["Subject"] for mail in sender.sent] == ["Brief 0", "Brief 1", "Brief 2"]
    assert [message.sent_at for message in messages()] == [NOW, NOW, NOW]


def test_without_a_mail_server_messages_wait_and_nothing_is_counted(app: Flask) -> None:
    enqueue()

    worker(app, None).round()

    (message,) = messages()
    assert (message.attempts, message.sent_at) == (0, None)


def test_after_a_failure_the_server_rests_and_the_others_wait(app: Flask) -> None:
    enqueue(3)
    sender = BrokenSender()

    worker(app, sender).round()

    assert sender.tries == 1
    assert [message.attempts for message in messages()] == [1, 0, 0]
    assert messages()[0].last_error == "ConnectionRefusedError: [Errno 111] Connection refused"


def test_a_message_that_cannot_be_made_into_a_mail_does_not_stop_the_next(app: Flask) -> None:
    with unit_of_work():
        odd = Letter("nobody", None, "nl", "Brief", "Dag.")
        service.enqueue(odd, about="thing:odd", dedupe_key="odd", now=NOW)
    enqueue()
    sender = MemorySender()
    working = worker(app, sender)

    working.round()
    working.round()

    assert [message.last_error for message in messages()] == [
        "ValueError: the recipient is no e-mail address",
        "",
    ]
    assert len(sender.sent) == 1


def test_a_long_queue_lets_the_jobs_in_between(app: Flask) -> None:
    enqueue(cli.AT_MOST + 1)
    ran: list[datetime] = []
    working = worker(
        app, MemorySender(), jobs=(Periodic("count", timedelta(hours=1), ran.append),)
    )

    assert working.round()
    assert ran == [NOW]
    assert not working.round()


def test_a_person_who_left_is_not_written_to(app: Flask) -> None:
    person = make_person()
    with unit_of_work():
        letter = Letter(person.email, person.id, "nl", "Herinnering", "Morgen.")
        service.enqueue(letter, about="thing:1", dedupe_key="1", now=NOW)
    sender = MemorySender()
    wiring = cli.Wiring((), lambda _person_id: False)

    cli.Worker(app, wiring, sender, threading.Event(), now=lambda: NOW).round()

    assert sender.sent == []


def test_a_job_runs_when_it_is_due_and_then_rests(app: Flask) -> None:
    ran: list[datetime] = []
    job = Periodic("count", timedelta(hours=1), ran.append)

    for now in (NOW, NOW + MINUTE, NOW + timedelta(hours=1)):
        worker(app, None, jobs=(job,), now=now).round()

    assert ran == [NOW, NOW + timedelta(hours=1)]


def test_a_job_that_fails_leaves_the_others_their_turn(app: Flask) -> None:
    def fail(_now: datetime) -> None:
        with unit_of_work():
            db.session.add(Message())  # half a write, which the database refuses
            db.session.flush()

    ran: list[datetime] = []
    jobs = (
        Periodic("fails", timedelta(hours=1), fail),
        Periodic("works", timedelta(hours=1), ran.append),
    )

    worker(app, None, jobs=jobs).round()

    failed, worked = db.session.scalars(select(Job).order_by(Job.name))
    assert ran == [NOW]
    assert failed.last_error.startswith("IntegrityError: ")
    assert worked.last_error == ""


def test_a_worker_told_to_stop_takes_nothing_new(app: Flask) -> None:
    enqueue()
    ran: list[datetime] = []
    sender = MemorySender()
    working = worker(app, sender, jobs=(Periodic("count", MINUTE, ran.append),))
    working.stop.set()

    working.round()

    assert (sender.sent, ran) == ([], [])


def test_several_workers_at_once_send_every_message_once_and_run_a_job_once(app: Flask) -> None:
    enqueue(40)
    ran: list[datetime] = []
    sender = MemorySender()
    job = Periodic("count", timedelta(hours=1), ran.append)
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        worker(app, sender, jobs=(job,)).round()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result()

    assert sorted(mail["Subject"] for mail in sender.sent) == sorted(
        f"Brief {number}" for number in range(40)
    )
    assert ran == [NOW]


def test_a_worker_outlives_a_database_that_is_away(app: Flask) -> None:
    enqueue()
    sender = MemorySender()
    stop = threading.Event()
    asked: list[int] = []

    def now() -> datetime:
        asked.append(1)
        if len(asked) == 1:
            raise OSError("away")
        if len(asked) > 8:
            stop.set()
        return NOW

    cli.Worker(app, cli.Wiring((), everybody), sender, stop, now=now, pause=0.01).run()

    assert len(sender.sent) == 1


def test_a_worker_inside_the_server_sends_and_can_be_stopped(
    app: Flask, mail_server: Controller
) -> None:
    enqueue(now=LONG_AGO)
    settings: Settings = app.extensions["campus.settings"]
    app.extensions["campus.settings"] = with_mail(settings, mail_server)
    try:
        stop = cli.start_embedded(app)
        assert arrived.wait(20)
        stop()
    finally:
        app.extensions["campus.settings"] = settings

    (message,) = messages()
    assert message.sent_at is not None
    assert not any(thread.name == "worker" for thread in threading.enumerate())


# --- as a process of its own ------------------------------------------------------------------

arrived = threading.Event()
may_answer = threading.Event()


class SlowPostbox(Postbox):
    """Says when a mail has arrived, and answers when it is allowed to."""

    async def handle_DATA(  # noqa: N802 - named by aiosmtpd
        self, server: smtp.SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take the mail, and let the test act before the worker hears of it."""
        answer = await super().handle_DATA(server, session, envelope)
        arrived.set()
        while not may_answer.is_set():
            await asyncio.sleep(0.01)
        return answer


@pytest.fixture
def mail_server() -> Iterator[Controller]:
    """A mail server that answers at once unless a test clears `may_answer`."""
    arrived.clear()
    may_answer.set()
    yield from running(Controller(SlowPostbox(), hostname="127.0.0.1", port=free_port()))
    may_answer.set()


def with_mail(settings: Settings, server: Controller) -> Settings:
    return dataclasses.replace(settings, mail_url=f"smtp://127.0.0.1:{server.port}")


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    """The processes of a test, none of which outlives it."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def start_process(app: Flask, server: Controller, *options: str) -> subprocess.Popen[str]:
    """Start `campus worker` over the test's database and mail server."""
    settings: Settings = app.extensions["campus.settings"]
    environment = {
        **os.environ,
        "CAMPUS_SECRET_KEY": settings.secret_key,
        "CAMPUS_DATABASE_URL": settings.database_url,
        "CAMPUS_BASE_URL": settings.base_url,
        "CAMPUS_MAIL_URL": f"smtp://127.0.0.1:{server.port}",
    }
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", "from campus.app import main; main()", "worker", *options],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> str:
    """Wait for a process to end by itself and return what it logged."""
    _, log = process.communicate(timeout=30)
    return log


def mails_of(server: Controller) -> list[EmailMessage]:
    assert isinstance(server.handler, Postbox)
    return server.handler.mails


def test_once_sends_what_is_due_and_ends(
    app: Flask, mail_server: Controller, processes: list[subprocess.Popen[str]]
) -> None:
    enqueue(2, now=LONG_AGO)

    process = start_process(app, mail_server, "--once")
    processes.append(process)
    log = ended(process)

    assert process.returncode == 0, log
    assert len(mails_of(mail_server)) == 2
    assert all(message.sent_at for message in messages())
    assert "p0@campus.example" not in log


def test_sigterm_lets_the_message_in_hand_arrive(
    app: Flask, mail_server: Controller, processes: list[subprocess.Popen[str]]
) -> None:
    enqueue(2, now=LONG_AGO)
    may_answer.clear()
    process = start_process(app, mail_server)
    processes.append(process)
    assert arrived.wait(30)

    process.send_signal(signal.SIGTERM)
    may_answer.set()
    log = ended(process)

    assert process.returncode == 0, log
    assert len(mails_of(mail_server)) == 1
    assert [message.sent_at is not None for message in messages()] == [True, False]


def test_a_worker_killed_before_it_could_note_it_sends_again_under_the_same_id(
    app: Flask, mail_server: Controller, processes: list[subprocess.Popen[str]]
) -> None:
    enqueue(now=LONG_AGO)
    may_answer.clear()
    process = start_process(app, mail_server)
    processes.append(process)
    assert arrived.wait(30)

    process.kill()
    ended(process)
    may_answer.set()
    (killed,) = messages()
    early, late = MemorySender(), MemorySender()
    worker(app, early, now=clock.now()).round()
    worker(app, late, now=clock.now() + timedelta(minutes=3)).round()

    assert killed.sent_at is None
    assert early.sent == []  # still the dead worker's, for a while
    first, second = mails_of(mail_server)[0], late.sent[0]
    assert first["Message-ID"] == second["Message-ID"]
    assert all(message.sent_at for message in messages())
