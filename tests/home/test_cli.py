"""The commands that run a campus: what they refuse is a sentence, what they serve is complete."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from campus import clock
from campus.db import db, unit_of_work
from campus.errors import CampusError
from campus.home import delivery, queries, service
from campus.home.service import Schema
from campus.members import queries as members
from campus.members.models import Person, Relation
from campus.occupancy.models import Occupancy
from campus.settings import RUN_FILE
from tests.conftest import close, migrated
from tests.factories import make_booking, make_house, make_member, make_space, period

SECOND_START = 4.0  # seconds to serving; promised


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """Run a command of `campus` and return how it ended and what it said."""
    result = app.test_cli_runner().invoke(args=list(arguments))
    return result.exit_code, result.output


# --- migrate ----------------------------------------------------------------------------------


def test_a_database_at_head_stays_as_it_is(app: Flask) -> None:
    assert run(app, "migrate") == (0, "The database is at head already.\n")


@contextmanager
def at_revision(revision: str) -> Iterator[None]:
    known = db.session.scalars(db.text("SELECT version_num FROM alembic_version")).one()
    change = db.text("UPDATE alembic_version SET version_num = :revision")
    with unit_of_work():
        db.session.execute(change, {"revision": revision})
    try:
        yield
    finally:
        with unit_of_work():
            db.session.execute(change, {"revision": known})


@pytest.mark.parametrize("command", [("migrate",), ("doctor",), ("serve", "--port", "1")])
def test_a_newer_schema_is_refused_with_a_sentence(app: Flask, command: tuple[str, ...]) -> None:
    with at_revision("9999"):
        code, said = run(app, *command)

    assert code == 1
    assert "made by a newer campus than this one. Nothing was changed." in said


def test_an_empty_database_becomes_one_of_campus(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/not/there/yet/campus.sqlite3"
    answer = campus("migrate", tmp_path, CAMPUS_DATABASE_URL=url)
    again = campus("migrate", tmp_path, CAMPUS_DATABASE_URL=url)

    assert (answer.returncode, again.returncode) == (0, 0)
    assert "The database is at head now" in answer.stdout
    assert "at head already" in again.stdout


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.sqlite3")
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()

    answer = campus("migrate", tmp_path, CAMPUS_DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")

    assert answer.returncode == 1
    assert "holds tables that are not of campus" in answer.stderr


@pytest.mark.parametrize(
    ("command", "url", "words"),
    [
        ("migrate", "sqlite:///{folder}", "unable to open database file"),
        ("migrate", "sqlite:///{folder}/junk/x", "The folder of the database cannot be made"),
        ("migrate", "postgresql://campus:hush-hush@127.0.0.1:1/campus", "Connection refused"),
        ("run", "sqlite:///{folder}/junk", "file is not a database"),
        ("serve", "sqlite:///{folder}/junk", "file is not a database"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_sentence(
    tmp_path: Path, command: str, url: str, words: str
) -> None:
    (tmp_path / "junk").write_text("this is no database " * 100, encoding="utf-8")
    port = [] if command == "migrate" else ["--port", str(free_port())]

    answer = campus(command, tmp_path, *port, CAMPUS_DATABASE_URL=url.format(folder=tmp_path))

    assert answer.returncode == 1
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "hush-hush" not in answer.stderr


# --- a real campus ----------------------------------------------------------------------------


def test_a_campus_starts_as_the_readme_says(app: Flask) -> None:
    steps = (
        ("migrate",),
        ("organisations", "add", "Our campus", "--code", "campus"),
        ("people", "create-staff", "rixt@campus.example", "--name", "Rixt Visser",
         "--role", "sysadmin"),
        ("organisations", "add", "First tenant"),
        ("people", "invite", "founder@tenant.example", "--organisation", "first-tenant",
         "--role", "org_admin"),
        ("doctor",),
    )  # fmt: skip

    ended = [run(app, *step) for step in steps]

    assert [code for code, _said in ended] == [0] * len(steps), ended
    assert [said.count("/sign-in/reset/") for _code, said in ended] == [0, 0, 1, 0, 1, 0]
    campus = members.organisation_by_code("campus")
    assert (campus.name, campus.relation) == ("Our campus", Relation.CAMPUS)
    rixt, founder = (
        members.actor_of(db.session.scalars(select(Person).where(Person.email == email)).one())
        for email in ("rixt@campus.example", "founder@tenant.example")
    )
    assert (rixt.is_staff, rixt.organisation_id) == (True, campus.id)
    assert (founder.is_staff, founder.is_org_admin) == (False, True)


# --- doctor -----------------------------------------------------------------------------------


def test_a_sound_campus_is_proven_sound(app: Flask) -> None:
    make_house()
    make_booking(make_member(), make_space(), period(9, 17))

    code, said = run(app, "doctor")

    assert code == 0
    assert said.count("sound ") == 13
    assert "Everything is as it should be." in said


def test_what_is_wrong_is_listed_and_ends_with_one(app: Flask) -> None:
    make_house()
    booking = make_booking(make_member(), make_space(), period(9, 17))
    with unit_of_work():
        db.session.execute(delete(Occupancy))

    code, said = run(app, "doctor")
    _, as_json = run(app, "doctor", "--json")

    assert code == 1
    assert f"Booking {booking.code} holds no place." in said
    assert "\n1 fault found." in said
    assert json.loads(as_json)["sound"] is False
    assert f"Booking {booking.code} holds no place." in as_json
    assert [one["code"] for one in json.loads(as_json)["checked"] if one["faults"]] == ["bookings"]


# --- a first look -----------------------------------------------------------------------------


def test_a_first_look_is_complete_and_alone(tmp_path: Path) -> None:
    port = free_port()
    with first_look(tmp_path, port) as look:
        pages = [look.answers(path) for path in ("/nl/", "/en/help", "/readyz")]
        second = campus("run", tmp_path, "--port", str(free_port()))

    assert pages == [200, 200, 200]
    assert second.returncode == 1
    assert f"A campus runs on this data already: http://127.0.0.1:{port}." in second.stderr
    assert "founder@demo.example" in look.said()
    assert look.said().endswith("Stopped.\n")
    assert look.code == 0


def test_commands_on_the_same_data_know_where_it_is_served(tmp_path: Path) -> None:
    email = booked_for_later(f"sqlite:///{tmp_path}/campus.sqlite3")
    said = []
    for port in (free_port(), free_port()):
        with first_look(tmp_path, port) as look:
            made = campus("feeds", tmp_path, "create", "--email", email, "--scope", "organisation")
            address = made.stdout.split()[-1]
            assert address.startswith(f"http://127.0.0.1:{port}/feeds/"), made.stderr
            assert look.answers(address.removeprefix(f"http://127.0.0.1:{port}")) == 200
            doctor = campus("doctor", tmp_path)
        said.append((doctor.returncode, "of all 1 bookings" in doctor.stdout))

    assert said == [(0, True), (0, True)], doctor.stdout


def booked_for_later(url: str) -> str:
    """Make a campus with one booking for tomorrow or later, and return the e-mail of its owner."""
    app = migrated(url)
    with app.app_context():
        make_house()
        actor = make_member()
        hours = queries.next_hours(clock.now() + timedelta(days=1))
        assert hours is not None
        make_booking(actor, make_space(), hours, now=clock.now())
    close(app)
    return actor.email


@pytest.mark.drill
def test_a_second_start_serves_within_seconds(tmp_path: Path) -> None:
    port = free_port()
    with first_look(tmp_path, port):
        pass

    begun = time.monotonic()
    with first_look(tmp_path, port) as again:
        status = again.answers("/nl/")
        took = time.monotonic() - begun

    assert status == 200
    assert took < SECOND_START
    assert "Made the database" not in again.said()


def test_a_port_in_use_is_a_sentence_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        looks = campus("run", tmp_path, "--port", str(port))

    assert looks.returncode == 1
    assert f"Port {port} is in use by another program." in looks.stderr
    assert f"campus run --port {port + 1} (make run PORT={port + 1})." in looks.stderr
    assert not (tmp_path / "campus.sqlite3").exists()


@pytest.mark.parametrize(
    "command",
    [("worker", "--once"), ("organisations", "add", "Terpdata"), ("doctor",), ("serve",)],
    ids=" ".join,
)
def test_a_database_without_tables_is_one_sentence(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    said = campus(command[0], tmp_path, *command[1:])

    assert said.returncode == 1
    assert "The database is not ready for this campus. Run campus migrate first." in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("port", ["0", "65536", "eight"])
def test_a_port_that_is_none_is_a_mistake_of_use(app: Flask, port: str) -> None:
    assert run(app, "run", "--port", port)[0] == 2


def test_a_data_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with (
        pytest.raises(CampusError, match="cannot be written"),
        delivery.only_one(file, address="http://127.0.0.1:8000"),
    ):
        pass


def test_the_lock_is_gone_with_the_one_who_held_it(tmp_path: Path) -> None:
    for address in ("http://127.0.0.1:8000", "http://127.0.0.1:8001"):
        with delivery.only_one(tmp_path, address=address):
            assert (tmp_path / RUN_FILE).read_text(encoding="utf-8") == address


def test_where_nothing_was_served_is_not_remembered(tmp_path: Path) -> None:
    with delivery.only_one(tmp_path, address="http://127.0.0.1:8000"):
        pass
    with (
        pytest.raises(CampusError),
        delivery.only_one(tmp_path, address="http://127.0.0.1:8001") as before,
    ):
        raise CampusError("Port 8001 is in use.")

    assert before == "http://127.0.0.1:8000"
    assert (tmp_path / RUN_FILE).read_text(encoding="utf-8") == before


# --- serve ------------------------------------------------------------------------------------


def test_serve_asks_for_migrations_first(tmp_path: Path) -> None:
    answer = campus("serve", tmp_path, "--port", str(free_port()))

    assert answer.returncode == 1
    assert "Run campus migrate first." in answer.stderr


def test_serve_reloads_on_hup_and_ends_on_term(tmp_path: Path) -> None:
    campus("migrate", tmp_path)
    port = free_port()
    arguments = ["serve", "--port", str(port), "--workers", "1"]

    with started(tmp_path, arguments, port=port) as server:
        before = server.answers("/readyz")
        server.process.send_signal(signal.SIGHUP)
        after = [server.answers("/healthz") for _ in range(50)]

    assert (before, set(after)) == (200, {200})
    assert server.code == 0
    assert '"logger": "gunicorn.access"' in server.said()
    assert "Traceback" not in server.said()


def test_the_schema_of_the_tests_is_known(app: Flask) -> None:
    assert service.require_known_schema() is Schema.HEAD


# --- running ----------------------------------------------------------------------------------


class Server:
    """A campus in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log
        self.code: int | None = None

    def answers(self, path: str) -> int:
        """Return the status of a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def said(self) -> str:
        """Return what it printed so far."""
        return self.log.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        """Wait for the first answer: the port itself is what is waited for."""
        pause = threading.Event()
        for _ in range(600):
            assert self.process.poll() is None, self.said()
            try:
                if self.answers("/healthz") == 200:
                    return
            except OSError:
                pause.wait(0.05)
        raise AssertionError(self.said())


@contextmanager
def first_look(folder: Path, port: int) -> Iterator[Server]:
    with started(folder, ["run", "--port", str(port)], port=port) as server:
        yield server


@contextmanager
def started(folder: Path, arguments: list[str], *, port: int) -> Iterator[Server]:
    log = folder / f"said-{time.monotonic_ns()}"
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM, *arguments],
            env=environment(folder),
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        server = Server(process, port, log)
        try:
            server.wait_until_ready()
            yield server
        finally:
            process.terminate()
            server.code = process.wait(30)


PROGRAM = "from campus.app import main; main()"


def campus(
    command: str, folder: Path, *arguments: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with its data in `folder`."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, command, *arguments],
        env=environment(folder, **environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def environment(folder: Path, **environ: str) -> dict[str, str]:
    usual = {
        "CAMPUS_DATABASE_URL": f"sqlite:///{folder}/campus.sqlite3",
        "CAMPUS_DATA_DIR": str(folder),
        "PATH": os.environ["PATH"],
    }
    return {**usual, **environ}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
