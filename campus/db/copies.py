"""The whole database as one file, and back: SQLite copies itself, PostgreSQL is dumped."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, column, func, inspect, select, table
from sqlalchemy.exc import DBAPIError

from campus.db import dumps
from campus.errors import CampusError

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
MAPPED = 1 << 31
PAGES = 20_000  # copied at a time, so that ^C is heard
REVISION = table("alembic_version", column("version_num"))
UNTRUE = "The copy is not sound: {said}. Look after the disk, and try again."
FULL = "There is no room left for the copy: {folder}. Make room, or choose another disk."


@dataclass(frozen=True, slots=True)
class Copied:
    """What is in a copy.

    Attributes:
        made_with: the program that wrote it, such as "pg_dump 18.6".
        revision: of the schema.
        rows: how many rows each table has, counted at the very moment that was copied.
    """

    made_with: str
    revision: str
    rows: Mapping[str, int]


def kind_of(engine: Engine) -> str:
    """Return "sqlite" or "postgresql"."""
    return engine.dialect.name


def file_of(engine: Engine) -> Path | None:
    """Return the file of an SQLite database, None for one on a server.

    Raises:
        CampusError: it is in memory.
    """
    if kind_of(engine) != "sqlite":
        return None
    if engine.url.database in {None, "", ":memory:"}:
        raise CampusError("A database in memory cannot be backed up. Set CAMPUS_DATABASE_URL.")
    return Path(str(engine.url.database)).resolve()


def copy(engine: Engine, to: Path, *, programs: str) -> Copied:
    """Write the database as it is at one moment into a file; others go on writing meanwhile.

    Args:
        programs: the folder of PostgreSQL's programs; empty: look for them.

    Raises:
        CampusError: a program is missing, the disk is full, or the copy is not sound.
    """
    if kind_of(engine) == "postgresql":
        with dumps.snapshot(engine) as (connection, name):
            made_with = dumps.dump(connection, to, snapshot=name, programs=programs)
            return Copied(made_with, _revision(connection), counted(connection))
    with engine.connect() as connection:  # its first read opens the moment that is copied
        copied = Copied(f"SQLite {sqlite3.sqlite_version}", "", counted(connection))
        revision = _revision(connection)
        driver: Any = connection.connection.driver_connection
        _copy_pages(driver, to)
    return Copied(copied.made_with, revision, copied.rows)


def _copy_pages(driver: sqlite3.Connection, to: Path) -> None:
    try:
        with closing(sqlite3.connect(to, isolation_level=None)) as there:
            there.execute("PRAGMA synchronous = OFF")  # who packs the copy sees to the disk
            there.execute("PRAGMA journal_mode = OFF")
            driver.backup(there, pages=PAGES)
            there.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise CampusError(FULL.format(folder=to.parent)) from error
        raise CampusError(f"The database cannot be copied: {error}.") from error


def prove_file(file: Path) -> None:
    """Let SQLite read every page of a copy and compare every index with its table.

    Raises:
        CampusError: it is no database, or damaged.
    """
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as copy:
            copy.execute(f"PRAGMA mmap_size = {MAPPED}")  # half the time of reading (measured)
            said = [str(row[0]) for row in copy.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as error:
        raise CampusError(UNTRUE.format(said=error)) from error
    if said != ["ok"]:
        raise CampusError(UNTRUE.format(said="; ".join(said)))


def counted(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in sorted(inspect(connection).get_table_names())
    }


def _revision(connection: Connection) -> str:
    return str(connection.scalar(select(REVISION.c.version_num)) or "")


# --- back -------------------------------------------------------------------------------------


def is_empty(engine: Engine) -> bool:
    """Whether nothing is in a database, or no file is there yet. Makes no file."""
    file = file_of(engine)
    if file is not None and (not file.exists() or file.stat().st_size == 0):
        return True
    with engine.connect() as connection:
        return not inspect(connection).get_table_names()


def put_back(url: str, copy: Path, *, engine: Engine, programs: str) -> None:
    """Fill the empty database at `url` with what `copy` holds, all of it or nothing.

    Args:
        engine: of the campus: the same file or server, or another one beside it.

    Raises:
        CampusError: a program is missing, or the copy is damaged.
    """
    if kind_of(engine) == "postgresql":
        dumps.fill(engine, url, copy, programs=programs)
        return
    prove_file(copy)
    shutil.move(copy, url.removeprefix("sqlite:///"))  # perhaps to another disk


@contextmanager
def elsewhere(engine: Engine, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database beside this one; it is gone afterwards.

    Args:
        folder: where an SQLite file may stand.

    Raises:
        CampusError: the role may not make a database.
    """
    name = f"campus_check_{uuid.uuid4().hex[:8]}"
    if kind_of(engine) == "sqlite":
        yield f"sqlite:///{folder}/{name}.sqlite3"
        return
    _alone(engine, f"CREATE DATABASE {name}")
    try:
        yield engine.url.set(database=name).render_as_string(hide_password=False)
    finally:
        _alone(engine, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _alone(engine: Engine, statement: str) -> None:
    """Carry out what PostgreSQL does outside transactions only."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(statement)
            connection.exec_driver_sql("RESET statement_timeout")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != dumps.NOT_ALLOWED:
            raise
        raise CampusError(
            "The database role may not make the database in which the copy would be tried."
            f" Let it: ALTER ROLE {engine.url.username or 'campus'} CREATEDB;"
            " or try the copy on another machine."
        ) from error


@contextmanager
def draft_of(engine: Engine) -> Iterator[str]:
    """Yield the URL at which an empty database is filled; its file is there once all went well."""
    file = file_of(engine)
    if file is None:
        yield engine.url.render_as_string(hide_password=False)
        return
    draft = file.with_name(f".{file.name}-restored")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        yield f"sqlite:///{draft}"
        with closing(sqlite3.connect(draft, isolation_level=None)) as restored:
            restored.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        _to_disk(draft)
        for ending in ("-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        draft.replace(file)
        _to_disk(file.parent)
    finally:
        for ending in ("", "-wal", "-shm"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
