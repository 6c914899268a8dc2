"""A subscription as people have one: vdirsyncer fetches over HTTP, khal shows."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from campus.bookings import service
from campus.bookings.models import Booking
from campus.db import db, unit_of_work
from campus.feeds.models import Scope
from campus.members.models import Actor, Organisation
from campus.spaces.models import Space
from tests.factories import NOW, make_booking, make_member, period
from tests.feeds.conftest import subscribe

BIN = Path(sys.executable).parent


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """Answer on a port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Subscriber:
    """Somebody with vdirsyncer and khal, in a home of their own."""

    def __init__(self, home: Path, address: str) -> None:
        self.home = home
        (home / "khal").mkdir()
        (home / "calendar").mkdir()
        (home / "vdirsyncer.conf").write_text(
            f"""[general]
status_path = "{home}/status"
[pair subscription]
a = "local"
b = "campus"
collections = null
conflict_resolution = "b wins"
[storage local]
type = "filesystem"
path = "{home}/calendar"
fileext = ".ics"
[storage campus]
type = "http"
url = "{address}"
"""
        )
        (home / "khal" / "config").write_text(
            f"""[calendars]
[[campus]]
path = {home}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
[sqlite]
path = {home}/khal.db
"""
        )

    def sync(self) -> None:
        """Fetch what is new."""
        settings = str(self.home / "vdirsyncer.conf")
        self._run("vdirsyncer", "-c", settings, "discover", "subscription", said="y\n")
        self._run("vdirsyncer", "-c", settings, "sync")

    def day(self) -> str:
        """Return what khal shows of the day."""
        settings = str(self.home / "khal" / "config")
        return self._run(
            "khal", "-c", settings, "list", "--format", "{start-time}-{end-time} {title}",
            "2026-11-26", "1d",
        )  # fmt: skip

    def _run(self, program: str, *arguments: str, said: str = "") -> str:
        done = subprocess.run(  # noqa: S603 - programs of the test extra
            [str(BIN / program), *arguments],
            input=said,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )
        return done.stdout


def test_khal_shows_what_was_booked_and_no_more_what_was_cancelled(
    app: Flask, femke: Actor, room: Space, tmp_path: Path
) -> None:
    make_booking(femke, room, period(9, 10), title="Roadmap; met, komma's")
    gone = make_booking(femke, room, period(11, 12), title="Vervalt")
    token = subscribe(femke, Scope.MINE)
    with served(app) as port:
        subscriber = Subscriber(tmp_path, f"http://localhost:{port}/feeds/{token}.ics")
        subscriber.sync()
        before = subscriber.day()
        cancel(gone, femke)
        subscriber.sync()
        after = subscriber.day()

    assert "09:00-10:00 Roadmap; met, komma's" in before
    assert "11:00-12:00 Vervalt" in before
    assert "09:00-10:00 Roadmap; met, komma's" in after
    assert "Vervalt" not in after


def test_khal_shows_an_organisation_its_own_and_not_another_s(
    app: Flask, femke: Actor, piet: Actor, room: Space, tmp_path: Path
) -> None:
    make_booking(femke, room, period(9, 10), title="Van Terpdata")
    colleague = make_member(db.session.get_one(Organisation, femke.organisation_id))
    shown = {}
    for who in (colleague, piet):
        home = tmp_path / str(who.person_id)
        home.mkdir()
        token = subscribe(who, Scope.ORGANISATION)
        with served(app) as port:
            subscriber = Subscriber(home, f"http://localhost:{port}/feeds/{token}.ics")
            subscriber.sync()
        shown[who.person_id] = subscriber.day()

    assert "Van Terpdata" in shown[colleague.person_id]
    assert "Van Terpdata" not in shown[piet.person_id]


def cancel(booking: Booking, actor: Actor) -> None:
    with unit_of_work():
        service.cancel(actor=actor, booking=db.session.merge(booking), reason="", now=NOW)
