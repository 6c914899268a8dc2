"""What can befall a database: each cause is real, and over when its block ends."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, func, select

from campus.db import Base, db

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def is_sqlite() -> bool:
    """Whether the test at hand runs on SQLite."""
    return db.engine.dialect.name == "sqlite"


def rows() -> dict[str, int]:
    """Return how many rows every table has: what is the same before and after was not written."""
    db.session.rollback()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


# --- cannot be written ------------------------------------------------------------------------


@contextmanager
def only_readable() -> Iterator[None]:
    """The file is opened for reading only; the server takes no changes, as a standby would."""
    if is_sqlite():
        with new_connections("do_connect", _open_for_reading):
            yield
        return
    name = db.engine.url.database
    with beside() as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    try:
        with _fresh():
            yield
    finally:
        with beside() as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")


def _open_for_reading(_dialect: object, _record: object, file: list[str], more: Any) -> None:
    file[0] = f"{Path(file[0]).as_uri()}?mode=ro"
    more["uri"] = True


@contextmanager
def full_disk() -> Iterator[None]:
    """An SQLite file that has no page free and may not grow by one."""
    db.session.rollback()
    with closing(sqlite3.connect(str(db.engine.url.database))) as connection:
        connection.execute("VACUUM")
    with new_connections("connect", _telling("PRAGMA max_page_count = 1")):
        yield


# --- somebody else is writing -----------------------------------------------------------------


def short_patience() -> AbstractContextManager[None]:
    """Whoever waits for a lock gives up at once instead of after seconds."""
    hurry = "PRAGMA busy_timeout = 50" if is_sqlite() else "SET lock_timeout = '50ms'"
    return new_connections("connect", _telling(hurry))


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Another process writes and does not end: it has the file, or what `statement` locks."""
    if not is_sqlite():
        with beside(autocommit=False) as connection:
            connection.execute(statement)
            yield
            connection.rollback()
        return
    with subprocess.Popen(  # noqa: S603 - our own lines
        [sys.executable, "-c", HOLDER, str(db.engine.url.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            yield
        finally:
            holder.communicate()  # nothing more comes in: it ends


# --- connections ------------------------------------------------------------------------------


@contextmanager
def new_connections(moment: str, listener: Callable[..., Any]) -> Iterator[None]:
    """Let `listener` hear of every connection; none made before or meanwhile lives on."""
    event.listen(db.engine, moment, listener)
    try:
        with _fresh():
            yield
    finally:
        event.remove(db.engine, moment, listener)


@contextmanager
def _fresh() -> Iterator[None]:
    _drop_connections()
    try:
        yield
    finally:
        _drop_connections()


def _drop_connections() -> None:
    db.session.rollback()
    db.engine.dispose()


def _telling(statement: str) -> Callable[[Any, object], None]:
    def tell(connection: Any, _record: object) -> None:
        connection.cursor().execute(statement)
        connection.commit()

    return tell


def beside(*, autocommit: bool = True) -> psycopg.Connection[Any]:
    """Return a connection to PostgreSQL beside those of the application."""
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=autocommit)
