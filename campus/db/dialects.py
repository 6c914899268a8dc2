"""Every difference between SQLite and PostgreSQL at run time."""

from __future__ import annotations

import logging
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Engine,
    Float,
    Select,
    String,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from campus.db.types import UtcDateTime
from campus.errors import Busy, Conflict, Text, text

log = logging.getLogger(__name__)

Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")
SECONDS_OF_A_DAY = 86_400
LOWERED = "campus_lower"  # a function that connections to SQLite are given
LIKE_SIGNS = str.maketrans({sign: f"/{sign}" for sign in "/%_"})
WRITE, HURRIED = "campus_write", "campus_hurried"
PATIENCE_MS, HURRY_MS = 10_000, 100  # waiting for SQLite's one writer

RETRYABLE = {"40P01", "40001"}
PATIENCE = {"55P03", "57014"}
READ_ONLY = "25006"
GONE = ("08", "57P", "53", "25P03")


def folder_of(engine: Engine) -> Path | None:
    """Return the folder of an SQLite file; None for a database on a server."""
    if engine.dialect.name != "sqlite" or engine.url.database in {None, "", ":memory:"}:
        return None
    return Path(str(engine.url.database)).resolve().parent


def make_folder(engine: Engine) -> None:
    """Make the folder of an SQLite file, before the first start writes it."""
    if folder := folder_of(engine):
        folder.mkdir(parents=True, exist_ok=True)


def begin_write(session: Session, *, hurried: bool = False) -> None:
    """Open the session's transaction as a writing one; `hurried` waits for nobody."""
    options: dict[str, Any] = {WRITE: True, HURRIED: hurried}
    if session.get_bind().dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED"
    session.connection(execution_options=options)
    if hurried and session.get_bind().dialect.name == "postgresql":
        session.execute(
            sql(f"SET LOCAL lock_timeout = {HURRY_MS}; SET LOCAL synchronous_commit = local")
        )


def server_connection(session: Session) -> Any | None:
    """Return the driver's own connection to PostgreSQL; None on SQLite."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    return session.connection().connection.driver_connection


def begin_snapshot(session: Session, *, patient: bool = False) -> None:
    """Let what is read from here on be of one moment; what was open before ends.

    Args:
        patient: what reads every row there is may take as long as it takes.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        if patient:
            be_patient(session)


def be_patient(session: Session) -> None:
    """Let this transaction take as long as it takes: people wait for pages, not for commands."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sql("SET LOCAL statement_timeout = 0"))
        session.execute(sql("SET LOCAL idle_in_transaction_session_timeout = 0"))


def locked(session: Session, query: Query, *, of: Hashable) -> Query:
    """Let `query` lock the rows it finds in the table of `of`, until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        locking: Query = _locking(query, of)
        return locking
    return query


def lock_rows(
    session: Session, query: Select[Any], values: Mapping[str, object] | None = None
) -> None:
    """Lock the rows of `query`, in its order, until the transaction ends.

    On SQLite the whole file is locked already by `begin_write`.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_locking(query, None), dict(values or {})).all()


@lru_cache(maxsize=64)
def _locking(query: Any, of: Hashable) -> Any:
    return query.with_for_update(key_share=True, of=of)


def lock_name(session: Session, name: str) -> None:
    """Let one transaction at a time do what `name` stands for, where there is no row to lock.

    On SQLite the whole file is locked already by `begin_write`.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


class seconds_between(FunctionElement[float]):  # noqa: N801 - called like the function it is
    """The seconds from one instant of a row to another, for sums made by the database."""

    inherit_cache = True
    type = Float()


@compiles(seconds_between)
def _seconds_between(element: seconds_between, compiler: SQLCompiler, **more: Any) -> str:
    starts, ends = (compiler.process(clause, **more) for clause in element.clauses)
    return f"((julianday({ends}) - julianday({starts})) * {SECONDS_OF_A_DAY})"


@compiles(seconds_between, "postgresql")
def _epoch_between(element: seconds_between, compiler: SQLCompiler, **more: Any) -> str:
    starts, ends = (compiler.process(clause, **more) for clause in element.clauses)
    return f"date_part('epoch', ({ends}) - ({starts}))"


class lowered(FunctionElement[str]):  # noqa: N801 - called like the function it is
    """A text in small letters, whatever its letters; SQLite's own `lower` knows A to Z alone."""

    inherit_cache = True
    type = String()


@compiles(lowered)
def _lowered(element: lowered, compiler: SQLCompiler, **more: Any) -> str:
    return f"{LOWERED}({compiler.process(element.clauses, **more)})"


@compiles(lowered, "postgresql")
def _lower(element: lowered, compiler: SQLCompiler, **more: Any) -> str:
    return f"lower({compiler.process(element.clauses, **more)})"


def lower(said: object) -> object:
    """Return what `lowered` is on SQLite."""
    return said.lower() if isinstance(said, str) else said


def holds(column: Any, word: str) -> ColumnElement[bool]:
    """Return the condition that a column holds a word, in any case of letters."""
    small: Any = func.lower if word.isascii() else lowered  # the first is faster on SQLite
    found: ColumnElement[bool] = small(column).contains(
        small(literal(word.translate(LIKE_SIGNS))), escape="/"
    )
    return found


def skip_locked(session: Session, query: Select[Any]) -> Select[Any]:
    """Let several workers take different rows of `query`; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        return query.with_for_update(skip_locked=True)
    return query


def count_up(session: Session, keys: Sequence[str], *, at: datetime) -> None:
    """Begin a counter for each key, or count it up, in the order of the keys."""
    values: dict[str, Any] = {"at": at}
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(COUNT_UP_ALL, {**values, "keys": list(keys)})
    else:
        session.connection().execute(COUNT_UP, [{**values, "key": key} for key in keys])


COUNT_UP = sql(
    "INSERT INTO counter (key, version, changed_at) VALUES (:key, 1, :at)"
    " ON CONFLICT (key) DO UPDATE SET version = counter.version + 1,"
    " changed_at = max(counter.changed_at, excluded.changed_at)"
).bindparams(bindparam("at", type_=UtcDateTime()))
# One statement for all: PostgreSQL answers each by itself.
COUNT_UP_ALL = sql(
    "INSERT INTO counter (key, version, changed_at)"
    " SELECT key, 1, :at FROM unnest(CAST(:keys AS varchar[])) AS key"
    " ON CONFLICT (key) DO UPDATE SET version = counter.version + 1,"
    " changed_at = greatest(counter.changed_at, excluded.changed_at)"
).bindparams(bindparam("at", type_=UtcDateTime()))


REPEATED = text("This request has already been carried out.")
REFUSALS: Sequence[tuple[str, str, Text]] = (
    ("occupancy_no_overlap", "taken", text("This place is taken at that time.")),
    ("uq_booking_booked_by_id_idem", "repeat", REPEATED),
    ("booking.booked_by_id, booking.idem", "repeat", REPEATED),
    ("uq_feed_person_id_idem", "repeat", REPEATED),
    ("feed.person_id, feed.idem", "repeat", REPEATED),
    ("uq_person_email", "email", text("Somebody with this e-mail address is known already.")),
    ("person.email", "email", text("Somebody with this e-mail address is known already.")),
    ("uq_organisation_code", "code", text("There is an organisation with this code already.")),
    ("organisation.code", "code", text("There is an organisation with this code already.")),
    ("uq_space_code", "code", text("There is a place with this code already.")),
    ("space.code_key", "code", text("There is a place with this code already.")),
)


def translate(error: DBAPIError, *, saving: bool = False) -> Exception:
    """Return the refusal that a database error stands for, or the error itself when it is none.

    Args:
        saving: it came while the transaction was being committed.
    """
    said = str(error.orig)
    state = getattr(error.orig, "sqlstate", None) or ""
    for name, code, words in REFUSALS:
        if name in said:
            return Conflict(words, code=code)
    if state in RETRYABLE:
        return Conflict(text("Two requests crossed. Nothing was changed."), retryable=True)
    if "no such savepoint" in said and (first := _error_before(error)):
        return translate(first)  # SQLite gave the transaction up, and its savepoints with it
    why = _unavailable(said, state, error, saving=saving)
    if why is None:
        return error
    log.warning("the database was not available: %s", said.partition("\n")[0])
    return Busy(why)


def _error_before(error: DBAPIError) -> DBAPIError | None:
    """Return the error during whose handling this one came."""
    before = error.__context__
    while before is not None and not isinstance(before, DBAPIError):
        before = before.__context__
    return before


def _unavailable(said: str, state: str, error: DBAPIError, *, saving: bool) -> Text | None:
    if "readonly database" in said or state == READ_ONLY:
        return text("The database can only be read at the moment. Nothing was changed.")
    if "disk is full" in said or state == "53100":
        return text("There is no room left to save. Nothing was changed.")
    if _lost(said, state, error) and saving:
        return text(
            "The connection to the database broke during saving, so it may have been done or not."
            " Look before you do it again."
        )
    if "locked" in said or state in PATIENCE:
        return text("The database is busy. Nothing was changed; try again in a moment.")
    if _lost(said, state, error):
        return text("The database cannot be reached. Nothing was changed; try again in a moment.")
    return None


def _lost(said: str, state: str, error: DBAPIError) -> bool:
    """Whether there is no connection any more, or never was one."""
    is_silent = isinstance(error, OperationalError) and hasattr(error.orig, "sqlstate")
    return (
        error.connection_invalidated
        or state.startswith(GONE)
        or (is_silent and not state)  # PostgreSQL itself did not say it
        or "unable to open database" in said
    )


def has_no_tables(error: DBAPIError) -> bool:
    """Whether an error says that the database was never migrated."""
    return "no such table" in str(error.orig) or getattr(error.orig, "sqlstate", "") == "42P01"


def is_answering(session: Session) -> bool:
    """Say whether the database answers within a second; used by /readyz."""
    if session.get_bind().dialect.name == "postgresql":
        begin_snapshot(session)
        session.execute(sql("SET LOCAL statement_timeout = '1s'"))
    return bool(session.scalar(sql("SELECT 1")))
