"""Closures that were there before closures had codes."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
from sqlalchemy import text

from campus.app import create_app
from campus.db import db
from campus.db.codes import LENGTH
from tests.conftest import close, settings


def test_closures_of_before_get_codes_of_their_own(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path / 'before.sqlite3'}"))
    with app.app_context():
        flask_migrate.upgrade(revision="0002")
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # its space is of no interest
            for _ in range(2):
                connection.exec_driver_sql(
                    "INSERT INTO closure (space_id, starts_at, reason_nl, reason_en, created_at)"
                    " VALUES (1, '2026-11-01 08:00:00.000000', '', '', '2026-10-01')"
                )
        flask_migrate.upgrade()

        query = text("SELECT code, is_final, revision FROM closure")
        found = db.session.execute(query).all()
    close(app)

    assert len({code for code, _, _ in found}) == 2
    assert {(len(code), is_final, revision) for code, is_final, revision in found} == {
        (LENGTH, 0, 1)
    }
