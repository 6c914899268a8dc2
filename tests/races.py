"""Races: processes with threads that wait for each other, then all do their deed at once."""

from __future__ import annotations

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.synchronize import Barrier
from time import monotonic
from typing import Any

from flask import Flask
from sqlalchemy import text

from campus.app import create_app
from campus.db import db
from campus.errors import CampusError, Conflict
from tests.conftest import close, settings

Deed = Callable[[int], None]
PATIENCE = 120
THREADS = 8


def outcomes(url: str, deed: Deed, *, runners: int, rounds: int = 1) -> Counter[str]:
    """Let `runners` (8 threads in each process) do `deed(number)` at the same moment, some rounds.

    Numbers are 0, 1, 2 … in the first round, 1000, 1001 … in the next. Each ends as `done`, as
    the name of its refusal, or as `error: …` for what nobody foresaw.
    """
    fresh = multiprocessing.get_context("forkserver")
    fresh.set_forkserver_preload(["campus.app", "tests.conftest"])  # imported once for all
    barrier = fresh.Barrier(runners)
    said: Any = fresh.Queue()
    started = [
        fresh.Process(target=_run_process, args=(url, deed, first, rounds, barrier, said))
        for first in range(0, runners, THREADS)
    ]
    for process in started:
        process.start()
    found = Counter(said.get(timeout=PATIENCE) for _ in range(runners * rounds))
    for process in started:
        process.join(PATIENCE)
    db.session.rollback()  # the caller's session then sees what they left
    return found


def _run_process(
    url: str, deed: Deed, first: int, rounds: int, barrier: Barrier, said: Any
) -> None:
    app = create_app(settings(url))

    def run(number: int) -> None:
        for turn in range(rounds):
            barrier.wait(PATIENCE)
            said.put(_outcome(app, deed, number + turn * 1000))

    threads = [
        threading.Thread(target=run, args=(number,))
        for number in range(first, min(first + THREADS, barrier.parties))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close(app)


def _outcome(app: Flask, deed: Deed, number: int) -> str:
    try:
        with app.app_context():
            db.session.rollback()
            deed(number)
    except Conflict as refusal:
        return refusal.code
    except CampusError as refusal:
        return refusal.code
    except Exception as error:  # noqa: BLE001 - the test reports whatever it was
        return f"error: {type(error).__name__}: {error}"
    return "done"


def wait_until_awaited(other: Future[Any]) -> None:
    """Wait until `other` waits for the transaction of this session, or is done; on PostgreSQL."""
    mine = text(
        "SELECT count(*) FROM pg_locks"
        " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    ends = monotonic() + PATIENCE
    while not other.done() and not db.session.scalar(mine):
        assert monotonic() < ends, "nobody waits"
