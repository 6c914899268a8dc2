"""A migration only adds: the release before goes on over its schema until the next one answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from campus.app import create_app
from campus.db import db
from tests.conftest import close, settings

Columns = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application over a database that has no tables yet."""
    name = f"campus_{uuid.uuid4().hex[:12]}"
    url = f"sqlite:///{tmp_path}/{name}.sqlite3"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_url")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
    app = create_app(settings(url))
    with app.app_context():
        yield app
    close(app)
    if request.param == "postgresql":
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_a_release_knew_is_there_after_the_next_migration(
    bare: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(bare.extensions["migrate"].directory)  # migrations import ddl
    before: Columns = {}
    for revision in revisions():
        flask_migrate.upgrade(revision=revision)
        after = columns()

        assert before.keys() <= after.keys(), revision
        for key, column in after.items():
            known = before.get(key)
            if known is not None:
                assert str(column["type"]) == str(known["type"]), (revision, key)
                assert column["nullable"] >= known["nullable"], (revision, key)
            elif key[0] in {table for table, _column in before}:
                assert column["nullable"] or column["default"] is not None, (revision, key)
        before = after


def revisions() -> list[str]:
    """Return every revision, the oldest first."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    return [script.revision for script in scripts.walk_revisions()][::-1]


def columns() -> Columns:
    """Return what the database says of each column, by table and name."""
    look = inspect(db.engine)
    return {
        (table, str(column["name"])): dict(column)
        for table in look.get_table_names()
        for column in look.get_columns(table)
    }
