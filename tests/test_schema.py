"""Migrations make what the models say, and what models cannot say, on both databases."""

from __future__ import annotations

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from campus.db import Base, db

pytestmark = pytest.mark.usefixtures("database")


def test_migrations_and_models_agree() -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            one
            for one in compare_metadata(context, Base.metadata)
            if not str(one).count("occupancy_no_overlap")
        ]

    assert differences == []


def test_running_the_migrations_again_changes_nothing() -> None:
    flask_migrate.upgrade()

    assert "occupancy" in inspect(db.engine).get_table_names()


@pytest.mark.parametrize("has_column", [False, True])
def test_a_campus_of_either_0003_gets_the_column_that_0004_adds(has_column: bool) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
        if not has_column:
            connection.execute(text("ALTER TABLE closure DROP COLUMN was_until_on"))

    flask_migrate.upgrade()

    assert "was_until_on" in {one["name"] for one in inspect(db.engine).get_columns("closure")}
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0004"


def test_every_check_of_the_models_is_in_the_database() -> None:
    found = {
        check["name"]
        for table in Base.metadata.tables
        for check in inspect(db.engine).get_check_constraints(table)
    }
    wanted = {
        str(check.name)
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if check.__class__.__name__ == "CheckConstraint" and check.name
    }

    assert wanted <= found
    assert "ck_occupancy_one_owner" in found


def test_the_database_guards_the_ledger_and_the_journal() -> None:
    if db.engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        wanted = {
            "occupancy_no_overlap_insert",
            "occupancy_no_overlap_update",
            "journal_append_only_update",
            "journal_append_only_delete",
        }
    else:
        query = (
            "SELECT conname FROM pg_constraint WHERE contype = 'x' "
            "UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        wanted = {"occupancy_no_overlap", "journal_append_only"}

    assert wanted <= set(db.session.scalars(text(query)))
