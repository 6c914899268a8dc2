"""A subscription as people have one: vdirsyncer fetches over HTTP, khal shows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
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
from tests.subscriber import Subscriber

DAY = date(2026, 11, 26)


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


def test_khal_shows_what_was_booked_and_no_more_what_was_cancelled(
    app: Flask, femke: Actor, room: Space, tmp_path: Path
) -> None:
    make_booking(femke, room, period(9, 10), title="Roadmap; met, komma's")
    gone = make_booking(femke, room, period(11, 12), title="Vervalt")
    token = subscribe(femke, Scope.MINE)
    with served(app) as port:
        subscriber = Subscriber(tmp_path, f"http://localhost:{port}/feeds/{token}.ics")
        subscriber.sync()
        before = subscriber.day(DAY)
        cancel(gone, femke)
        subscriber.sync()
        after = subscriber.day(DAY)

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
        shown[who.person_id] = subscriber.day(DAY)

    assert "Van Terpdata" in shown[colleague.person_id]
    assert "Van Terpdata" not in shown[piet.person_id]


def cancel(booking: Booking, actor: Actor) -> None:
    with unit_of_work():
        service.cancel(actor=actor, booking=db.session.merge(booking), reason="", now=NOW)
