"""How connections to SQLite and PostgreSQL are made, and what each is told first."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from campus.db import replication
from campus.db.dialects import HURRIED, HURRY_MS, LOWERED, PATIENCE_MS, WRITE, lower

USUAL_PORT = 5432
LIMITS = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
# A server that vanished without a word is given up after about ten seconds, not after hours.
ALIVE = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def engine_options(url: str) -> dict[str, Any]:
    """Return what the engine for `url` needs to be told: time-outs, and connections that live."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": PATIENCE_MS / 1000}}
    return {
        "hide_parameters": True,  # an error would print them into the logs, people and all
        "pool_pre_ping": True,
        "pool_size": 10,
        # Reads need no transaction; and psycopg forgets its prepared statements at every ROLLBACK.
        "isolation_level": "AUTOCOMMIT",
        "connect_args": {"options": LIMITS, "connect_timeout": 5, **ALIVE},
    }


def absolute(url: str) -> str:
    """Return `url` for SQLAlchemy.

    A relative SQLite path counts from the working folder. Several servers may be written as
    PostgreSQL itself has them: `postgresql://campus@db1:5432,db2:5432/campus`.
    """
    if url.startswith("postgresql"):
        return _several_hosts(url)
    if not url.startswith("sqlite:///") or url == "sqlite:///:memory:":
        return url
    return f"sqlite:///{Path(url.removeprefix('sqlite:///')).resolve()}"


def _several_hosts(url: str) -> str:
    who, at, where = urlsplit(url).netloc.rpartition("@")
    if "," not in where:
        return url
    servers = [urlsplit(f"//{server}") for server in where.split(",")]
    hosts = ",".join(server.hostname or "" for server in servers)
    ports = ",".join(str(server.port or USUAL_PORT) for server in servers)
    plain = make_url(url.replace(f"{who}{at}{where}", f"{who}{at}", 1))
    told = plain.update_query_dict({"host": hosts, "port": ports})
    return told.render_as_string(hide_password=False)


def prepare_engine(engine: Engine) -> None:
    """Give every connection the habits of its database."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_sqlite(engine: Engine) -> None:
    """Make SQLite durable, keep foreign keys, and take its write lock at BEGIN."""

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function(LOWERED, 1, lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(HURRIED):
            _begin_hurried(connection)
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITE) else "BEGIN")


def _begin_hurried(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout = {min(patience, HURRY_MS)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout = {patience}")


def _prepare_postgresql(engine: Engine) -> None:
    """Hear the server's warnings."""

    @event.listens_for(engine, "connect")
    def listen(connection: Any, _record: object) -> None:
        connection.add_notice_handler(replication.hear)
