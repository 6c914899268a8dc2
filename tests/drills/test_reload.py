"""Reloads under load, one after the other: every request is answered, and at the first try."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drills.cluster import Server
from tests.drills.conftest import counted
from tests.drills.counting import assert_all_is_there_once, people_with_rooms
from tests.drills.crowd import booking
from tests.drills.waiting import size, until
from tests.trouble.serving import Campus

CLIENTS = 4
WORKERS = 2

pytestmark = pytest.mark.drill


def test_no_request_fails_on_sqlite(tmp_path: Path, serve: Callable[[str], Campus]) -> None:
    drill(f"sqlite:///{tmp_path}/campus.sqlite3", serve)


def test_no_request_fails_on_postgresql(
    postgresql: Server, serve: Callable[[str], Campus]
) -> None:
    drill(postgresql.url, serve)


def drill(url: str, serve: Callable[[str], Campus]) -> None:
    """Let people book while the server reloads, and count."""
    with counted(url) as app:
        people = people_with_rooms(CLIENTS)
        campus = serve(url)
        with booking(campus, people) as crowd:
            for _ in range(size(1, 12)):
                crowd.wait_for(size(15, 100))
                reload(campus)
            crowd.wait_for(15)

        assert crowd.unheard == {}
        assert_all_is_there_once(crowd.confirmed, app)


def reload(campus: Campus) -> None:
    """Reload, and wait until all who answer are new."""
    before = set(campus.workers())
    campus.tell(signal.SIGHUP)
    until(lambda: len(campus.workers()) == WORKERS and not before & set(campus.workers()))
