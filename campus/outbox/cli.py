"""`campus worker`: sends what waits in the outbox and does what is due every so often."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError, IntegrityError

from campus import clock
from campus.db import db, dialects, unit_of_work
from campus.outbox import delivery, queries, service
from campus.outbox.models import Message, Periodic
from campus.settings import Settings
from campus.web import logs
from campus.web.commands import refusals_told

PAUSE_SECONDS = 2.0
AT_MOST = 50  # messages in a row, then it is the jobs' turn
WIRING = "campus.worker"  # key in app.extensions
STOP_SECONDS = 15.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the worker is told by the application, since it stands below the other slices.

    Attributes:
        jobs: the periodic work of every slice.
        is_active: whether a person may still receive anything.
    """

    jobs: tuple[Periodic, ...]
    is_active: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker; many may run, on one machine or on several.

    Attributes:
        sender: None where no mail server was named; messages then wait.
    """

    app: Flask
    wiring: Wiring
    sender: delivery.Sender | None
    stop: threading.Event
    now: Callable[[], datetime] = clock.now
    pause: float = PAUSE_SECONDS

    def run(self) -> None:
        """Work until told to stop; finish what is in hand first."""
        while not self.stop.is_set():
            try:
                is_more = self.round()
            except Exception:  # a database that is away must not end the worker
                log.exception("the worker could not work")
                is_more = False
            if not is_more:
                self.stop.wait(self.pause)

    def round(self) -> bool:
        """Send what is due and do what is due; return whether more messages are waiting."""
        with self.app.app_context():
            is_more = self._send_due()
            for periodic in self._due_jobs():
                if not self.stop.is_set():
                    self._do(periodic)
            return is_more

    def _send_due(self) -> bool:
        """Send up to `AT_MOST` messages; after a failure the server rests till the next round."""
        for _ in range(AT_MOST):
            message = self._claimed()
            if message is None or not self._is_delivered(message):
                return False
        return True

    def _claimed(self) -> Message | None:
        if self.sender is None or self.stop.is_set():
            return None
        now = self.now()
        if not queries.is_anything_due(now):
            return None
        with unit_of_work():
            return service.claim_due(now=now, is_active=self.wiring.is_active)

    def _is_delivered(self, message: Message) -> bool:
        settings: Settings = self.app.extensions["campus.settings"]
        try:
            if self.sender is not None:
                self.sender.send(delivery.composed(message, settings=settings, now=self.now()))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on
            self._note_failure(message, error)
            return False
        with unit_of_work():
            service.mark_sent(message, now=self.now())
        log.info("message %s sent", message.id)
        return True

    def _note_failure(self, message: Message, error: Exception) -> None:
        with unit_of_work():
            gave_up = service.mark_failed(message, error=delivery.words_for(error), now=self.now())
        # Without the server's words: they name the recipient. Staff read them in the outbox.
        what = "given up" if gave_up else "not sent, will be tried again"
        log.warning("message %s %s: %s", message.id, what, type(error).__name__)

    def _due_jobs(self) -> list[Periodic]:
        resting = queries.resting_jobs(self.now())
        return [periodic for periodic in self.wiring.jobs if periodic.name not in resting]

    def _do(self, periodic: Periodic) -> None:
        if not self._is_claimed(periodic):
            return
        error = ""
        try:
            periodic.run(self.now())
        except Exception as failure:  # one job's fault is not the next one's
            log.exception("job %s failed", periodic.name)
            error = f"{type(failure).__name__}: {failure}"
        with unit_of_work():
            service.finish_job(periodic, error=error, now=self.now())

    def _is_claimed(self, periodic: Periodic) -> bool:
        try:
            with unit_of_work():
                return service.claim_job(periodic, now=self.now())
        except IntegrityError:  # another worker wrote the job's first row at this very moment
            return False


def init(app: Flask, *, jobs: Sequence[Periodic], is_active: Callable[[int], bool]) -> None:
    """Tell the worker what there is to do, and who may still receive mail."""
    app.extensions[WIRING] = Wiring((*OWN_JOBS, *jobs), is_active)


def worker_for(app: Flask, *, stop: threading.Event) -> Worker:
    """Return a worker with the mail server that the settings name."""
    sender = delivery.sender_for(app.extensions["campus.settings"])
    return Worker(app, app.extensions[WIRING], sender, stop)


def start_embedded(app: Flask) -> Callable[[], None]:
    """Start a worker in this process, for a first look; return what stops it."""
    stop = threading.Event()
    thread = threading.Thread(target=worker_for(app, stop=stop).run, name="worker", daemon=True)
    thread.start()

    def finish() -> None:
        stop.set()
        thread.join(STOP_SECONDS)

    return finish


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop, for cron.")
@with_appcontext
def worker(once: bool) -> None:
    """Send waiting mail and do periodic work; many may run."""
    logs.configure()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the one behind the proxy
    stop = threading.Event()
    made = worker_for(app, stop=stop)
    with refusals_told():
        require_tables()
    if made.sender is None:
        log.warning("CAMPUS_MAIL_URL is not set: mails wait in the outbox")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    if once:
        with refusals_told():
            while made.round():
                log.info("%s messages sent, more are waiting", AT_MOST)
        return
    log.info("worker started")
    made.run()
    log.info("worker stopped")


def require_tables() -> None:
    """Refuse a database that was never migrated; one that is away for now is waited for."""
    try:
        queries.jobs()
    except DBAPIError as error:
        if dialects.has_no_tables(error):
            raise
        log.warning("the database is not there yet: %s", type(error.orig).__name__)
    finally:
        db.session.rollback()


def drop_texts(now: datetime) -> None:
    """Empty old messages, in short transactions."""
    count = 1
    while count:
        with unit_of_work():
            count = service.drop_texts(now=now)


OWN_JOBS = (Periodic("outbox.drop_texts", timedelta(hours=6), drop_texts),)
