"""kill -9 of workers, server and PostgreSQL under load: nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.drills.cluster import Server
from tests.drills.conftest import counted
from tests.drills.counting import assert_all_is_there_once, people_with_rooms
from tests.drills.crowd import booking
from tests.drills.waiting import size
from tests.trouble.serving import Campus

CLIENTS = 4
WORKERS = 2
Kill = Callable[[Campus], None]

pytestmark = pytest.mark.drill


def test_on_sqlite(tmp_path: Path, serve: Callable[[str], Campus]) -> None:
    url = f"sqlite:///{tmp_path}/campus.sqlite3"

    drill(url, serve, kills=[kill_worker, kill_master])


def test_on_postgresql(postgresql: Server, serve: Callable[[str], Campus]) -> None:
    kills: list[Kill] = [kill_worker, kill_master, partial(kill_database, server=postgresql)]

    drill(postgresql.url, serve, kills=kills)


def drill(url: str, serve: Callable[[str], Campus], *, kills: list[Kill]) -> None:
    """Let people book while one thing after the other is killed and comes back; then count."""
    with counted(url) as app:
        people = people_with_rooms(CLIENTS)
        campus = serve(url)
        with booking(campus, people) as crowd:
            for kill in kills * size(1, 12):
                crowd.wait_for(size(20, 60))
                kill(campus)
            crowd.wait_for(20)

        assert crowd.unheard
        assert_all_is_there_once(crowd.confirmed, app)


def kill_worker(campus: Campus) -> None:
    """Kill one of those who answer; the master starts another."""
    os.kill(random.choice(campus.workers()), signal.SIGKILL)  # noqa: S311 - a drill, not a secret


def kill_master(campus: Campus) -> None:
    """Kill the server as a whole; whoever watches over it starts it again."""
    campus.kill()
    campus.start(workers=WORKERS)


def kill_database(_campus: Campus, *, server: Server) -> None:
    """Kill PostgreSQL, which recovers when it is started again; campus is not."""
    server.kill()
    server.start()
