"""What can befall a database: each cause is made for real, and is over when its block ends."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import URL

from campus.db import db

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


@contextmanager
def new_connections(name: str, listener: Callable[..., Any]) -> Iterator[None]:
    """Have `listener` hear of every connection made, and let none live on from before or after."""
    db.session.rollback()
    db.engine.dispose()
    event.listen(db.engine, name, listener)
    try:
        yield
    finally:
        event.remove(db.engine, name, listener)
        db.session.rollback()
        db.engine.dispose()


def short_of_patience() -> Any:
    """Let whoever waits for a lock give up at once instead of after seconds."""
    if is_sqlite():
        return new_connections("connect", _told("PRAGMA busy_timeout = 50"))
    return new_connections("connect", _told("SET lock_timeout = '50ms'"))


def _told(*statements: str) -> Callable[[Any, object], None]:
    def tell(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    return tell


@contextmanager
def only_readable() -> Iterator[None]:
    """The database can be read and not written."""
    if is_sqlite():
        with new_connections("do_connect", _opened_for_reading):
            yield
        return
    name = db.engine.url.database
    with own_connection(db.engine.url) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    db.session.rollback()
    db.engine.dispose()
    try:
        yield
    finally:
        with own_connection(db.engine.url) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        db.session.rollback()
        db.engine.dispose()


def _opened_for_reading(_dialect: object, _record: object, arguments: list[Any], more: Any) -> None:
    arguments[0] = f"{Path(arguments[0]).as_uri()}?mode=ro"
    more["uri"] = True


def full_disk() -> Any:
    """An SQLite file that may not grow by a single page."""
    return new_connections("connect", _told("PRAGMA max_page_count = 1"))


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Somebody else is writing and does not end: on PostgreSQL `statement`, on SQLite anything."""
    if is_sqlite():
        file = str(db.engine.url.database)
        with subprocess.Popen(  # noqa: S603 - our own lines
            [sys.executable, "-c", HOLDER, file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            yield
            holder.communicate()
        return
    with own_connection(db.engine.url, autocommit=False) as connection:
        connection.execute(statement)
        yield
        connection.rollback()


def own_connection(url: URL, *, autocommit: bool = True) -> psycopg.Connection[Any]:
    """Return a connection to PostgreSQL beside those of the application."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=autocommit)
