"""A campus of a drill's own: a database that nobody else uses, and a server before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import close, migrated
from tests.drills.cluster import Server, servers
from tests.trouble.serving import Campus


@contextmanager
def counted(url: str) -> Iterator[Flask]:
    """An application over a fresh database, which counts at the end."""
    app = migrated(url)
    try:
        with app.app_context():
            yield app
    finally:
        close(app)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[str], Campus]]:
    """Serves the database at a URL; no server outlives its test."""
    served: list[Campus] = []

    def start(url: str, *, workers: int = 2) -> Campus:
        campus = Campus(url, tmp_path)
        served.append(campus)
        campus.start(workers=workers)
        return campus

    yield start
    for campus in served:
        campus.stop()


@pytest.fixture
def postgresql() -> Iterator[Server]:
    """A PostgreSQL that may be killed."""
    with servers(number=1) as (server,):
        server.make()
        yield server
