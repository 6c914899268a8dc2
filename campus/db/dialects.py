"""Every difference between SQLite and PostgreSQL at run time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Float, Select, event, func, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from campus.errors import Busy, CampusError, Conflict, Text, text

SECONDS_OF_A_DAY = 86_400
WRITE = "campus_write"
POOL_RESET = "ROLLBACK"

RETRYABLE = {"40P01", "40001"}
PATIENCE = {"55P03", "57014"}
READ_ONLY = "25006"
GONE = ("08", "57P", "53")


def engine_options(url: str) -> dict[str, Any]:
    """Return what the engine for `url` needs to be told: time-outs, and connections that live."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 10}}
    limits = (
        "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
    )
    return {
        "hide_parameters": True,  # an error would print them into the logs, people and all
        "pool_pre_ping": True,
        "pool_size": 10,
        "connect_args": {"options": limits, "connect_timeout": 5},
    }


def absolute(url: str) -> str:
    """Return `url` for SQLAlchemy; a relative SQLite path counts from the working folder."""
    if not url.startswith("sqlite:///") or url == "sqlite:///:memory:":
        return url
    return f"sqlite:///{Path(url.removeprefix('sqlite:///')).resolve()}"


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable, keep foreign keys, and take its write lock at BEGIN."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "busy_timeout = 10000",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def folder_of(engine: Engine) -> Path | None:
    """Return the folder of an SQLite file; None for a database on a server."""
    if engine.dialect.name != "sqlite" or engine.url.database in {None, "", ":memory:"}:
        return None
    return Path(str(engine.url.database)).resolve().parent


def make_folder(engine: Engine) -> None:
    """Make the folder of an SQLite file, before the first start writes it."""
    if folder := folder_of(engine):
        folder.mkdir(parents=True, exist_ok=True)


def begin_write(session: Session) -> None:
    """Open the session's transaction as a writing one."""
    session.connection(execution_options={WRITE: True})


def lock_rows(session: Session, query: Select[Any]) -> None:
    """Lock the rows of `query`, in its order, until the transaction ends.

    On SQLite the whole file is locked already by `begin_write`.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(query.with_for_update(key_share=True)).all()


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


def skip_locked(session: Session, query: Select[Any]) -> Select[Any]:
    """Let several workers take different rows of `query`; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        return query.with_for_update(skip_locked=True)
    return query


REPEATED = text("This request has already been carried out.")
REFUSALS: Sequence[tuple[str, str, Text]] = (
    ("occupancy_no_overlap", "taken", text("This space has just been taken for that time.")),
    ("uq_booking_booked_by_id_idem", "repeat", REPEATED),
    ("booking.booked_by_id, booking.idem", "repeat", REPEATED),
    ("uq_person_email", "email", text("Somebody with this e-mail address is known already.")),
    ("person.email", "email", text("Somebody with this e-mail address is known already.")),
    ("uq_organisation_code", "code", text("There is an organisation with this code already.")),
    ("organisation.code", "code", text("There is an organisation with this code already.")),
    ("uq_space_code", "code", text("There is a space with this code already.")),
    ("space.code_key", "code", text("There is a space with this code already.")),
)


def translate(error: DBAPIError) -> Exception:
    """Return the refusal that a database error stands for, or the error itself when it is none."""
    said = str(error.orig)
    state = getattr(error.orig, "sqlstate", None) or ""
    for name, code, words in REFUSALS:
        if name in said:
            return Conflict(words, code=code)
    if state in RETRYABLE:
        return Conflict(text("Two requests crossed. Nothing was changed."), retryable=True)
    return _unavailable(said, state, error) or error


def _unavailable(said: str, state: str, error: DBAPIError) -> CampusError | None:
    if "readonly database" in said or state == READ_ONLY:
        return Busy(text("The database can only be read at the moment. Nothing was changed."))
    if "disk is full" in said or state == "53100":
        return Busy(text("There is no room left to save. Nothing was changed."))
    if "locked" in said or state in PATIENCE or state.startswith(GONE) or _lost(said, error):
        return Busy(text("The database is busy. Nothing was changed; try again in a moment."))
    return None


def _lost(said: str, error: DBAPIError) -> bool:
    gone = ("connection failed", "connection refused", "server closed", "unable to open database")
    return error.connection_invalidated or any(word in said.lower() for word in gone)


def is_answering(session: Session) -> bool:
    """Say whether the database answers within a second; used by /readyz."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sql("SET LOCAL statement_timeout = '1s'"))
    return bool(session.scalar(sql("SELECT 1")))
