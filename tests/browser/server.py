"""The demo campus on a Thursday morning, or later: python -m tests.browser.server FILE [HOURS].

With "empty" in place of hours: a campus with one organisation, a member and a manager, no more.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta

import flask_migrate
import time_machine
from werkzeug.serving import make_server

from campus import clock
from campus.app import create_app
from campus.db import db, unit_of_work
from campus.demo import service as demo
from campus.members import service as members
from campus.members.login import hashed
from campus.members.models import Duty, Membership, Person, StaffRole
from campus.settings import Settings

KEY = "only-for-browser-tests-" + "k" * 40
CAMPUS_MANAGER = Duty.CAMPUS_MANAGER
THURSDAY = 3
MORNING = time(8, 40)


def next_thursday() -> date:
    """Return a Thursday to come: cookies made then are not over by the browser's own clock."""
    today = datetime.now(UTC).date()
    first = today + timedelta(days=1 + (THURSDAY - 1 - today.weekday()) % 7)
    while first.month in {4, 5, 12} or first.weekday() != THURSDAY:  # months with holidays
        first += timedelta(days=1)
    return first


def load(settings: Settings, *, today: date) -> None:
    """Load the demo."""
    demo.load(today=today, seed=1, scale=1, password=settings.demo_password, now=clock.now())


def first_people(settings: Settings) -> None:
    """Write those who are there before anything else is: member@ and manager@demo.example."""
    now = clock.now()
    for name, code, duty in (("member", "fjild", None), ("manager", "campus", CAMPUS_MANAGER)):
        organisation = members.add_organisation(name.title(), code=code, now=now)
        person = Person(
            email=f"{name}@demo.example",
            name=f"{name.title()} de Vries",
            password=hashed(settings.demo_password),
            created_at=now,
        )
        person.memberships = [Membership(organisation=organisation)]
        person.duties = [StaffRole(duty=duty)] if duty else []
        db.session.add(person)


def serve(file: str, later: timedelta, *, empty: bool = False) -> None:
    """Load the demo and serve it until ended; the first line printed is the address."""
    day = next_thursday()
    settings = Settings(
        secret_key=KEY, database_url=f"sqlite:///{file}", base_url="http://localhost"
    )
    app = create_app(settings)
    app.logger.disabled = True
    with time_machine.travel(clock.instant(day, MORNING) + later, tick=True):
        with app.app_context():
            flask_migrate.upgrade()
            with unit_of_work():
                if empty:
                    first_people(settings)
                else:
                    load(settings, today=day)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        sys.stdout.write(f"http://localhost:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    hours = sys.argv[2] if len(sys.argv) > 2 else "0"
    is_empty = hours == "empty"
    serve(sys.argv[1], timedelta(hours=0 if is_empty else int(hours)), empty=is_empty)
