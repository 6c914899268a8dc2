"""How migrations run: one at a time, with time-outs, on the database the application uses."""

import sys
from pathlib import Path

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from campus.db import db

sys.path.insert(0, str(Path(__file__).parent))  # migrations import ddl, in a wheel as well

LOCK = 7262637  # any number, always the same: one migration at a time on PostgreSQL


def run() -> None:
    """Bring the database to the revision asked for."""
    with current_app.app_context(), db.engine.connect() as connection:
        in_one_transaction(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = '5s'; SET statement_timeout = '15min'"))
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
        try:
            upgrade(connection)
        finally:
            if connection.dialect.name == "postgresql":
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
                connection.commit()


def in_one_transaction(connection: Connection) -> None:
    """Let all of a migration be done or none of it; pages read outside transactions."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="READ COMMITTED")


def upgrade(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
